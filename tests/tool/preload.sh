#!/bin/bash
# telltale cat --preload: the command's calls of syslog(3) beside its lines, and what cannot be
# taken over is told so before it runs.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
library=$top_builddir/.libs/libtelltale-preload.so
host=$top_builddir/tests/preload/host
[ -f "$library" ] || skip_all "no libtelltale-preload.so in this build"
case ${TELL_SANITIZE-} in
*-fsanitize*) skip_all "a sanitizer's library must come first" ;;
esac
export TELLTALE_PRELOAD_LIBRARY=$library
unset LD_PRELOAD TELLTALE_PRELOAD
out=$tap_dir/out.jsonl
stack svc <<-END
	filter required level min=debug
	sink required file path=$out
END
cat()
{
	"$TELLTALE" cat -t svc "$@"
}

# ---- what it does ---------------------------------------------------------------------------
command cat >"$tap_dir/script" <<-END
	#!/bin/sh
	echo "a line"
	"$host" percent
	exit 7
END
chmod +x "$tap_dir/script"
cat --preload -- "$tap_dir/script"
is "the exit status is the command's" "$?" 7
wait_for "$out" 4
is "its lines, and the calls of its children" "$(sed -E 's/.*"service":"([^"]*)","message":"([^"]*)".*/\1: \2/' \
	"$out" | sort)" "host: checked: No such file or directory, 8
host: errno is kept
host: no file: No such file or directory (7%)
svc: a line"

rm -f "$out"
is "--preload=only leaves its output alone" "$(cat --preload=only -- "$tap_dir/script")" "a line"
is "and takes its calls" "$(grep -c '"service":"host"' "$out")" 3
is "and nothing else" "$(wc -l <"$out")" 3
rm -f "$out"
cat --supervise --preload -- "$tap_dir/script"
is "a parent that stays hands on the status" "$?" 7
is "and takes lines and calls" "$(grep -c . "$out")" 4
rm -f "$out"
is "or calls alone" "$(cat --supervise --preload=only -- "$tap_dir/script"; grep -c . "$out")" "a line
3"

is "the process stays itself" "$(sh -c 'echo $$; exec "$TELLTALE" cat -t svc --preload=only -- \
	sh -c "echo \$\$"' | uniq | wc -l)" 1

rm -f "$out"
cat --preload -- "$host" console
wait_for "$out" 2
is "LOG_PERROR to the pipe is not said twice" "$(grep -c 'with pid' "$out")" 1
is "elsewhere it is as ever" "$(cat --preload=only -- "$host" console 2>&1 | sed 's/[0-9]//g')" \
	"host[]: with pid
host: without, ended"

# ---- the environment ------------------------------------------------------------------------
shown='echo "$LD_PRELOAD|$TELLTALE_PRELOAD"'
is "LD_PRELOAD and the service" "$(cat --preload=only -- sh -c "$shown")" "$library|service=svc"
is "one that is there stays first" \
	"$(LD_PRELOAD=$library.none cat --preload=only -- sh -c "$shown" 2>/dev/null)" \
	"$library.none:$library|service=svc"
is "ours comes once" "$(cat --preload=only -- "$TELLTALE" cat -t other --preload=only -- \
	sh -c "$shown")" "$library|service=other"
is "a pipe of ours is named" "$(rm -f "$out"; cat --preload -- sh -c "$shown"; wait_for "$out" 1
	grep -c 'service=svc,stderr=[0-9]*:[0-9]*' "$out")" 1

rm -f "$out"
cat -F env=test -F 'note=a b=c' -F shard=3 --preload=only -- "$host" once
like "-F is for its calls, too" "$(command cat "$out")" \
	'"message":"once","env":"test","note":"a b=c","shard":3,'
is "and not for those of another \`cat\` inside" "$(cat -F env=test --preload=only -- "$TELLTALE" cat \
	--preload=only -- sh -c 'echo "${TELLTALE_PRELOAD_FIELDS-none}"')" none

# ---- what cannot work -----------------------------------------------------------------------
told() # NAME STATUS REGEX COMMAND...
{
	local name=$1 status=$2 regex=$3 said got
	shift 3
	said=$("$@" 2>&1)
	got=$?
	is "$name: exit status" "$got" "$status"
	like "$name: why, and what instead" "$said" "$regex"
}
echo 'int main(void) { return 0; }' >"$tap_dir/main.c"
if ${CC:-gcc} -static -o "$tap_dir/static" "$tap_dir/main.c" 2>/dev/null; then
	told "a static program" 69 'linked statically.*Leave out --preload' \
		cat --preload -- "$tap_dir/static"
	ok "which runs without" cat -- "$tap_dir/static"
	printf '#!%s/static\n' "$tap_dir" >"$tap_dir/by-static"
	chmod +x "$tap_dir/by-static"
	told "a script for one" 69 'linked statically' cat --preload -- "$tap_dir/by-static"
else
	skip "no static libc here" "a static program"
fi
${CC:-gcc} -o "$tap_dir/main" "$tap_dir/main.c"
like "a position of the loader's name" "$(grep -c 'ld-linux' "$tap_dir/main")" '^[1-9]'
sed 's/ld-linux/ld-other/g' "$tap_dir/main" >"$tap_dir/other"
chmod +x "$tap_dir/other"
told "another C library's program" 69 "another C library's loader" \
	cat --preload -- "$tap_dir/other"
{ head -c 18 "$tap_dir/main"; printf '\001\377'; tail -c +21 "$tap_dir/main"; } >"$tap_dir/machine"
chmod +x "$tap_dir/machine"
told "another machine's" 69 'another machine' cat --preload -- "$tap_dir/machine"
{ head -c 4 "$tap_dir/main"; printf '\001'; tail -c +6 "$tap_dir/main"; } >"$tap_dir/class"
chmod +x "$tap_dir/class"
told "one of 32 bits" 69 'another machine' cat --preload -- "$tap_dir/class"
told "a file that ends too early" 69 'another machine' \
	cat --preload -- "$(head -c 30 "$tap_dir/main" >"$tap_dir/short"; chmod +x "$tap_dir/short"
		echo "$tap_dir/short")"

mkdir "$tap_dir/a b" "$tap_dir/a:b" "$tap_dir/a\$b"
for dir in 'a b' 'a:b' 'a$b'; do
	cp "$library" "$tap_dir/$dir/lib.so"
	told "a path that ld.so would split: $dir" 72 'ld.so cannot load' \
		env TELLTALE_PRELOAD_LIBRARY="$tap_dir/$dir/lib.so" "$TELLTALE" cat --preload -- true
done
told "a library that is not there" 72 'needs .*none' \
	env TELLTALE_PRELOAD_LIBRARY="$tap_dir/none" "$TELLTALE" cat --preload -- true
told "nothing to put it into" 64 'needs a command' cat --preload
told "a word that is none" 64 'write --preload=only' cat --preload=all -- true
told "a command that is not there" 127 'cannot run' cat --preload=only -- "$tap_dir/none"
done_testing
