#!/bin/bash
# telltale forward webhook: all that is in a journal is with who takes JSON by POST; Logstash's input
# http is who.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
make_journal "$tap_dir/journal" 600 7
sort "$tap_dir/journal/request_ids" >"$tap_dir/all"
id='.event.request_id'

receiver hook logstash_http.py
url="http://127.0.0.1:${receiver_port[hook]}"
forward webhook "$url"
is "it ends well" "$?" 0
ids hook "$id"
all_came "all came, once"
is "an array, to the url" "$(receiver_ask hook requests | jq -c '[.path, .headers["content-type"]]' | sort -u)" \
	'["/","application/json"]'
is "nothing that Logstash stumbles over" "$(receiver_ask hook dump | jq -c 'select(.odd or .event.tags)')" ""
fresh hook
forward webhook "url=$url/in/logs?x=1" layout=ecs entries=100 compress=none
ids hook .event.labels.request_id
all_came "as ECS"
is "... in requests of so many, to a path" "$(receiver_ask hook requests | jq -c '[.path, .stored]' | sort -u)" '["/in/logs?x=1",100]'
receiver_ask hook 'limits?ndjson=1' >/dev/null
fresh hook
forward webhook "$url" format=ndjson 'header=User-Agent: shop/1'
ids hook "$id"
all_came "as lines"
is "... of their type, with a header of ours" "$(receiver_ask hook requests | jq -c '[.headers["content-type"], .headers["user-agent"]]' | sort -u)" \
	'["application/x-ndjson","shop/1"]'

for fault in 429 503 lost; do
	fresh hook
	receiver_ask hook "fault?do=$fault" >/dev/null
	forward webhook "$url"
	ids hook "$id"
	case $fault in
	lost) all_came_at_least_once "an answer that is lost: none is missing" ;;
	*) all_came "$fault: sent again, each once" ;;
	esac
done
receiver_ask hook 'limits?body=20000' >/dev/null
fresh hook
forward webhook "$url" compress=none
ids hook "$id"
is "too large for it: in halves, each once but those that alone are" \
	"$(($(wc -l <"$tap_dir/came") + $(cat "$tap_dir"/state/*.refused.jsonl 2>/dev/null | wc -l)))" 600
is "... none twice" "$(uniq -d "$tap_dir/came")" ""
receiver_ask hook 'limits?body=0' >/dev/null

forward webhook "$url" 'header=X'
is "what is no header" "$?:$(grep -c 'it is no header' "$tap_dir/said")" 78:1
forward webhook "$url" 'header=authorization: Basic x'
is "no password in a line" "$?:$(grep -c 'token_file=' "$tap_dir/said")" 78:1
forward webhook "url=ann:hunter2@127.0.0.1"
is "nor in what is said of one" "$?:$(grep -c 'is no url' "$tap_dir/said"):$(grep -c hunter2 "$tap_dir/said")" 78:1:0

fresh hook
head -c 20000 /dev/zero | tr '\0' t >"$tap_dir/token"
rm -f "$tap_dir/said"
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 webhook "$url" token_file="$tap_dir/token" \
	2>"$tap_dir/said" &
wait_for "$tap_dir/said" 1
kill $!
wait $!
like "a secret that is too long is not sent cut" "$(<"$tap_dir/said")" 'its secret cannot be read: File too large \(/.*/token\)'

# ---- what is wrong is said with its place, and with what helps ----
says() { { "$TELLTALE" forward --state="$tap_dir/state" --catch-up "$@" >/dev/null; } 2>&1; }
secret=hunter$$
said=$(says webhook "http://ann:$secret@localhost")
like "a password in the url is refused" "$said" 'the url has a password in it.*; write user= and password_file='
is "... and is not shown" "$(grep -c "$secret" <<<"$said")" 0
like "a journal that is not there is no matter of rights" "$(says -D "$tap_dir/none" webhook "$url")" \
	'/none cannot be read: No such file or directory; name another$'
like "a stack without a sink line" "$(TELLTALE_CONFDIR=$tap_dir/none says)" 'write one into the stack telltale-forward, or'
stack telltale-forward <<-END
	source required journal unti=x.service
	sink required webhook url=http://ann:$secret@localhost
	sink required otlp url=localhost:4318 user=ann
END
said=$("$TELLTALE" check telltale-forward 2>&1)
like "check finds them as well" "$said" \
	':2:[0-9]+: error: the url has a password .*:3:[0-9]+: error: .*is no url.*:1:[0-9]+: error: "unti" is neither '
is "... and does not show it" "$(grep -c "$secret" <<<"$said")" 0
like "an authority without TLS is refused" "$(says webhook "$url" ca=/x.pem)" 'an url with http:// has no TLS; write https://'
rm -rf "$tap_dir/state" "$tap_dir/said"
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 webhook "https${url#http}" \
	2>"$tap_dir/said" &
wait_for "$tap_dir/said" 1
kill $!
wait $!
like "where there is no TLS it says so" "$(<"$tap_dir/said")" 'no TLS with it: .*; again in'
mkdir "$tap_dir/empty"
like "a directory without a journal" "$(says -D "$tap_dir/empty" webhook "$url")" 'the journal has no files yet'
like "no log" "$(says --file="$tap_dir/empty/*.log" webhook "$url")" 'no log matches path= yet'
touch "$tap_dir/file"
like "a state directory that cannot be" "$(says --state="$tap_dir/file/state" -D "$tap_dir/journal" webhook "$url")" \
	"there is no place for what was sent already, $tap_dir/file/state: Not a directory; give"
like "a dry run has sent nothing" "$(says -n -D "$tap_dir/journal" -S 2020-01-01 webhook "$url")" \
	'forward: [0-9]+ would be sent, 0 filtered'
done_testing
