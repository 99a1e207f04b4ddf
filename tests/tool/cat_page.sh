#!/bin/bash
# What telltale-cat(1) shows is what happens: its lines and records, and its commands.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
page=$top_srcdir/doc/man/telltale-cat.1.scd

for name in page legacy backup.sh daemon; do
	stack "$name" <<-END
		redact required permit
		sink required file path=$tap_dir/$name.out format=logfmt
	END
done
stack lines <<-'END'
	filter required level min=debug
	redact required permit
	sink required stdout format=logfmt
END

# A literal block of a section; scdoc takes one backslash off.
blocks() # SECTION
{
	awk -v want="# $1" '/^# / { inside = $0 == want } /^```/ { block = inside && !block; next }
		block' "$page" | sed 's/\\\(.\)/\1/g'
}

# ---- lines, and behind a tab what becomes of them -------------------------------------------
n=0
while IFS= read -r line && IFS= read -r record; do
	n=$((n + 1))
	is "$line" "$(echo "$line" | "$TELLTALE" cat -t lines |
		sed -E 's/^timestamp=[^ ]* //; s/ service=lines//; s/ pid=[0-9]+ seq=[^ ]*//')" "${record#$'\t'}"
done < <(blocks HEADS)
like "the page shows lines" "$n" '^1[0-9]$'

# ---- commands: of a system below $tap_dir/root, with programs of our own ---------------------
mkdir -p "$tap_dir/bin" "$tap_dir/root/usr/lib/systemd/system"
printf '[Service]\nExecStart=/usr/bin/legacy --port 80\n' \
	>"$tap_dir/root/usr/lib/systemd/system/legacy.service"
ln -s "$(realpath "$TELLTALE")" "$tap_dir/bin/telltale"
for name in legacy backup.sh some-daemon systemctl; do
	printf '#!/bin/sh\necho "%s $*"\n' "$name" >"$tap_dir/bin/$name"
	chmod 755 "$tap_dir/bin/$name"
done
ran()
{
	PATH=$tap_dir/bin:$PATH bash -c \
		"${1//\/usr\/bin\/legacy/$tap_dir/bin/legacy}" >"$tap_dir/said" 2>&1
}
n=0
while IFS= read -r command; do
	n=$((n + 1))
	case $command in
	*--unit*) command+=" --root=$tap_dir/root" ;;
	*--preload*) continue ;; # tests/live runs it, with the real dnsmasq
	esac
	ok "runs: $command" ran "$command"
done < <(blocks EXAMPLES; blocks SERVICES)
like "the page shows commands" "$n" '^[78]$'
ok "the unit has its drop-in" grep -q -- '-- /usr/bin/legacy --port 80$' \
	"$tap_dir/root/etc/systemd/system/legacy.service.d/50-telltale.conf"
wait_for "$tap_dir/legacy.out" 2
like "the command's line arrived" "$(cat "$tap_dir/legacy.out")" 'message="legacy --port 80" env=test'
like "and the one of stdin" "$(cat "$tap_dir/legacy.out")" 'level=error service=legacy message="disk full" path=/var n=3'
wait_for "$tap_dir/backup.sh.out" 1
like "a service by the command's name" "$(cat "$tap_dir/backup.sh.out")" 'service=backup.sh message="backup.sh /home"'
done_testing
