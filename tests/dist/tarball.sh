#!/bin/bash
# The tarball has all files of the source, and `make distcheck` says that it builds from a tree which
# cannot be written to, installs whole (tests/dist/installed.sh) and uninstalls to nothing.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need xz tar
# Those that look at the source only: the others have the same tree before them as here.
lints="tests/lint/layers.sh tests/lint/headers.sh tests/lint/style.sh tests/lint/faults.sh
	tests/lint/events.sh tests/lint/families.sh tests/lint/collectors.sh tests/lint/requirements.sh"

# The variables of the make that runs this test are not for the one it starts.
fresh_make()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top_builddir" "$@"
}

cd "$top_builddir" || exit 1
fresh_make -j2 distcheck AM_DISTCHECK_CONFIGURE_FLAGS="-q --disable-static CFLAGS=-O0" \
	TESTS="$lints" check_PROGRAMS= check_LTLIBRARIES= >"$tap_dir/said" 2>&1
status=$?
is "make distcheck" "$status" 0
[ "$status" -eq 0 ] || grep -E '^(not ok|FAIL|ERROR)|\*\*\*|rror:' -A3 "$tap_dir/said" | head -n 60 | sed 's/^/# /'
like "which looked at what was installed" "$(<"$tap_dir/said")" 'every header'
tarball=$(ls telltale-*.tar.xz)
if command -v git >/dev/null && git -C "$top_srcdir" ls-files >"$tap_dir/ours" 2>/dev/null &&
	[ -s "$tap_dir/ours" ]; then
	tar -tf "$tarball" | sed 's,^[^/]*/,,' | sort >"$tap_dir/packed"
	is "every file of the repository is in it" \
		"$(sort "$tap_dir/ours" | comm -23 - "$tap_dir/packed" | grep -vx .gitignore)" ""
else
	skip "no git repository here" "every file of the repository is in it"
fi
rm -f "$tarball"
done_testing
