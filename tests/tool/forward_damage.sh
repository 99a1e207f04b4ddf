#!/bin/bash
# telltale forward from damaged journals: what can be read arrives, each entry once, and how many are
# lost is said, to the entry. libsystemd leaves out what it cannot read without a word.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
. "$top_srcdir/tests/support/journals.sh"
forward_http
need strace
n=1500
make_journal "$tap_dir/whole" $n 5 --files 3 --plain
sort "$tap_dir/whole/request_ids" >"$tap_dir/all"
receiver hook logstash_http.py
url="http://127.0.0.1:${receiver_port[hook]}"
printf 'redact required permit\n' >"$TELLTALE_CONFDIR/other"

hurt() # HOW FILE [NUMBER]: of a new copy
{
	rm -rf "$tap_dir/journal"
	cp -r "$tap_dir/whole" "$tap_dir/journal"
	further_hurt "$@"
}

further_hurt() # HOW FILE [NUMBER]: as well
{
	python3 "$top_srcdir/tests/support/hurt.py" "$1" "$tap_dir/journal/part00$2.journal" "${3-0}"
}

run() # [WORD...]: what arrived is in $tap_dir/came; adds to $lost
{
	"$TELLTALE" forward --state="$tap_dir/state" -D "$tap_dir/journal" --catch-up "$@" \
		webhook "$url" >"$tap_dir/said" 2>&1
	echo $? >"$tap_dir/status"
	ids hook '.event.request_id // "none"'
	((lost += $(sed -n 's/.*at most \([0-9]*\) lost.*/\1/p' "$tap_dir/said")))
}

ship()
{
	fresh hook
	lost=0
	run -S 2020-01-01
}

# Nothing comes twice, nothing that nobody wrote, and the rest is counted. Where a field alone is
# damaged its entry arrives without it: then it may be the id.
sums() # NAME
{
	sed '/^none$/d' "$tap_dir/came" >"$tap_dir/known"
	is "$1" "$(<"$tap_dir/status"):$(uniq -d "$tap_dir/known"):$(comm -23 "$tap_dir/known" "$tap_dir/all"):$(($(wc -l <"$tap_dir/came") + lost))" \
		"0:::$n"
}

hurt zero 0 0
cp "$tap_dir/whole/part000.journal" "$tap_dir/journal"
ship
sums "nothing is lost of a whole journal"
is "and nothing is said" "$lost:$(grep -c 'at most' "$tap_dir/said")" "0:0"

for file in 0 2; do
	for percent in 10 99; do
		hurt zero $file $percent
		ship
		sums "a page of nothing in file $file, $percent % behind its begin"
		like "it does cost some" "$lost" "^[1-9]"
	done
	hurt array $file
	ship
	sums "a page of nothing where the entries of file $file are listed"
	is "it costs them all" "$lost" 500
	hurt tail $file 40
	ship
	sums "nothing behind 40 % of file $file"
	hurt cut $file 70
	ship
	sums "a copy of file $file that was cut off"
	like "which is named" "$(<"$tap_dir/said")" "left out: 1; .*/part00$file.journal: it is cut off"
	hurt number $file 200
	ship
	sums "a number that nobody counts to, in file $file"
done
hurt zero 0 20
further_hurt zero 1 60
further_hurt cut 2 50
ship
sums "all three at once"
is "is said with its number" \
	"$(sed -n 's/.*cannot be read: at most //p' "$tap_dir/said" | tail -n 1)" "$lost"

# Bits that flip may hit the text of an entry, which then arrives with another, so ids are not compared;
# or its number: then one that arrived may be counted. None is lost without.
for seed in 1 2; do
	hurt flip 1 $seed
	ship
	came=$(receiver_ask hook dump | wc -l)
	like "flipped bits, seed $seed: what did not come is counted, and little else" "$((came + lost))" '^150[0-5]$'
done

# Where entries are passed over nobody knows what their numbers were.
hurt zero 1 50
"$TELLTALE" forward --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up -t shop \
	webhook "$url" >"$tap_dir/said" 2>&1
is "of a part of them nothing is said" "$?:$(grep -c 'at most' "$tap_dir/said")" "0:0"

# Behind a position only what is new is missing.
hurt zero 0 50
rm "$tap_dir/journal/part002.journal"
ship
cp "$tap_dir/whole/part002.journal" "$tap_dir/journal"
further_hurt zero 2 50
run
sums "two runs have the sum of one"

# What libsystemd passed over a moment ago is looked for again; what it passed over in old files is lost.
if [ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ]; then
	for start in "$(date +%s)" "$(date -d '-1 hour' +%s)"; do
		rm -rf "$tap_dir/journal"
		make_journal "$tap_dir/journal" 500 6 --plain --start "$start"
		fresh hook
		LD_PRELOAD=$top_builddir/tests/tool/.libs/skip_next.so "$TELLTALE" forward --state="$tap_dir/state" \
			-D "$tap_dir/journal" -S 2020-01-01 --catch-up webhook "$url" >"$tap_dir/said" 2>&1
		echo "$(receiver_ask hook dump | wc -l):$(sed -n 's/.*at most \([0-9]*\) lost.*/\1/p' "$tap_dir/said")"
	done >"$tap_dir/both"
	is "what was passed over just now is found again" "$(head -n 1 "$tap_dir/both")" "500:"
	is "of what is old it is counted" "$(tail -n 1 "$tap_dir/both")" "491:9"
fi

# It follows, and does not spin on what it cannot read: sleeps are counted, not time.
hurt array 2
fresh hook
strace -f -qq -o "$tap_dir/calls" -e trace=ppoll "$TELLTALE" forward -q --state="$tap_dir/state" \
	-D "$tap_dir/journal" -S 2020-01-01 webhook "$url" linger=100ms >"$tap_dir/said" 2>&1 &
tracer=$!
two_thirds()
{
	[ "$(receiver_ask hook dump | wc -l)" -ge 1000 ]
}
until two_thirds; do sleep 0.1; done
sleep 2
pkill -P $tracer
wait $tracer
is "it follows a damaged journal as well" "$(grep -c 'at most 500$' "$tap_dir/said")" 1
ok "and sleeps meanwhile" [ "$(grep -c ppoll "$tap_dir/calls")" -lt 40 ]
done_testing
