# The code blocks of a page of the documentation, compiled, run and compared with what the page
# says they print: `. "$top_srcdir/tests/support/blocks.sh"` behind tap.sh, then
#
#	blocks_place                  # an empty directory to be in, telltale installed
#	blocks_of "$top_srcdir/README.md"
#	blocks_run                    # every block, in order
#
# What a block is for stands before it:
#
#	<!-- file: NAME -->        is written to NAME
#	<!-- run -->               commands behind "$ ", each with its output
#	<!-- run: terminal -->     the same on a terminal
#	<!-- run: prepare -->      the same, before all others
#	<!-- run: live -->         the same, but only where $blocks_live is set
#	<!-- statement: HEADER --> compiles within a function that has that header
#	<!-- diff: A B -->         is what diff -u says of A and B below $blocks_diff_dir
#	<!-- not run: WHY -->
#
# Only times, process ids, run ids and hosts may differ, and what blocks_port() is given.
# shellcheck shell=bash
: "${TELLTALE:=$top_builddir/telltale}" "${CC:=gcc}"
blocks_live=${blocks_live-}
blocks_port_page=none
blocks_port_real=none
blocks_n_run=0

blocks_place()
{
	need pkg-config awk
	[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
	[[ ${TELL_SANITIZE-} != *-fsanitize* ]] ||
		skip_all "plain programs cannot link a library with sanitizers"
	blocks_work=$tap_dir/work
	mkdir "$blocks_work" "$tap_dir/bin" "$tap_dir/blocks"
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
	export LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export TZ=UTC NO_COLOR=1
	unset TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_DEBUG TELLTALE_CONFDIR
	cd "$blocks_work" || exit 1
}

# A port that the page names, and the one to use for it.
blocks_port() # PAGE'S REAL
{
	blocks_port_page=$1 blocks_port_real=$2
}

# NN.what holds the comment's words, NN.text the lines.
blocks_of() # FILE
{
	blocks_page=${1##*/}
	awk -v dir="$tap_dir/blocks" '
		/^<!-- .* -->$/ { what = $0; gsub(/^<!-- | -->$/, "", what); next }
		/^```/ && inside { inside = 0; what = ""; next }
		/^```/ { inside = 1; base = sprintf("%s/%02d", dir, ++n)
			print what >(base ".what"); printf "" >(base ".text"); next }
		inside { print >(base ".text") }' "$1"
}

# What differs by nature, and where the test puts files.
blocks_normal()
{
	sed -E -e "s|$blocks_work|/tmp|g" -e 's/\r$//' \
		-e "s/\\b$blocks_port_real\\b/$blocks_port_page/g" \
		-e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:N/g' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?/TIME/g' \
		-e 's/^[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8}( [a-z][a-z0-9.-]*)?( [a-z]+\[)/TIME\2/' \
		-e 's/\[[0-9]+\]/[PID]/g' -e 's/"pid":[0-9]+/"pid":N/g' -e 's/ pid=[0-9]+/ pid=N/g' \
		-e 's/"seq":"[0-9a-f]{8}/"seq":"RUN/g' -e 's/ seq=[0-9a-f]{8}/ seq=RUN/g'
}

# One command of a block, in the work directory; what it exports stays.
blocks_step() # TERMINAL COMMAND WANT
{
	local command=${2//\/tmp\//$blocks_work/}
	command=${command//$blocks_port_page/$blocks_port_real}
	if [ "$1" = terminal ]; then
		TERM=dumb script -qec "$command" /dev/null </dev/null >"$tap_dir/said" 2>&1
	else
		eval "$command" >"$tap_dir/said" 2>&1
	fi
	is "\$ $2" "$(blocks_normal <"$tap_dir/said")" "$(blocks_normal <<<"$3")"
}

blocks_commands() # TERMINAL FILE
{
	local line command='' want=''
	blocks_n_run=$((blocks_n_run + 1))
	while IFS= read -r line; do
		if [[ $line != '$ '* ]]; then
			want+=${want:+$'\n'}$line
			continue
		fi
		[ -z "$command" ] || blocks_step "$1" "$command" "$want"
		command=${line#'$ '} want=''
	done <"$2"
	blocks_step "$1" "$command" "$want"
}

blocks_statement() # HEADER FILE
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

blocks_diff() # A B FILE
{
	is "the difference of $1 and $2" \
		"$(cd "$blocks_diff_dir" && diff -u "$1" "$2" | tail -n +3)" "$(cat "$3")"
}

blocks_run()
{
	local text what pair
	for text in "$tap_dir"/blocks/*.text; do
		what=$(cat "${text%.text}.what")
		case $what in
		"file: "*)
			mkdir -p "$(dirname "${what#file: }")"
			sed "s|/tmp/|$blocks_work/|" "$text" >"${what#file: }" ;;
		"run: live")
			[ -z "$blocks_live" ] || blocks_commands pipe "$text" ;;
		"run: terminal")
			command -v script >/dev/null || {
				skip "no script(1) here" "the commands on a terminal"
				eval "$CC hello.c $(pkg-config --cflags --libs telltale) -o hello"
				continue
			}
			blocks_commands terminal "$text" ;;
		run*) blocks_commands pipe "$text" ;;
		"statement: "*) blocks_statement "${what#statement: }" "$text" ;;
		"diff: "*)
			read -ra pair <<<"${what#diff: }"
			blocks_diff "${pair[@]}" "$text" ;;
		"not run: "*) ;;
		*) flunk "block ${text##*/} of $blocks_page says what it is for" "$(head -n 2 "$text")" ;;
		esac
	done
	like "$blocks_page has commands that run" "$blocks_n_run" '^[1-9]'
}
