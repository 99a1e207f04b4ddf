#!/bin/bash
# Reading a journal, and shipping it to a receiver that takes all at once: CPU seconds a million
# records, beside journalctl. Sourced by bench/run.sh, whose functions it
# uses. BENCH_FORWARD_N=300000 is how many records the journal has.
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
forward_n=${BENCH_FORWARD_N:-300000}
forward_telltale=$PWD/telltale
[ -x .libs/telltale ] && forward_telltale=$PWD/.libs/telltale
forward_dir=$(mktemp -d) # on a disk: a journal of 300 MB
trap 'rm -rf "$dir" "$installed" "$forward_dir"; kill "${forward_sink-0}" 2>/dev/null' EXIT

measured() # COLUMN COMMAND...: the best of the rounds; of columns 1,2 those of the cheapest
{
	local column=$1 i
	shift
	for ((i = 0; i < rounds; i++)); do
		rm -rf "$forward_dir/state" "$forward_dir/upload"
		mkdir -m 700 "$forward_dir/state"
		python3 "$top_srcdir/bench/measured.py" "$forward_n" "$@"
	done | cut -d' ' -f"$column" | if [ "$column" = 2 ]; then sort -n | tail -n 1; else best; fi
}

forward_journal() # journal files in $forward_dir
{
	local skipped
	for remote in /usr/lib/systemd/systemd-journal-remote /lib/systemd/systemd-journal-remote; do
		[ ! -x "$remote" ] || break
	done
	[ -x "$remote" ] && [ -x "$forward_telltale" ] && command -v python3 journalctl >/dev/null || return 1
	mkdir "$forward_dir/journal" &&
		python3 "$top_srcdir/tests/support/make_journal.py" "$forward_dir/journal" "$forward_n" 7 --plain || return 1
	for skipped in "$forward_dir/journal"/*.export; do
		"$remote" --output="${skipped%.export}.journal" "$skipped" >/dev/null 2>&1 || return 1
		rm -f "$skipped"
	done
	python3 "$top_srcdir/bench/sink.py" "$forward_dir/port" &
	forward_sink=$!
	for _ in $(seq 100); do
		[ -s "$forward_dir/port" ] && return 0
		sleep 0.05
	done
	return 1
}

if forward_journal; then
	export TELLTALE_MODULEDIR=$PWD/.libs
	port=$(<"$forward_dir/port")
	query=("$forward_telltale" query -D "$forward_dir/journal" -o json)
	ours=$(measured 1,2 "${query[@]}")
	theirs=$(measured 1,2 journalctl -q -D "$forward_dir/journal" -o json)
	row "reading a journal as JSON (query), beside journalctl: CPU s a million" "${ours% *}" "${theirs% *}" 0.1 s
	row "the same: thousand records a second (aim: 350)" "${ours#* }" "${theirs#* }" none k
	row "reading a journal as JSON: CPU s a million" "${ours% *}" "" 2.6 s
	ship=("$forward_telltale" forward -q --state="$forward_dir/state" -D "$forward_dir/journal" -S -1d --catch-up
		loki "http://127.0.0.1:$port")
	ours=$(measured 1 "${ship[@]}")
	row "forward loki to a sink that discards, redacted, gzip: CPU s a million" "$ours" "" 5 s
	row "the same: thousand records a second (aim: 100)" "$(measured 2 "${ship[@]}")" "" none k
	printf 'redact required permit\n' >"$TELLTALE_CONFDIR/other"
	row "the same, not redacted: CPU s a million" "$(measured 1 "${ship[@]}")" "" none s
	rm -f "$TELLTALE_CONFDIR/other"
	row "anonymous memory at its peak: MB" "$(measured 3 "${ship[@]}")" "" 64 MB
	upload=${remote%-remote}-upload
	if [ -x "$upload" ]; then
		theirs=$(measured 1,2 "$upload" -u "http://127.0.0.1:$port" -D "$forward_dir/journal" --follow=no \
			--save-state="$forward_dir/upload")
		ours=$(measured 1,2 "${ship[@]:0:${#ship[@]}-2}" journal-remote "http://127.0.0.1:$port")
		row "forward journal-remote, beside systemd-journal-upload: CPU s a million" "${ours% *}" "${theirs% *}" 1.2 s
		row "the same: thousand records a second" "${ours#* }" "${theirs#* }" none k
	fi
	if [ "$(id -u)" = 0 ] && command -v rsyslogd >/dev/null; then
		printf '%s\n' "source required journal directory=$forward_dir/journal since=1d" \
			"sink required file path=$forward_dir/out" >"$TELLTALE_CONFDIR/telltale-forward"
		both=("bash" "$top_srcdir/bench/imjournal.sh" "$forward_dir/journal" "$(tail -n 1 "$forward_dir/journal/request_ids")")
		theirs=$(rounds=1 measured 1,2 "${both[@]}")
		ours=$(measured 1,2 "$forward_telltale" forward -q --state="$forward_dir/state" --catch-up)
		row "forward to a file, redacted, beside rsyslog's imjournal: CPU s a million" "${ours% *}" "${theirs% *}" 0.5 s
		row "the same: thousand records a second" "${ours#* }" "${theirs#* }" none k
		rm -f "$TELLTALE_CONFDIR/telltale-forward" "$forward_dir/out"
	fi
	kill "$forward_sink"
	unset forward_sink TELLTALE_MODULEDIR
else
	echo "no figures of forward: systemd-journal-remote, journalctl or python3 is missing"
fi
