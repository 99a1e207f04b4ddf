#!/bin/bash
# Expositions: that the checker of ours finds what it is for, and that it and promtool find nothing in ours.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
checker=$top_srcdir/tests/support/exposition.awk

faults() # TEXT
{
	printf '%s\n' "$1" | awk -f "$checker"
}

good='# HELP a_total A.
# TYPE a_total counter
a_total{x="1",y="}\"{"} 1
a_total{x="2"} 1 # {trace_id="ab"} 1 1.5
# TYPE h histogram
h_bucket{x="1",le="1.0"} 2
h_bucket{x="1",le="+Inf"} 3
h_sum{x="1"} 7
h_count{x="1"} 3
h_bucket{le="1.0"} 0
h_bucket{le="+Inf"} 0
h_sum 0
h_count 0
# TYPE h_other gauge
h_other NaN
# EOF'
is "what is right passes" "$(faults "$good")" ""
ok "with status 0" awk -f "$checker" <<<"$good"

finds() # NAME SCRIPT-OF-SED PATTERN
{
	local bad
	bad=$(sed "$2" <<<"$good")
	[ "$bad" != "$good" ] || flunk "$1" "the text is the same"
	like "$1" "$(faults "$bad")" "$3"
	fails "$1, with status 1" 1 awk -f "$checker" <<<"$bad"
}

finds "a series twice" 's/x="2"/y="}\\"{",x="1"/' 'line 4: series a_total.* twice'
finds "a label twice" 's/x="2"/x="2",x="2"/' 'line 4: label x twice'
finds "a family twice" 's/h_other/h/;s/h_other/h/' 'family h twice'
finds "a family in two pieces" '$i a_total{x="3"} 1' 'family a_total in two pieces'
finds "a sample without a type" '/TYPE a_total/d' 'a_total, which has no type'
finds "no +Inf" '/x="1",le="+Inf"/d' 'histogram h\{x="1",\} without \+Inf'
finds "buckets that fall" '/x="1",le="1.0"/s/2$/4/' 'buckets of h\{x="1",\} fall'
finds "buckets out of order" 's/x="1",le="1.0"/x="1",le="2e999"/' 'out of order'
finds "another count" '/h_count{/s/3$/4/' 'count of h\{x="1",\} is 4, not 3'
finds "no count" '/h_count /d' 'histogram h\{\} without _count'
finds "no sum" '/h_sum /d' 'histogram h\{\} without _sum'
finds "a bucket without le" 's/{le="1.0"}//' 'bucket of h without le'
finds "no number" 's/NaN/nan/' 'no number: nan'
finds "no labels" 's/x="2"/x=2/' 'no labels'
finds "text behind the end" '$a h_other 1' 'text behind'

# Ours, of two processes of the example, under both names.
mkdir -m 700 "$tap_dir/run"
export RUNTIME_DIRECTORY=$tap_dir/run
printf '%s\n' "service required settings control=yes" \
	"sink required stdout format=json" | stack count
pids=()
for i in 1 2; do
	mkfifo "$tap_dir/in$i"
	"$top_builddir/examples/count" <"$tap_dir/in$i" >/dev/null &
	pids+=($!)
	exec {orders}>"$tap_dir/in$i"
	printf '%s\n' 'GET 200' 'PUT 404' 'GET "\' >&"$orders"
done
for ((i = 0; i < 200; i++)); do
	said=$("$TELLTALE" status -o prometheus count 2>/dev/null)
	[ "$(grep -c '^line_bytes_count.* 3$' <<<"$said")" -lt 2 ] || break
	sleep 0.05
done
open=$("$TELLTALE" status -o openmetrics count)
is "our Prometheus text is right" "$(faults "$said")" ""
is "our OpenMetrics text is right" "$(faults "$open")" ""
is "both have the histogram of both" "$(grep -c '^line_bytes_bucket' <<<"$said$open")" 16
like "which is one" "$open" $'# TYPE line_bytes histogram\n# UNIT line_bytes bytes'
promtool=${PROMTOOL:-$(command -v promtool)}
if [ -n "$promtool" ]; then
	is "promtool finds nothing" "$("$promtool" check metrics <<<"$said" 2>&1)" ""
else
	skip "promtool is missing" "promtool finds nothing"
fi
kill "${pids[@]}"
wait
done_testing
