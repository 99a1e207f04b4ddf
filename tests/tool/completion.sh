#!/bin/bash
# bash, zsh and fish complete what --help lists: each option of each verb, asked of the shell.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
scripts=$top_srcdir/packaging/completions
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"
cd "$tap_dir" || exit 1

# The scripts are written for the usual place of stacks.
confdir=$(sed -n 's/^confdir=//p' "$top_builddir/packaging/telltale.pc")
for script in bash:telltale zsh:_telltale fish:telltale.fish; do
	is "the completion of ${script%:*} is that of the tables" \
		"$("$TELLTALE" --completion "${script%:*}" | sed "s|$confdir|/etc/telltale.d|")" \
		"$(cat "$scripts/${script#*:}")"
done
fails "a shell that has none" 64 "$TELLTALE" --completion tcsh
fails "no shell" 64 "$TELLTALE" --completion

# ---- each of the three: offers LINE -> what it offers for the last word, words apart --------
bash_offers()
{
	bash -c '. "$1"; read -ra COMP_WORDS <<<"$2"
		[ "${2% }" = "$2" ] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_telltale; printf "%s\n" "${COMPREPLY[@]}"' _ "$scripts/telltale" "$1"
}

fish_offers()
{
	HOME=$tap_dir timeout 60 fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
		"$scripts/telltale.fish" "$1" 2>&1
}

# A zsh on a terminal of its own, whose ^D lists the choices.
cat >"$tap_dir/drive.zsh" <<'ZSH'
zmodload zsh/zpty
zpty z "TERM=dumb zsh -f -i"
zpty -w z "fpath=($1 \$fpath); autoload -Uz compinit; compinit -D -u; \
	LISTMAX=1000; PROMPT=rea\"\"dy; RPROMPT="
zpty -r z said '*ready*' # from then on its line editor reads the keys
zpty -w -n z "$2"$'\C-D\C-U'"echo en\"\"ding"$'\n'
zpty -r z said '*ending*'
print -r -- "$said"
zpty -d z
ZSH
zsh_offers()
{
	HOME=$tap_dir timeout 60 zsh -f "$tap_dir/drive.zsh" "$scripts" "$1" | tr -d '\r'
}

options_of() # VERB: those of its --help, one a line
{
	"$TELLTALE" "$1" --help | grep -oE '^ +(-[a-zA-Z])?(, +)?(--[a-z0-9-]+)?' |
		grep -oE -- '(--[a-z0-9-]+|-[a-zA-Z])'
}

unoffered() # SHELL VERB: options that are in --help and not offered
{
	local shell=$1 verb=$2 option said
	said="$("${shell}_offers" "telltale $verb -") $("${shell}_offers" "telltale $verb --")"
	for option in $(options_of "$verb"); do
		grep -qE -- "(^|[[:space:]])$option([=[:space:]]|$)" <<<"$said" || printf '%s ' "$option"
	done
}

for verb in query check log cat; do
	ok "$verb has options" test "$(options_of $verb | wc -l)" -gt 8
done
for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		skip "$shell is missing" "$shell completes"
		continue
	fi
	for verb in query check log cat; do
		is "$shell offers each option of $verb" "$(unoffered $shell $verb)" ""
	done
	like "$shell offers the verbs" "$(${shell}_offers 'telltale ' | tr '\n' ' ')" 'query.*log|log.*query'
	like "$shell completes a verb" "$(${shell}_offers 'telltale qu')" 'query'
	like "$shell offers values" "$(${shell}_offers 'telltale query -o js' | tr '\n' ' ')" '(^|[[:space:]])json[[:space:]].*json-pretty'
	like "$shell offers values behind a long name" \
		"$(${shell}_offers 'telltale cat --parse ' | tr '\n' ' ')" 'logfmt'
done
done_testing
