#!/bin/bash
# telltale cat --unit: a drop-in for an existing service; systemd itself reads it back.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

root=$tap_dir/root
units=$root/usr/lib/systemd/system
admin=$root/etc/systemd/system
mkdir -p "$units" "$admin" "$root/usr/bin" "$root/run"
unit() # NAME: its lines from stdin
{
	cat >"$units/$1"
}
wrap() # ARGUMENT...
{
	"$TELLTALE" cat --root="$root" "$@"
}
drop_in=$admin/shop.service.d/50-telltale.conf

unit shop.service <<-'END'
	[Unit]
	Description=a shop
	DefaultDependencies=no
	[Service]
	ExecStart=-/usr/bin/shop --port 80
END
telltale_at=$(wrap --unit shop --dry-run | sed -n 's/^ExecStart=-\(.*\/telltale\) .*/\1/p')
like "it is run from where it is installed" "$telltale_at" '^/.*/bin/telltale$'
is "--dry-run prints the drop-in" "$(wrap --unit shop --dry-run)" \
	"# What shop.service prints becomes records: telltale-cat(1).
# undo: rm /etc/systemd/system/shop.service.d/50-telltale.conf && systemctl daemon-reload && systemctl restart shop.service
[Service]
ExecStart=
ExecStart=-$telltale_at cat -t shop -- /usr/bin/shop --port 80"
ok "and writes nothing" test ! -e "$drop_in"

is "it says what to run next, and how to undo it" "$(wrap --unit shop.service)" \
	"wrote $drop_in
next: systemctl daemon-reload && systemctl restart shop.service
undo: rm $drop_in && systemctl daemon-reload && systemctl restart shop.service"
is "what it writes is what it prints" "$(cat "$drop_in")" "$(wrap --unit shop --dry-run)"
is "all may read it" "$(stat -c %a "$drop_in")" 644
is "again it changes nothing" "$(wrap --unit shop >/dev/null; cat "$drop_in")" \
	"$(wrap --unit shop --dry-run)"
like "options go into it" "$(wrap --unit shop --dry-run -t other -F 'note=100% of $x' --stderr-priority=warning \
	--parse=none --join=yes --level-prefix=no --trace -p notice | tail -n 1)" \
	'cat -t other "--field=note=100%% of \$\$x" --stderr-priority=warning --parse=none --join=yes --level-prefix=no --trace --priority=notice -- '
is "below another root nothing else is touched" "$(find "$root" -newer "$units/shop.service" -type f)" "$drop_in"

# ---- what is refused, and why -----------------------------------------------------------------
refused() # NAME STATUS WORDS, the unit's lines from stdin
{
	local said status
	unit refused.service
	said=$(wrap --unit refused 2>&1)
	status=$?
	is "refused: $1" "$status" "$2"
	like "and says so: $1" "$said" "$3"
	ok "and writes nothing: $1" test ! -e "$admin/refused.service.d/50-telltale.conf"
}
fails "no such unit" 66 "$TELLTALE" cat --root="$root" --unit nothing
fails "no service's name" 64 "$TELLTALE" cat --root="$root" --unit ../shop
fails "a command beside --unit" 64 "$TELLTALE" cat --root="$root" --unit shop -- true
fails "--supervise beside --unit" 64 "$TELLTALE" cat --root="$root" --unit shop --supervise
fails "--dry-run without --unit" 64 "$TELLTALE" cat --dry-run true
fails "a root that is not there" 66 "$TELLTALE" cat --root="$tap_dir/none" --unit shop
refused "a unit behind cat already" 65 'already' <<-'END'
	[Service]
	ExecStart=/usr/bin/telltale cat -t x -- /usr/bin/shop
END
refused "a unit without a command" 65 'no ExecStart' <<-'END'
	[Service]
	ExecStop=/bin/true
END
refused "a unit that talks to a socket" 65 'peer on its stdout' <<-'END'
	[Service]
	ExecStart=-/usr/sbin/sshd -i
	StandardInput=socket
END
refused "quotes that do not match" 65 'no command line' <<-'END'
	[Service]
	ExecStart=/usr/bin/shop "x
END
refused "a mask" 65 'masked' </dev/null
mkdir -p "$admin/shop.service.d"
printf '[Service]\nExecStart=\nExecStart=/usr/bin/later\n' >"$admin/shop.service.d/override.conf"
like "a later drop-in with a command of its own" "$(wrap --unit shop 2>&1)" \
	'/etc/systemd/system/shop.service.d/override.conf sets ExecStart=.*rename it'
