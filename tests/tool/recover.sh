#!/bin/bash
# telltale recover: rings of dead processes through their own stacks, as their owner.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
left="$top_builddir/tests/crash/left"
rings="$tap_dir/rings" log="$tap_dir/log/shop"
chmod 755 "$tap_dir"
mkdir -m 700 "$rings"
mkdir "$tap_dir/conf" "$tap_dir/log"
export TELLTALE_CONFDIR="$tap_dir/conf"

stack() # SINK-LINE
{
	printf 'redact required keys\nredact required detect\nqueue required ring\n%s\n' "$1" \
		>"$tap_dir/conf/shop"
}

count()
{
	grep -c '"service":"shop"' "$log" 2>/dev/null || true
}

stack "sink required file path=$log"
name=$("$left" "$rings" shop 30)
said=$("$TELLTALE" recover --dir "$rings" -v)
is "exits 0" $? 0
like "tells the file" "$said" "^$name: 30 records recovered"
like "and the sum" "$said" '30 records of 1 files recovered; 0 stay, 0 files set aside$'
is "all of it is in the log" "$(count)" 30
is "with its number" "$(grep -c '"seq":"0000002a.1.30"' "$log")" 1
is "with its place" "$(grep -c 'till.c' "$log")" 30
is "nothing is left" "$(ls "$rings")" ""
is "twice changes nothing" "$("$TELLTALE" recover --dir "$rings")$(count)" 30

"$left" "$rings" shop 5 >/dev/null
ok "another service's are left alone" "$TELLTALE" recover --dir "$rings" --service shop-2
is "they are" "$(count)" 30
ok "the service's own are not" "$TELLTALE" recover --dir "$rings" --service shop
is "they came" "$(count)" 35

pin=hunt
"$left" "$rings" shop 1 "login password=${pin}er2" >/dev/null
ok "what was not read yet" "$TELLTALE" recover --dir "$rings"
is "is redacted" "$(grep -c "${pin}er2" "$log")" 0
is "and comes" "$(count)" 36

stack "sink required deny"
"$left" "$rings" shop 7 >/dev/null
fails "a sink that takes nothing" 75 "$TELLTALE" recover --dir "$rings"
is "leaves the file" "$(ls "$rings" | wc -l)" 1
stack "sink required file path=$log"
ok "for the next time" "$TELLTALE" recover --dir "$rings"
is "which has them all" "$(count)" 43

printf 'no ring at all' >"$rings/shop-4194305-00000001.ring"
chmod 600 "$rings/shop-4194305-00000001.ring"
fails "what makes no sense" 65 "$TELLTALE" recover --dir "$rings"
is "is set aside" "$(ls "$rings")" "shop-4194305-00000001.ring.bad"
ok "and met no more" "$TELLTALE" recover --dir "$rings"

fails "no such directory" 66 "$TELLTALE" recover --dir "$tap_dir/none"
fails "one that others may read" 77 "$TELLTALE" recover --dir "$tap_dir/log"
fails "an operand" 64 "$TELLTALE" recover shop
fails "no name" 64 "$TELLTALE" recover --service ../shop

# A command that is killed: who reads its lines looks after its queue as well.
memory=$(mktemp -d /dev/shm/telltale-test.XXXXXX 2>/dev/null)
if [ -n "$memory" ] && [ "$(stat -f -c %T "$memory")" = tmpfs ]; then
	killed()
	{
		rm -f "$log"
		RUNTIME_DIRECTORY=$memory "$TELLTALE" cat "$@" -t lines -- "$left" killed shop 5000 \
			2>/dev/null
		echo $?
		for ((try = 0; try < 200; try++)); do
			[ "$(numbers)" -eq 5000 ] && break
			sleep 0.05
		done
	}
	# One that came twice counts once.
	numbers()
	{
		sed -n 's/.*"i":\([0-9]*\).*/\1/p' "$log" 2>/dev/null | sort -u | wc -l
	}
	stack "sink required file path=$log"
	sed -i 's/^queue.*/queue required ring size=4MiB full=sync/' "$tap_dir/conf/shop"
	for how in "" --supervise; do
		# shellcheck disable=SC2086
		is "cat $how ends as the command" "$(killed $how)" 137
		is "cat $how: the killed command's queue is delivered" "$(numbers)" 5000
		like "by who read its lines" "$(grep -c '"tell_recovered":true' "$log")" '^[1-9]'
		is "nothing is left" "$(find "$memory/telltale" -name '*.ring*')" ""
	done
else
	skip "no tmpfs at /dev/shm" "a killed command's queue is delivered"
fi
[ -z "$memory" ] || rm -rf "$memory"

if [ "$(id -u)" -eq 0 ]; then
	chmod 777 "$tap_dir/log"
	rm -f "$log"
	"$left" "$rings" shop 4 >/dev/null
	chown -R 65534:65534 "$rings"
	ok "root recovers what another user's process left" "$TELLTALE" recover --dir "$rings"
	is "all of it" "$(count)" 4
	is "as that user" "$(stat -c %u "$log")" 65534
else
	skip "needs root" "root recovers what another user's process left"
fi
done_testing
