#!/bin/bash
# The README's programs compile, its commands run, and print what it says they print: only
# times, process ids and run ids may differ. What a block is for stands before it:
#
#	<!-- file: NAME -->       is written to NAME
#	<!-- run -->              commands behind "$ ", each with its output
#	<!-- run: terminal -->    the same on a terminal
#	<!-- run: prepare -->     the same, before all others
#	<!-- statement: HEADER --> compiles within a function that has that header
#	<!-- not run: WHY -->
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${TELLTALE:=$top_builddir/telltale}" "${CC:=gcc}"
need pkg-config awk
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
[[ ${TELL_SANITIZE-} != *-fsanitize* ]] ||
	skip_all "plain programs cannot link a library with sanitizers"

# ---- a place where the README's words work: telltale installed, nobody else's stacks -------
work=$tap_dir/work
mkdir "$work" "$tap_dir/bin" "$tap_dir/blocks"
umask 022
ln -s "$TELLTALE" "$tap_dir/bin/telltale"
cat >"$tap_dir/telltale.pc" <<-END
	Name: telltale
	Description: of the build tree
	Version: 0
	Libs: -L$top_builddir/.libs -ltelltale
	Cflags: -I$top_srcdir/include
END
export PATH=$tap_dir/bin:$PATH PKG_CONFIG_PATH=$tap_dir
export LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} TZ=UTC NO_COLOR=1
unset TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_DEBUG TELLTALE_CONFDIR

# ---- the blocks: NN.what holds the comment's words, NN.text the lines ----------------------
awk -v dir="$tap_dir/blocks" '
	/^<!-- .* -->$/ { what = $0; gsub(/^<!-- | -->$/, "", what); next }
	/^```/ && inside { inside = 0; what = ""; next }
	/^```/ { inside = 1; base = sprintf("%s/%02d", dir, ++n)
		print what >(base ".what"); printf "" >(base ".text"); next }
	inside { print >(base ".text") }' "$top_srcdir/README.md"

# What differs by nature, and where the test puts files.
normal()
{
	sed -E -e "s|$work|/tmp|g" -e 's/\r$//' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?/TIME/g' \
		-e 's/^[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8}( vm)?/TIME/' \
		-e 's/\[[0-9]+\]/[PID]/g' -e 's/"pid":[0-9]+/"pid":N/g' -e 's/ pid=[0-9]+/ pid=N/g' \
		-e 's/"seq":"[0-9a-f]{8}/"seq":"RUN/g' -e 's/ seq=[0-9a-f]{8}/ seq=RUN/g'
}

# One command of a block, in the work directory; what it exports stays.
step() # TERMINAL COMMAND WANT
{
	local command=${2//\/tmp\//$work/}
	if [ "$1" = terminal ]; then
		TERM=dumb script -qec "$command" /dev/null </dev/null >"$tap_dir/said" 2>&1
	else
		eval "$command" >"$tap_dir/said" 2>&1
	fi
	is "\$ $2" "$(normal <"$tap_dir/said")" "$(normal <<<"$3")"
}

run_block() # TERMINAL FILE
{
	local line command='' want=''
	while IFS= read -r line; do
		if [[ $line != '$ '* ]]; then
			want+=${want:+$'\n'}$line
			continue
		fi
		[ -z "$command" ] || step "$1" "$command" "$want"
		command=${line#'$ '} want=''
	done <"$2"
	step "$1" "$command" "$want"
}

statement() # HEADER FILE
{
	local flags
	if [ "$1" != telltale.h ] && ! echo "#include <$1>" | $CC -E -o /dev/null - 2>/dev/null; then
		skip "no <$1> here" "the statement with <$1> compiles"
		return
	fi
	flags=$(pkg-config --cflags telltale)
	{
		printf '#include <syslog.h>\n#include <%s>\n' "$1"
		echo 'void f(const char *order_id, const char *user, int cents);'
		echo 'void f(const char *order_id, const char *user, int cents) {'
		cat "$2"
		echo '}'
	} >"$tap_dir/statement.c"
	# shellcheck disable=SC2086
	ok "the statement with <$1> compiles" $CC -std=gnu11 -Wall -Wextra -Werror $flags \
		-c -o /dev/null "$tap_dir/statement.c"
}

cd "$work" || exit 1
n_run=0
for text in "$tap_dir"/blocks/*.text; do
	what=$(cat "${text%.text}.what")
	case $what in
	"file: "*)
		sed "s|/tmp/|$work/|" "$text" >"${what#file: }" ;;
	"run: terminal")
		command -v script >/dev/null || {
			skip "no script(1) here" "the commands on a terminal"
			eval "$CC hello.c $(pkg-config --cflags --libs telltale) -o hello"
			continue
		}
		n_run=$((n_run + 1))
		run_block terminal "$text" ;;
	run*)
		n_run=$((n_run + 1))
		run_block pipe "$text" ;;
	"statement: "*) statement "${what#statement: }" "$text" ;;
	"not run: "*) ;;
	*) flunk "block ${text##*/} of the README says what it is for" "$(head -n 2 "$text")" ;;
	esac
done
like "the README has commands that run" "$n_run" '^[1-9]'

# ---- the first block: what examples/demo.sh, quickstart's last step, says -------------------
demo_records() # the same from a journal and from a file, whose fields are in another order
{
	sed -nE '/ shop\[/{s/^.* shop\[[0-9]+\]: //;s/demo-[0-9a-f]+/demo-ID/;s/took=[^ ]+/took=T/
		s/order [0-9]+:/order N:/;s/order_id=[0-9]+/order_id=N/;p}' |
		while read -ra words; do printf '%s\n' "${words[@]}" | sort | paste -sd' '; done
}
if [ -x "$top_builddir/examples/shop/telltale/shop" ] && command -v curl jq >/dev/null; then
	is "quickstart's records are those that the README shows" \
		"$(bash "$top_srcdir/examples/demo.sh" --file 2>&1 | demo_records)" \
		"$(demo_records <"$top_srcdir/README.md")"
else
	skip "no shop in this build" "quickstart's records are those that the README shows"
fi
done_testing
