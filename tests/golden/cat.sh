#!/bin/bash
# Transcripts: what `telltale cat` makes of lines. tests/golden/cat/NAME.in is what a command
# writes, NAME.opts the options (none without), NAME.json the records. TELL_GOLDEN_UPDATE=1
# writes those anew: read the difference.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

stack golden <<-'END'
	filter required level min=debug
	redact required permit
	sink required stdout format=json
END

# Times of 2011 are the lines' own.
transcript() # INPUT OPTIONS
{
	# shellcheck disable=SC2086
	"$TELLTALE" cat -t golden $2 <"$1" |
		sed -E '/"timestamp":"2011-/!s/"timestamp":"[^"]*"/"timestamp":"T"/
			s/,"pid":[0-9]+,"seq":"[0-9a-f]{8}\./,"pid":P,"seq":"R./'
}

for input in "$top_srcdir"/tests/golden/cat/*.in; do
	base=${input%.in}
	name=${base##*/}
	opts=
	[ -f "$base.opts" ] && opts=$(cat "$base.opts")
	transcript "$input" "$opts" >"$tap_dir/$name"
	[ -n "${TELL_GOLDEN_UPDATE-}" ] && cp "$tap_dir/$name" "$base.json"
	ok "$name${opts:+ $opts}" diff -u "$base.json" "$tap_dir/$name"
done

# One line in, one record out, whatever it holds.
is "every line that says something is a record" \
	"$(transcript "$top_srcdir/tests/golden/cat/hostile.in" "--parse=none --join=no" | wc -l)" \
	"$(tr '\0' x <"$top_srcdir/tests/golden/cat/hostile.in" | grep -cvE '^(<[0-9]>)?[[:blank:]]*$')"
done_testing
