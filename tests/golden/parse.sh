#!/bin/bash
# Transcripts: what `enrich parse` makes of texts as other programs write them into a journal.
# tests/golden/parse/texts.in has them, a line each, with @SECRET@ where one stands; texts.FORMAT
# the records. TELL_GOLDEN_UPDATE=1 writes those anew: read the difference.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
dir=$top_srcdir/tests/golden/parse
secret=Zq7"canary"X9w2 # no literal that a scanner of sources would find

transcript() # FORMAT
{
	stack golden <<-END
		enrich required parse format=$1
		redact requisite keys
		redact requisite detect
		sink required stdout format=json
	END
	sed "s/@SECRET@/$secret/g" "$dir/texts.in" | "$TELLTALE" cat -t golden --parse=none |
		sed -E 's/"timestamp":"[^"]*"/"timestamp":"T"/; s/,"pid":[0-9]+,"seq":"[0-9a-f]{8}\./,"pid":P,"seq":"R./'
}

for format in auto json logfmt; do
	transcript $format >"$tap_dir/$format"
	[ -n "${TELL_GOLDEN_UPDATE-}" ] && cp "$tap_dir/$format" "$dir/texts.$format"
	ok "format=$format" diff -u "$dir/texts.$format" "$tap_dir/$format"
	is "format=$format: a line is a record" "$(wc -l <"$tap_dir/$format")" \
		"$(wc -l <"$dir/texts.in")"
	is "format=$format: no secret is left" "$(grep -c "$secret" "$tap_dir/$format")" 0
done
done_testing
