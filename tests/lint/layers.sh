#!/bin/bash
# Includes go one way (STYLE.md): every #include "folder/file.h" under src/ must name a
# folder of a lower layer, or its own. Folders of one layer never include one another.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1

cat >"$tap_dir/layers.awk" <<'AWK'
BEGIN {
	n = split("base meter record spool CODE TYPES stack api OUT", order, " ")
	for (i = 1; i <= n; i++)
		rank[order[i]] = i
	m = split("service enrich filter queue redact sink metric health alert source", t, " ")
	for (i = 1; i <= m; i++)
		rank[t[i]] = rank["TYPES"]
	m = split("encode decode", t, " ")
	for (i = 1; i <= m; i++)
		rank[t[i]] = rank["CODE"]
	m = split("observe preload tool", t, " ")
	for (i = 1; i <= m; i++)
		rank[t[i]] = rank["OUT"]
	rank["forward"] = rank["api"]
}
function complain(why) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, $0, why
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split(FILENAME, path, "/")
	own = path[2]
	split($0, quoted, "\"")
	slash = index(quoted[2], "/")
	used = slash ? substr(quoted[2], 1, slash - 1) : ""
	if (own ~ /\.[ch]$/)
		next # src/builtin.c stands above all
	if (!(own in rank))
		complain("folder " own " has no layer: name it in tests/lint/layers.sh")
	else if (!(used in rank))
		complain("an include names the folder: \"folder/file.h\"")
	else if (used != own && rank[used] >= rank[own])
		complain(own " must not include " used)
}
/^[ \t]*#[ \t]*include[ \t]*<telltale/ {
	split(FILENAME, path, "/")
	if (path[2] == "base" || (path[2] == "meter" && $0 !~ /<telltale\/metric\.h>/))
		complain(path[2] " knows nothing of records")
}
AWK

check_layers() # files...
{
	awk -f "$tap_dir/layers.awk" "$@"
}

mapfile -t sources < <(find src -name '*.[ch]' | sort)
is "includes go one way" "$(check_layers "${sources[@]}")" ""

# The check can see what it is for.
mkdir -p "$tap_dir/src/filter" "$tap_dir/src/base"
cd "$tap_dir" || exit 1
echo '#include "sink/file.h"' >src/filter/bad.c
like "sees a stack type that includes another" "$(check_layers src/filter/bad.c)" 'must not'
echo '#include "record/record.h"' >src/base/bad.c
like "sees an include upwards" "$(check_layers src/base/bad.c)" 'must not'
echo '#include "bad.h"' >src/base/bad.c
like "sees an include without its folder" "$(check_layers src/base/bad.c)" 'names the folder'
done_testing
