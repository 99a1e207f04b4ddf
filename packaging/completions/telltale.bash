# bash completion of telltale(1), written by `telltale --bash-completion`
_telltale()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words
	COMPREPLY=()
	[ "$prev" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}
	[ "$cur" = = ] && prev=${COMP_WORDS[COMP_CWORD-1]} cur=
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W '--help --version query status ctl check log cat' -- "$cur")
		return
	fi
	case ${COMP_WORDS[1]} in
	query)
		case $prev in
		--since) mapfile -t COMPREPLY < <(compgen -W 'today yesterday -1h -15m' -- "$cur"); return ;;
		-S) mapfile -t COMPREPLY < <(compgen -W 'today yesterday -1h -15m' -- "$cur"); return ;;
		--until) mapfile -t COMPREPLY < <(compgen -W 'now today yesterday' -- "$cur"); return ;;
		-U) mapfile -t COMPREPLY < <(compgen -W 'now today yesterday' -- "$cur"); return ;;
		--priority) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		-p) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		--output) mapfile -t COMPREPLY < <(compgen -W 'short short-precise short-iso short-iso-precise verbose cat json json-pretty logfmt export' -- "$cur"); return ;;
		-o) mapfile -t COMPREPLY < <(compgen -W 'short short-precise short-iso short-iso-precise verbose cat json json-pretty logfmt export' -- "$cur"); return ;;
		--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
		esac
		words='--help --version --lines --follow --since --until --priority --identifier --unit --boot --where --grep --reverse --file --directory --namespace --output --json --output-fields --utc --no-hostname --color --no-pager --quiet'
		;;
	status)
		case $prev in
		--format) mapfile -t COMPREPLY < <(compgen -W 'text json prometheus openmetrics' -- "$cur"); return ;;
		-o) mapfile -t COMPREPLY < <(compgen -W 'text json prometheus openmetrics' -- "$cur"); return ;;
		--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
		esac
		words='--help --version --format --pid --color'
		;;
	ctl)
		case $prev in
		esac
		words='--help --version --for --pid'
		;;
	check)
		case $prev in
		--priority) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		-p) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
		esac
		words='--help --version --explain --priority --field --root --color'
		;;
	log)
		case $prev in
		--priority) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		-p) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		esac
		words='--help --version --tag --priority --field --file --skip-empty --prio-prefix --id --stderr --no-act'
		;;
	cat)
		case $prev in
		--priority) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		-p) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		--stderr-priority) mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit error warning notice info debug' -- "$cur"); return ;;
		--level-prefix) mapfile -t COMPREPLY < <(compgen -W 'yes no' -- "$cur"); return ;;
		--parse) mapfile -t COMPREPLY < <(compgen -W 'auto json logfmt none' -- "$cur"); return ;;
		esac
		words='--help --version --identifier --priority --stderr-priority --level-prefix --parse --field'
		;;
	esac
	if [ "${cur#-}" != "$cur" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}
complete -o filenames -F _telltale telltale
