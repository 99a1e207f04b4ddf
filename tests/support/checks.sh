# What `telltale status` says of one check of the service shop, now or soon.
#
#	becomes db '^unhealthy .*refused'    # a test: within 20 s
#	said=$(one db)                       # "status reason"
# shellcheck shell=bash
one() # CHECK: "status reason"
{
	"$TELLTALE" status -o json shop | jq -r --arg c "$1" \
		'.health.checks[$c] | "\(.status) \(.details.reason // "")"'
}
becomes() # CHECK REGEX
{
	local try
	for ((try = 0; try < 400; try++)); do
		said=$(one "$1")
		[[ $said =~ $2 ]] && break
		sleep 0.05
	done
	like "$1: $2" "$said" "$2"
}