mv "$admin/shop.service.d/override.conf" "$admin/shop.service.d/40-override.conf"
like "an earlier one is what is run" "$(wrap --unit shop --dry-run)" '-- /usr/bin/later$'
rm "$admin/shop.service.d/40-override.conf"

unit hints.service <<-'END'
	[Service]
	Type=forking
	ExecStart=/usr/bin/shop
	RootDirectory=/srv/shop
	RestrictAddressFamilies=AF_INET AF_INET6
END
said=$(wrap --unit hints --dry-run 2>&1 >/dev/null)
like "a hint for Type=forking" "$said" 'PIDFile='
like "a hint for RootDirectory=" "$said" '/srv/shop'
like "a hint for RestrictAddressFamilies=" "$said" 'AF_UNIX'

# ---- systemd reads it --------------------------------------------------------------------------
if command -v systemd-analyze >/dev/null; then
	printf '#!/bin/sh\n' >"$root/usr/bin/shop"
	mkdir -p "$root${telltale_at%/*}"
	cp "$root/usr/bin/shop" "$root$telltale_at"
	chmod 755 "$root/usr/bin/shop" "$root$telltale_at"
	wrap --unit shop >/dev/null
	is "systemd-analyze verify has nothing to say" \
		"$(systemd-analyze verify --man=no --root="$root" shop.service 2>&1)" ""
else
	skip "no systemd-analyze here" "systemd-analyze verify has nothing to say"
fi

# The words that systemd makes of a unit's lines are those behind "--" that it makes of ours.
systemd=
for program in /usr/lib/systemd/systemd /lib/systemd/systemd; do
	[ -x "$program" ] && systemd=$program
done
commands() # DIRECTORY: of oracle.service, one a line, as systemd --test shows them
{
	local become=()
	[ "$(id -u)" -eq 0 ] && become=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	"${become[@]}" env HOME=/ SYSTEMD_UNIT_PATH="$1" timeout 60 "$systemd" --test --system \
		--unit=oracle.service --no-pager 2>/dev/null |
		awk '/-> Unit / { inside = $3 == "oracle.service:" } inside && sub(/^\t*Command Line: /, "")'
}
unit oracle.service <<-'END'
	[Unit]
	DefaultDependencies=no
	[Service]
	Type=oneshot
	ExecStart=/bin/true plain words
	ExecStart=/bin/true "two words" 'single "quotes"' "double 'quotes'" a"b c"d
	ExecStart=-/bin/true \x41 \t \101 \s "\n" a\ b \\ \"
	ExecStart=/bin/true $HOME ${HOME} "$HOME" '${HOME}' $$HOME a$b
	ExecStart=:/bin/true $HOME ${HOME} $$HOME
	ExecStart=/bin/true %% %n 100%%
	ExecStart=/bin/true a ; /bin/false b ; -/bin/true c
	ExecStart=/bin/true \; ";" a;b ;c
	ExecStart=/bin/true continued \
	  # a comment
	  "here too"
	ExecStart=@/bin/true name one "two three"
	ExecStart=-@/bin/true "a name" x
	ExecStart=+/bin/true -- --port 80 -x
	ExecStart=true by name
	ExecStart=/bin/true "" '' x
	ExecStart="/bin/true" in quotes
END
mkdir -p "$tap_dir/oracle/before" "$tap_dir/oracle/after/oracle.service.d"
cp "$units/oracle.service" "$tap_dir/oracle/before"
cp "$units/oracle.service" "$tap_dir/oracle/after"
wrap --unit oracle --dry-run >"$tap_dir/oracle/after/oracle.service.d/50-telltale.conf"
chmod -R a+rX "$tap_dir"
[ -n "$systemd" ] && commands "$tap_dir/oracle/before" >"$tap_dir/before"
if [ -s "$tap_dir/before" ]; then
	commands "$tap_dir/oracle/after" >"$tap_dir/after"
	is "systemd sees as many commands" "$(wc -l <"$tap_dir/after")" "$(wc -l <"$tap_dir/before")"
	like "and at least 17" "$(wc -l <"$tap_dir/before")" '^(1[7-9]|[2-9][0-9])$'
	is "all of them ours" "$(grep -cvE '^[^ ]*/telltale cat -t oracle ' "$tap_dir/after")" 0
	# Words of a command with a name of its own: the name is its first.
	is "word for word the same" "$(sed -E 's/^[^ ]*\/telltale cat -t oracle //
		s/^--argv0 (name|"a name") -- "?\/bin\/true"?/\1/; s/^-- //' "$tap_dir/after")" \
		"$(cat "$tap_dir/before")"
else
	skip "systemd --test does not work here" "word for word the same"
fi
done_testing
