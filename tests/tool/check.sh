#!/bin/bash
# telltale check: errors with line, column and fix; a record explained; the doctor.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

stack good <<-'END'
	filter requisite level min=warning
	redact requisite keys
	sink sufficient journald
	sink required stdout format=json
END
check()
{
	"$TELLTALE" check "$@"
}
word=abc

like "a good stack" "$(check good; echo "status $?")" 'good: .*/good.*status 0$'
stack wrong <<-'END'
	sink requird stdout
	redact required kesy
	sink required file pth=/x
END
said=$(check wrong)
is "a wrong one" "$?" 78
like "names file, line and column" "$said" "$conf/wrong:1:6: error: "
like "shows the line with a mark" "$said" $'    sink requird stdout\n         \\^'
like "and the fix" "$said" 'required'
like "all of its errors" "$said" 'wrong:2:.*wrong:3:'
is "the sinks stay closed" "$(
	printf 'sink required file path=%s/made.jsonl\n' "$tap_dir" | stack closed
	check closed --explain >/dev/null
	[ -e "$tap_dir/made.jsonl" ] || echo none)" none
stack unopened <<-'END'
	sink required file path=rel.log
	sink required syslog proto=tcp
	sink required file path=/proc/none/x.jsonl
END
said=$(check unopened)
is "what no sink could open is an error before the start" "$?" 78
like "a relative path" "$said" 'unopened:1:20: error: "rel.log" is not an absolute path'
like "a server without a name" "$said" 'unopened:2:22: error: a server on the network needs host='
sed -i '1d;2d' "$conf/unopened"
said=$(check unopened)
is "what only this host lacks is none" "$?" 0
like "but a warning" "$said" \
	'unopened:1:20: warning: on this host, there is no directory /proc/none; make it'
like "a file by its path" "$(cd "$conf" && check ./good)" 'nothing wrong|warning'
fails "a file that is not there" 66 "$TELLTALE" check "$conf/none"
like "a service without a stack" "$(check nobody)" 'nobody: has no file of its own: built-in default'
stack quoted <<-'END'
	sink required stdout format=text template="{time} {message}"
END
like "quotes do not group, brackets do" "$(check quoted)" \
	'brackets around a whole argument keep its blanks: \[template=\.\.\.\]'
is "and then it is right" "$(sed 's/template="\(.*\)"/[template=\1]/' "$conf/quoted" >"$conf/grouped"
	check grouped | tail -n 1)" "grouped: $conf/grouped, nothing wrong"
stack chain <<-'END'
	sink sufficient journald
	sink sufficient syslog
	sink sufficient stderr
END
like "a chain is for hosts that lack its first link" "$(check chain)" 'nothing wrong'
stack placed <<-END
	sink sufficient journald socket=$tap_dir/none
	sink sufficient stderr
END
like "but a place that was written is looked at" "$(check placed)" \
	"placed:1:26: warning: on this host, there is no $tap_dir/none"
rm "$conf/quoted"
chmod 666 "$conf/good"
fails "a stack that others may write" 78 "$TELLTALE" check good
like "is told how to mend it" "$(check good)" 'chmod go-w'
chmod 644 "$conf/good"

said=$(check good --explain -p error -F pass"word=$word" 'cart full')
like "--explain shows each line's verdict" "$said" 'good:1 +requisite +level +success'
like "the record behind redaction" "$said" 'as sinks get it.*"password":"\[REDACTED\]"'
like "where it would go" "$said" 'It would go to: journald\.'
like "and what a redact line took, never the value" "$said" 'hides password'
printf '%s\n' 'redact required keys' 'redact required detect' 'sink required stdout' >"$TELLTALE_CONFDIR/hiding"
said=$(check hiding --explain -F a=b "login pass""word=$word card 4$(printf '1%.0s' {1..15})")
like "with the kinds of what was found in a text" "$said" 'hides message \(pair, card\)'
like "of lines that take nothing it says nothing" "$(grep -c hides <<<"$said")" '^1$'
said=$(check good --explain -p info x)
like "a record that is dropped" "$said" 'good:1 +requisite +level +denied.*Dropped: a filter'

# ---- the doctor, on a host of our own making ----
host=$tap_dir/host
mkdir -p "$host/etc/systemd/journald.conf.d" "$host/etc/systemd/system/shop.service.d"
said=$(check --root="$host")
like "no journald is a warning" "$said" 'warn .*no journald here'
printf '[Journal]\nStorage=none\n' >"$host/etc/systemd/journald.conf.d/50.conf"
said=$(check --root="$host")
is "a journald that keeps nothing is an error" "$?" 78
like "and is told" "$said" '50.conf: Storage=none'
like "one is counted as one" "$(tail -n1 <<<"$said")" '^1 error, [0-9]+ warning'
printf '[Journal]\n#Storage=none\nMaxLevelStore=warning\nRateLimitBurst=7\n' \
	>"$host/etc/systemd/journald.conf.d/50.conf"
printf '[Service]\nLogLevelMax=notice\n' >"$host/etc/systemd/system/shop.service.d/log.conf"
said=$(check --root="$host")
like "what journald drops" "$said" 'warn .*MaxLevelStore=warning'
like "its rate" "$said" 'RateLimitBurst=7'
like "what a unit drops" "$said" 'warn .*log.conf: LogLevelMax=notice'
mkdir -p "$host/var/log/journal/0123456789abcdef0123456789abcdef"
like "an empty directory holds no journal" "$(check --root="$host")" 'there are no journals in'
touch "$host/var/log/journal/0123456789abcdef0123456789abcdef/system.journal"
like "one with a journal does" "$(check --root="$host")" "ok +$host/var/log/journal holds journals"
printf 'sink required file path=%s/none/x\n' "$tap_dir" | stack common-lost
echo '@include common-lost' | stack includes
said=$(check)
is "a wrong stack is an error of the host" "$?" 78
like "of a warning it says whose include it is" "$said" \
	"warn +$conf/includes: $conf/common-lost:1:20: warning: on this host"
like "and named" "$said" "error .*$conf/wrong:1:6"
like "what the shell overrides" "$(TELLTALE_LEVEL=debug check)" 'TELLTALE_LEVEL=debug'

fails "an unknown option" 64 "$TELLTALE" check --explian
fails "--explain of nothing" 64 "$TELLTALE" check --explain
fails "a service no stack can have" 64 "$TELLTALE" check 'a b'
fails "a message without --explain" 64 "$TELLTALE" check good hello
done_testing
