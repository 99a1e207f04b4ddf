#!/bin/bash
# telltale redact: text and JSON lines without their secrets, and nothing else changed.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
need jq
x=hunter pem='PRIVATE KEY'
secret="${x}2pass9"

out() # INPUT [OPTION...]
{
	local in=$1
	shift
	printf '%s' "$in" | "$TELLTALE" redact "$@"
}
same() { is "$1" "$(out "$2")" "$2"; }

# ---- text ---------------------------------------------------------------------------------
is "a pair in text" "$(out "login user=ann password=$secret from 10.0.0.1")" \
	"login user=ann password=[REDACTED:pair] from 10.0.0.1"
same "clean text stays" "order 17 took 4593 ms on web-14, key=user:9274:profile"
is "line ends stay, and none is added" "$(out $'a\r\n\n b\nc' | od -c)" "$(printf 'a\r\n\n b\nc' | od -c)"
is "a NUL and broken UTF-8 stay" "$(printf 'a\0b\xff token=%s\n' "$secret" | "$TELLTALE" redact | od -c)" \
	"$(printf 'a\0b\xff token=[REDACTED:pair]\n' | od -c)"
is "an empty input gives nothing" "$(out "" | wc -c)" 0

body=$(printf 'MIIEow%058d\n' 1 2 3)
is "a key over many lines goes as one" "$(out "start
-----BEGIN RSA $pem-----
Proc-Type: 4,ENCRYPTED

