#!/bin/bash
# telltale forward journal-remote: the journal that a real systemd-journal-remote makes has the entries,
# redacted, with who said them, when, and what journald knew of them.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
make_journal "$tap_dir/journal" 1200 7
sort "$tap_dir/journal/request_ids" >"$tap_dir/all"
receiver_remote far "$tap_dir/far"
url="http://127.0.0.1:${receiver_port[far]}"
there() # journalctl's options
{
	journalctl -q --no-pager -o json --all --file="$tap_dir/far/remote.journal" "$@"
}
here()
{
	journalctl -q --no-pager -o json --all -D "$tap_dir/journal" "$@"
}
# Of each entry, in their order; a field that comes twice, or is no text, is its JSON.
facts='[.REQUEST_ID, .__REALTIME_TIMESTAMP, ._HOSTNAME, ._BOOT_ID, ._SYSTEMD_UNIT, ._TRANSPORT, .PRIORITY,
	.SYSLOG_IDENTIFIER // ._COMM, .CODE_FILE, .CODE_LINE // "0", .TELL_SEQ, .NOTE] | tojson'

forward journal-remote "$url" entries=500
is "it ends well" "$?" 0
there | jq -r .REQUEST_ID | sort >"$tap_dir/came"
all_came "all came, once"
is "the same, in the same order" "$(diff <(there | jq -r "$facts") <(here | jq -r "$facts") | head -n 6)" ""
is "a message is the record's text" "$(diff <(there | jq -r '[.REQUEST_ID, .MESSAGE // ""] | tojson') \
	<(here | jq -r '[.REQUEST_ID, .TELL_TEXT // .MESSAGE // ""] | tojson') | head -n 6)" ""
unit=$(here | jq -r '._SYSTEMD_UNIT // empty' | head -n 1)
is "journalctl -u finds it" "$(there "_SYSTEMD_UNIT=$unit" | wc -l)" "$(here "_SYSTEMD_UNIT=$unit" | wc -l)"
forward journal-remote "$url" entries=500
is "the next run has nothing to send" "$(there | wc -l)" 1200

# What is secret does not leave; what only calls itself the journal's does not become it.
mkdir "$tap_dir/small"
token="$(printf 'ghp_%s' "$(printf 'a1B2%.0s' {1..9})")"
printf '%s\n' __REALTIME_TIMESTAMP=1795000000000000 __MONOTONIC_TIMESTAMP=5 _BOOT_ID=6513270e269e0d37f2a74de452e6b439 \
	_HOSTNAME=h SYSLOG_IDENTIFIER=shop "MESSAGE=token is $token" TRANSPORT=mine REQUEST_ID=small '' |
	"$journal_remote" --output="$tap_dir/small/small.journal" - >/dev/null 2>&1
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/small" -S 2020-01-01 --catch-up journal-remote "$url" name=small \
	>"$tap_dir/said" 2>&1
small=$(there REQUEST_ID=small)
is "a secret is gone" "$(grep -c "$token" <<<"$small"):$(jq -r .MESSAGE <<<"$small" | grep -c REDACTED)" 0:1
is "a program's TRANSPORT stays its own" "$(jq -c '[.TRANSPORT, ._TRANSPORT]' <<<"$small")" '["mine",null]'

"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 journal-remote "$url/nowhere" name=lost \
	>"$tap_dir/said" 2>&1 &
lost=$!
receiver_wait far eval 'grep -q "again in" "$tap_dir/said"'
kill $lost
wait $lost
like "a path that is not there is said" "$(<"$tap_dir/said")" '404'
done_testing
