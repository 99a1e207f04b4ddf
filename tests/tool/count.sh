#!/bin/bash
# The example that counts: what a user's program with metrics shows.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
mkdir -m 700 "$tap_dir/run"
export RUNTIME_DIRECTORY=$tap_dir/run
printf '%s\n' "service required settings control=yes" \
	"sink required stdout format=json" \
	"metric optional limit name=requests_total series=1" | stack count
mkfifo "$tap_dir/in"
"$top_builddir/examples/count" "$tap_dir/metrics" <"$tap_dir/in" >"$tap_dir/out" &
pid=$!
exec {orders}>"$tap_dir/in"
for ((i = 0; i < 200; i++)); do
	said=$("$TELLTALE" status -o prometheus count 2>/dev/null)
	[[ $said != *longest_line_bytes* ]] || break
	sleep 0.05
done
like "what it declares is there before it is used" "$said" \
	"longest_line_bytes\\{service=\"count\",pid=\"$pid\"\\} 0"
is "a ratio of nothing is not shown" "$(grep -c "got_ratio{" <<<"$said")" 0
printf 'GET 200\nPUT 404\nodd\nGET 200\n' >&"$orders"
for ((i = 0; i < 200; i++)); do
	said=$("$TELLTALE" status -o prometheus count 2>/dev/null)
	[[ $said != *'method="GET",status="200"} 2'* ]] || break
	sleep 0.05
done
like "its counters" "$said" "requests_total\\{service=\"count\",pid=\"$pid\",method=\"GET\",status=\"200\"\\} 2"
like "over the stack's limit of series all are other" "$said" \
	"requests_total\\{service=\"count\",pid=\"$pid\",method=\"other\",status=\"other\"\\} 1"
like "and are counted" "$said" \
	"telltale_series_refused_total\\{service=\"count\",pid=\"$pid\",metric=\"requests\"\\} 1"
like "its gauge" "$said" "longest_line_bytes\\{service=\"count\",pid=\"$pid\"\\} 8"
like "its ratio, asked for now" "$said" "got_ratio\\{service=\"count\",pid=\"$pid\"\\} 0.5"
like "what it counts by name" "$said" \
	"odd_lines_total\\{service=\"count\",pid=\"$pid\",from=\"stdin\"\\} 1"
like "its histogram" "$said" "line_bytes_bucket\\{service=\"count\",pid=\"$pid\",le=\"8.0\"\\} 4.*
line_bytes_bucket\\{service=\"count\",pid=\"$pid\",le=\"\\+Inf\"\\} 4.*
line_bytes_sum\\{service=\"count\",pid=\"$pid\"\\} 28.0.*
line_bytes_count\\{service=\"count\",pid=\"$pid\"\\} 4"
exec {orders}>&-
wait "$pid"
like "and what it says at its end" "$(tail -n1 "$tap_dir/out")" '"message":"done","got":2'
like "what it writes itself" "$(cat "$tap_dir/metrics")" \
	'requests_total\{method="GET",status="200"\} 2'
if command -v promtool >/dev/null; then
	ok "promtool has nothing to say" promtool check metrics <"$tap_dir/metrics"
else
	skip "no promtool" "promtool has nothing to say"
fi
for words in series=0 series=10001 "series=5 name=a=b" name=a; do
	printf '%s\n' "sink required stderr" "metric optional limit $words" | stack bad
	fails "no limit: $words" 78 "$TELLTALE" check bad
done
for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	ok "$cc compiles it without a warning, without our flags" $cc -std=c11 -Wall -Wextra \
		-Wpedantic -Werror -I"$top_srcdir/include" -c -o "$tap_dir/count.o" \
		"$top_srcdir/examples/count.c"
done
done_testing
