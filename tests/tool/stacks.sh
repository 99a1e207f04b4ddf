#!/bin/bash
# Every stack we ship passes `telltale check`, warnings too, and does what its words say.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${TELLTALE:=$top_builddir/telltale}"
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"

stacks=$top_srcdir/pam-style-config
mkdir "$tap_dir/stacks"
cp "$stacks"/other "$stacks"/common-* "$stacks"/examples/* "$tap_dir/stacks"
"$TELLTALE" forward --help 2>/dev/null | grep -q -- --catch-up || rm "$tap_dir/stacks/telltale-forward"
# No name is asked for: a resolver may take its time.
sed -i -E 's/host=[a-z.]+\.example\.net/host=127.0.0.1/' "$tap_dir"/stacks/*
chmod go-w "$tap_dir/stacks" "$tap_dir"/stacks/*
export TELLTALE_CONFDIR=$tap_dir/stacks

for stack in "$tap_dir"/stacks/*; do
	name=${stack##*/}
	said=$("$TELLTALE" check "$name" 2>&1)
	is "$name passes" "$?" 0
	# What this host lacks (journald, a directory below /var/log) is not the stack's fault.
	is "$name without a warning" "$(grep warning <<<"$said" | grep -v 'warning: on this host,')" ""
done

# An example is copied, and what it includes is not there: check says what to copy, and that helps.
mkdir -p "$tap_dir/own" "$tap_dir/shipped/examples"
chmod 755 "$tap_dir/own" "$tap_dir/shipped" "$tap_dir/shipped/examples"
cp "$tap_dir"/stacks/common-redact "$tap_dir/shipped"
cp "$tap_dir"/stacks/container "$tap_dir/shipped/examples"
said=$(TELLTALE_CONFDIR=$tap_dir/own "$TELLTALE" check "$tap_dir/shipped/examples/container")
is "what an example includes must be there" "$?" 78
like "and check says what to copy" "$said" "cannot find 'common-redact'; copy it: cp "
eval "$(sed -n 's/.*copy it: //p' <<<"$said")"
like "which is all that is missing" \
	"$(TELLTALE_CONFDIR=$tap_dir/own "$TELLTALE" check "$tap_dir/shipped/examples/container")" 'nothing wrong'
echo '@include common-nothing' >"$tap_dir/own/nothing"
like "what is nowhere is told where to look" \
	"$(TELLTALE_CONFDIR=$tap_dir/own "$TELLTALE" check nothing)" \
	"cannot find 'common-nothing'; names are looked up in .TELLTALE_CONFDIR, $tap_dir/own, and"

echo '@include common-redac' >"$tap_dir/own/nothing"
like "a name that is nearly one" "$(TELLTALE_CONFDIR=$tap_dir/own "$TELLTALE" check nothing)" \
	"cannot find 'common-redac'; did you mean 'common-redact'"
rm "$tap_dir/own/nothing"

# `other` is installed: it must not take the terminal's text away, nor name daemons that are
# not there.
cp "$tap_dir/stacks/other" "$tap_dir/own"
like "other leaves the sinks to what is built in" \
	"$(TELLTALE_CONFDIR=$tap_dir/own "$TELLTALE" check nobody --explain)" \
	'other:[0-9]+ +required +level.*sink[^=]*built-in default:[0-9]+ +sufficient'

is "eight examples are shipped" "$(find "$stacks/examples" -type f | wc -l)" 8

sed -i "s|/tmp/development.jsonl|$tap_dir/development.jsonl|" "$tap_dir/stacks/development"
"$TELLTALE" log -t development -p debug -F request_id=r1 -F password=hidden-value hello \
	2>"$tap_dir/stderr"
like "the development stack writes text" "$(cat "$tap_dir/stderr")" 'hello.*request_id=r1'
like "and a file to query" "$(cat "$tap_dir/development.jsonl")" '"request_id":"r1"'
ok "without the secret" test -z "$(grep -l hidden-value "$tap_dir/stderr" "$tap_dir/development.jsonl")"

printf '%s\n' 'enrich optional set team=payments' 'sink required stdout format=text message=all' \
	'sink required stderr format=text' >"$tap_dir/stacks/all"
"$TELLTALE" log -t all -F n=3 hello >"$tap_dir/stdout" 2>"$tap_dir/stderr"
like "message=all shows more than the call's own fields" "$(cat "$tap_dir/stdout")" ': hello n=3 team=payments$'
like "text alone does not" "$(cat "$tap_dir/stderr")" ': hello n=3$'

said=$("$TELLTALE" log -t container -p info -F n=3 hello)
like "the container stack prints JSON" "$said" '"message":"hello","n":3.*"deployment_environment_name":"production"'

sed -n '/^    # \/etc\/telltale.d\/checkout/,/logs.example.net/s/^    //p' "$stacks/README.md" >"$tap_dir/stacks/readme"
chmod 644 "$tap_dir/stacks/readme"
ok "the README's stack has its lines" grep -q logs.example.net "$tap_dir/stacks/readme"
sed -i s/logs.example.net/127.0.0.1/ "$tap_dir/stacks/readme"
ok "the README's stack passes" "$TELLTALE" check readme

printf 'sink required stdout format=json\nredact required nosuch\n' >"$tap_dir/stacks/wrong"
said=$("$TELLTALE" log -t wrong hidden 2>&1)
like "a redact line that cannot load says why in the log" "$said" "no module 'nosuch' of type redact"
like "and masks all else" "$said" '"message":"\[REDACTED:error\]"'
done_testing
