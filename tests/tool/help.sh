#!/bin/bash
# One table per verb: --help, the manual page and the completions say the same.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

verbs="query status ctl check recover compress log cat redact"
help=$("$TELLTALE" --help)
for verb in $verbs; do
	like "$verb is in --help" "$help" "  $verb +[a-z]"
	ok "$verb --help" "$TELLTALE" "$verb" --help
	is "help $verb is the same" "$("$TELLTALE" help "$verb")" "$("$TELLTALE" "$verb" --help)"
	is "no line of it is over 90 columns" "$("$TELLTALE" "$verb" --help | awk 'length > 90')" ""
	like "$verb --version" "$("$TELLTALE" "$verb" --version)" '^telltale [0-9]'

	page=$top_srcdir/doc/man/telltale-$verb.1.scd
	missing=
	while read -r option; do
		grep -qF -- "*$option*" "$page" || missing+=" $option"
	done < <("$TELLTALE" "$verb" --help | grep -oE '^ +(-[a-zA-Z], +)?--[a-z0-9-]+' |
		grep -oE -- '--[a-z0-9-]+')
	is "the page of $verb has all options" "$missing" ""
	extra=
	while read -r option; do
		"$TELLTALE" "$verb" --help | grep -qE -- "$option([^a-z0-9-]|$)" || extra+=" $option"
	done < <(grep -oE '^\*.*--[a-z0-9-]+' "$page" | grep -oE -- '--[a-z0-9-]+')
	is "and no other" "$extra" ""
done

fails "no verb" 64 "$TELLTALE"
fails "an unknown verb" 64 "$TELLTALE" qurey
is "is told the nearest" "$("$TELLTALE" qurey 2>&1)" "telltale: unknown verb qurey; did you mean query?"
fails "an unknown option" 64 "$TELLTALE" --nonsense
is "control bytes are shown, not sent" "$("$TELLTALE" $'\e[31m' 2>&1 | grep -c $'\e')" 0
if [ -w /dev/full ]; then
	is "output that cannot be written is an error" "$("$TELLTALE" --help 2>/dev/null >/dev/full; echo $?)" 74
fi
done_testing