$body
abcd
-----END RSA $pem-----
order 17 accepted")" $'start\n[REDACTED:pem]\norder 17 accepted'
is "one without an end goes up to where text begins" "$(out "-----BEGIN RSA $pem-----
$body
order 17 accepted")" $'[REDACTED:pem]\norder 17 accepted'
is "one with a time and a host in front of each line" "$(out "Nov 26 web a[1]: -----BEGIN EC $pem-----
Nov 26 web a[1]: ${body//$'\n'/$'\n'Nov 26 web a[1]: }
Nov 26 web a[1]: -----END EC $pem-----
Nov 26 web a[1]: order 17 accepted")" $'Nov 26 web a[1]: [REDACTED:pem]\nNov 26 web a[1]: order 17 accepted'
is "one as JSON lines" "$(out "{\"log\":\"-----BEGIN $pem-----\\n\"}
{\"log\":\"${body%%$'\n'*}\\n\",\"n\":1}
{\"log\":\"-----END $pem-----\\n\"}
{\"log\":\"abcd\"}")" '{"log":"[REDACTED:pem]"}
{"log":"[REDACTED:pem]","n":1}
{"log":"[REDACTED:pem]"}
{"log":"abcd"}'
is "no more than the key, though it never ends" "$(out "{\"log\":\"-----BEGIN $pem-----\\n\",\"level\":\"info\"}
{\"log\":\"${body%%$'\n'*}\\n\",\"level\":\"info\"}
{\"log\":\"order 17\",\"level\":\"info\"}
{\"log\":\"paid\",\"level\":\"info\"}")" '{"log":"[REDACTED:pem]","level":"info"}
{"log":"[REDACTED:pem]","level":"info"}
{"log":"order 17","level":"info"}
{"log":"paid","level":"info"}'
is "a value on the next, indented line" "$(out "db:
  password:
    $secret
  port: 5432")" $'db:\n  password:\n    [REDACTED:pair]\n  port: 5432'

# ---- JSON ---------------------------------------------------------------------------------
same "JSON stays byte for byte" \
	'  {"b" : 1.500, "a":[ 1e3,-0, true ,null],"t":"\u00e9\/\ud83d\ude00 caf'$'\xc3\xa9''", "b":2 }  '
same "so does what is none" '{"password_changed_at": 17, }'
is "values under a secret's name go, whatever they are" \
	"$(out '{"password":"'$secret'","pin":1234,"api_key":true,"token":null, "n":1.50}')" \
	'{"password":"[REDACTED]","pin":"[REDACTED]","api_key":"[REDACTED]","token":null, "n":1.50}'
is "and all that is below it, its shape kept" \
	"$(out '{"credentials":{"user":"ann","n":[1,{"x":"y"}]},"n":1}')" \
	'{"credentials":{"user":"[REDACTED]","n":["[REDACTED]",{"x":"[REDACTED]"}]},"n":1}'
is "the humps of a name are words" "$(out '{"dbPassword":"'$secret'","maxTokens":4096,"tokenCount":3}')" \
	'{"dbPassword":"[REDACTED]","maxTokens":4096,"tokenCount":3}'
is "deep inside" "$(out '{"a":[[{"b":{"accessToken":"'$secret'"}}]]}')" \
	'{"a":[[{"b":{"accessToken":"[REDACTED]"}}]]}'
is "in a string, whose spelling stays" "$(out '{"m":"\u00e9\/ token='$secret' \u00e9\/\n"}')" \
	'{"m":"\u00e9\/ token=[REDACTED:pair] \u00e9\/\n"}'
is "escapes hide nothing" "$(out '{"m":"\u0070assword\u003d'$secret'"}')" \
	'{"m":"\u0070assword\u003d[REDACTED:pair]"}'
is "JSON in a string of JSON" "$(out '{"m":"{\"password\":\"'$secret'\",\"n\":1}"}')" \
	'{"m":"{\"password\":\"[REDACTED:pair]\",\"n\":1}"}'
card=4111
is "a card that is a number" "$(out "{\"n\": ${card}111111111111, \"m\":17}")" \
	'{"n": "[REDACTED:card]", "m":17}'
is "a key that holds one" "$(out '{"login?password='$secret'":1,"b":2}')" \
	'{"login?password=[REDACTED:pair]":1,"b":2}'
same "a mask is no name of a secret" '{"[REDACTED:jwt]":1}'
is "a name and its value side by side" \
	"$(out '[{"name":"DB_PASSWORD","value":"'$secret'"},{"name":"HOME","value":"/root"}]')" \
	'[{"name":"DB_PASSWORD","value":"[REDACTED]"},{"name":"HOME","value":"/root"}]'
is "a command line in an array" "$(out '{"argv":["mysql","--password","'$secret'","-u","root"]}')" \
	'{"argv":["mysql","--password","[REDACTED:pair]","-u","root"]}'
is "a header in an array" "$(out '["Authorization","Custom '$secret'"]')" \
	'["Authorization","[REDACTED:pair]"]'
same "not a list of names" '{"required":["password","email"]}'
bytes() { printf '%s' "$1" | od -An -v -tu1 | tr -s ' \n' ',' | sed 's/^,/[/; s/,*$/]/'; }
is "a text in bytes, as journalctl writes what has colours" \
	"$(out "{\"MESSAGE\":$(bytes $'\e[1mtoken='"$secret"$' ok\e[0m')}")" \
	"{\"MESSAGE\":$(bytes $'\e[1mtoken=[REDACTED:pair] ok\e[0m')}"
same "numbers are numbers" '{"n":[1,2,3,4,5,6,7,8,9],"m":[1, 2.0,300,4,5,6,7,8]}'
is "what comes out is JSON still" "$(out '{"m":"password=\"a\\\"b'$secret'\" and \u2028"}' |
	jq -r .m | cut -c1-25)" 'password="[REDACTED:pair]'

# ---- long lines ---------------------------------------------------------------------------
long() # FILLER SECRET-TEXT: a secret each 997 bytes in a line of 1.5 MB
{
	awk -v filler="$1" -v secret="$2" 'BEGIN { while (length(f) < 997) f = f filler
		f = substr(f, 1, 997); for (i = 0; i < 1500; i++) printf "%s %s ", f, secret; print "" }'
}
"$TELLTALE" redact <<<"$(long 'some words here, ' "password=$secret")" >"$tap_dir/long"
is "no secret of a long line survives" "$(grep -c "$secret" "$tap_dir/long")" 0
is "each is masked, once" "$(grep -o 'password=\[REDACTED:pair\] ' "$tap_dir/long" | wc -l)" 1500
is "the rest is as it was" "$(sed 's/\[REDACTED:pair\]/S/g' "$tap_dir/long" | cksum)" \
	"$(long 'some words here, ' password=S | cksum)"
"$TELLTALE" redact <<<"$(long 'QUJDREVGR0hJSktM' "$x http://ann:$secret@db/")" >"$tap_dir/long"
is "nor where there are few blanks" "$(grep -c "$secret" "$tap_dir/long")" 0
awk -v key="$pem" 'BEGIN { printf "{\"m\":\""; for (i = 0; i < 9000; i++) printf "word %d ", i
	printf "-----BEGIN %s-----\\n", key
	for (i = 0; i < 30000; i++) printf "MIIEabcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl\\n"
	printf "-----END %s-----\\n tail\"}\nnext line\n", key }' >"$tap_dir/in"
"$TELLTALE" redact "$tap_dir/in" >"$tap_dir/long"
is "a secret longer than all windows does not come out" "$(grep -c abcdefghijkl "$tap_dir/long")" 0
is "and the next line does" "$(tail -n 1 "$tap_dir/long")" "next line"
for at in 262100 262130 262144 131060 131072 524280 1048560; do
	awk -v n=$at -v s="token=$secret" 'BEGIN { for (i = 0; i < n / 8; i++) printf "abc def "; print s; print "x" }' |
		"$TELLTALE" redact >"$tap_dir/cut"
	is "a secret at byte $at" "$(tail -c 24 "$tap_dir/cut")" $'token=[REDACTED:pair]\nx'
done
little() # with 48 MB of address space, where nothing else needs more
{
	(
		[[ ${TELL_SANITIZE-} == *-fsanitize* ]] || ulimit -v 49152
		"$@"
	)
}
is "memory does not grow with the input" \
	"$(yes 'order 17 accepted and paid for' | head -c 60M | little "$TELLTALE" redact | wc -c)" $((60 << 20))
is "nor with a line" "$(yes 'order 17 accepted' | head -c 60M | tr '\n' ' ' | little "$TELLTALE" redact | wc -c)" $((60 << 20))

# ---- options ------------------------------------------------------------------------------
printf 'token=%s\n{"pin":1}\n' "$secret" >"$tap_dir/a"
printf 'ok\n' >"$tap_dir/b"
is "files, one after the other" "$("$TELLTALE" redact "$tap_dir/b" "$tap_dir/a" - <"$tap_dir/b")" \
	$'ok\ntoken=[REDACTED:pair]\n{"pin":"[REDACTED]"}\nok'
is "--count says how many, and no more" "$("$TELLTALE" redact --count "$tap_dir/a")" \
	$'name             1\npair             1\ntotal            2'
is "an option of the stack's lines" "$(out '{"licence":"abc"}' -O add=licence)" '{"licence":"[REDACTED]"}'
is "the default is what can be said, too" "$(out "token=$secret" --profile=default --style=kind)" \
	"token=[REDACTED:pair]"
printf 'redact required keys add=licence\nredact required detect\nsink required file path=%s/log\n' \
	"$tap_dir" >"$conf/shop"
is "a service's own lines" "$(out '{"licence":"abc","password":"x"}' --service shop)" \
	'{"licence":"[REDACTED]","password":"[REDACTED]"}'
ok "its sinks are left alone" test ! -e "$tap_dir/log"
printf 'redact required deny\nsink required stdout\n' >"$conf/shut"
is "fails closed" "$(out "token=$secret"$'\n{"a":"b"}\n' --service shut)" \
	$'[REDACTED:error]\n{"a":"[REDACTED:error]"}'
printf 'redact required detekt\n' >"$conf/wrong"

fails "no such service's stack" 78 "$TELLTALE" redact --service wrong "$tap_dir/a"
fails "no service's name" 64 "$TELLTALE" redact --service ../shop "$tap_dir/a"
fails "--service and an option" 64 "$TELLTALE" redact --service shop -O add=x "$tap_dir/a"
fails "an option no line has" 64 "$TELLTALE" redact -O addd=x "$tap_dir/a"
fails "a value the line refuses" 64 "$TELLTALE" redact -O add=, "$tap_dir/a"
fails "no such file" 66 "$TELLTALE" redact "$tap_dir/none"
fails "a directory" 74 "$TELLTALE" redact "$tap_dir"
is "the other files are read" "$("$TELLTALE" redact "$tap_dir/none" "$tap_dir/b" 2>/dev/null)" ok
[ ! -w /dev/full ] ||
	is "output that cannot be written is an error" "$("$TELLTALE" redact "$tap_dir/a" 2>/dev/null >/dev/full; echo $?)" 74
is "a reader that has seen enough is none" "$(yes | "$TELLTALE" redact 2>&1 | head -n 1)" y

# ---- while somebody watches -----------------------------------------------------------------
mkfifo "$tap_dir/pipe"
"$TELLTALE" redact <"$tap_dir/pipe" >"$tap_dir/seen" &
exec 3>"$tap_dir/pipe"
printf 'token=%s\nand so' "$secret" >&3
wait_for "$tap_dir/seen" 1
is "a line goes out when no other follows" "$(cat "$tap_dir/seen")" "token=[REDACTED:pair]"
exec 3>&-
wait $!
is "the rest when it comes" "$(cat "$tap_dir/seen")" $'token=[REDACTED:pair]\nand so'
if command -v script >/dev/null; then
	seq -f 'order %.0f accepted' 400000 >"$tap_dir/big"
	bar=$(script -qec "'$TELLTALE' redact '$tap_dir/big' >'$tap_dir/clean'" /dev/null </dev/null)
	like "a bar on a terminal" "$bar" '%'
	is "and the output is whole" "$(cksum <"$tap_dir/clean")" "$(cksum <"$tap_dir/big")"
else
	skip "no script(1)" "a bar on a terminal"
fi
# Bytes that are no UTF-8 are U+FFFD in what is replaced.
token=xox; token+=b-py0k9aKZupdbYthJn6ofrCD
printf '{"a?pass:1\xa4\xad\xdc,\xba\xbb\xbe\xbcs\xab\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff0ED=jww\xd7\xd7\xd7ord\xac%s\x8a\x8a\x8a\x8aS6zfbrZlR":2}\n' "$token" >"$tap_dir/raw"
"$TELLTALE" redact <"$tap_dir/raw" >"$tap_dir/once"
"$TELLTALE" redact <"$tap_dir/once" >"$tap_dir/twice"
is "bytes that are no UTF-8: a second look hides nothing more" "$(<"$tap_dir/once")" "$(<"$tap_dir/twice")"
done_testing
