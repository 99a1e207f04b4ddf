# fish completion of telltale(1), written by `telltale --completion fish`
function __telltale_no_verb
	test (count (commandline -opc)) -eq 1
end
function __telltale_verb
	set -l words (commandline -opc)
	test (count $words) -gt 1; and test $words[2] = $argv[1]
end
function __telltale_stacks
	set -l dir /etc/telltale.d
	set -q TELLTALE_CONFDIR; and set dir $TELLTALE_CONFDIR
	for stack in $dir/*
		string replace -r '.*/' '' -- $stack
	end
end
complete -c telltale -f
complete -c telltale -n __telltale_no_verb -l help -d 'the verbs'
complete -c telltale -n __telltale_no_verb -l version -d 'the version'
complete -c telltale -n __telltale_no_verb -l completion -x -a 'bash zsh fish' -d 'a completion script'
complete -c telltale -n __telltale_no_verb -a query -d 'find records in journals and JSON-lines files'
complete -c telltale -n '__telltale_verb query' -l help -d 'this text'
complete -c telltale -n '__telltale_verb query' -l version -d 'the version'
complete -c telltale -n '__telltale_verb query' -s n -l lines -x -d 'the newest N records'
complete -c telltale -n '__telltale_verb query' -s f -l follow -d 'the newest 10, then those that come'
complete -c telltale -n '__telltale_verb query' -s S -l since -x -a 'today yesterday -1h -15m' -d 'from then on: -1h, yesterday, "2026-11-21 10:00", @SECONDS'
complete -c telltale -n '__telltale_verb query' -s U -l until -x -a 'now today yesterday' -d 'up to then'
complete -c telltale -n '__telltale_verb query' -s p -l priority -x -a 'emerg alert crit error warning notice info debug' -d 'this level and worse; LEVEL..LEVEL for a range'
complete -c telltale -n '__telltale_verb query' -s t -l identifier -x -d 'records of this service (again: or of that)'
complete -c telltale -n '__telltale_verb query' -s u -l unit -x -d 'records of this systemd unit (again: or of that)'
complete -c telltale -n '__telltale_verb query' -s b -l boot -d 'since the machine started, or of that boot'
complete -c telltale -n '__telltale_verb query' -s w -l where -x -d 'records for which an expression holds, as in \'level>=warning and status>=500 and not path~"^/health"\''
complete -c telltale -n '__telltale_verb query' -s g -l grep -x -d 'messages that match; all lower case ignores case'
complete -c telltale -n '__telltale_verb query' -s r -l reverse -d 'newest first'
complete -c telltale -n '__telltale_verb query' -l file -r -F -d 'journal files or files of JSON lines; - is stdin'
complete -c telltale -n '__telltale_verb query' -s D -l directory -r -F -d 'the journal files in DIR'
complete -c telltale -n '__telltale_verb query' -l namespace -x -d 'the journal of a namespace; * for all'
complete -c telltale -n '__telltale_verb query' -s o -l output -x -a 'short short-precise short-iso short-iso-precise verbose cat json json-pretty logfmt export' -d 'short, short-precise, short-iso, short-iso-precise, verbose, cat, json, json-pretty, logfmt, export'
complete -c telltale -n '__telltale_verb query' -l json -d 'the same as -o json'
complete -c telltale -n '__telltale_verb query' -l output-fields -x -d 'only these fields: request_id,status'
complete -c telltale -n '__telltale_verb query' -l utc -d 'times in UTC, not local time'
complete -c telltale -n '__telltale_verb query' -l no-hostname -d 'leave the host out of short lines'
complete -c telltale -n '__telltale_verb query' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c telltale -n '__telltale_verb query' -l no-pager -d 'straight to the terminal'
complete -c telltale -n '__telltale_verb query' -s q -l quiet -d 'no hints on stderr'
complete -c telltale -n __telltale_no_verb -a check -d 'find what is wrong with a stack, or why no logs are seen'
complete -c telltale -n '__telltale_verb check' -l help -d 'this text'
complete -c telltale -n '__telltale_verb check' -l version -d 'the version'
complete -c telltale -n '__telltale_verb check' -l explain -d 'walk a record through the stack; nothing is sent'
complete -c telltale -n '__telltale_verb check' -s p -l priority -x -a 'emerg alert crit error warning notice info debug' -d 'the record\'s level (info)'
complete -c telltale -n '__telltale_verb check' -s F -l field -x -d 'a field of the record'
complete -c telltale -n '__telltale_verb check' -l root -r -F -d 'without SERVICE: look at the system below DIR'
complete -c telltale -n '__telltale_verb check' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c telltale -n '__telltale_verb check' -F -a '(__telltale_stacks)'
complete -c telltale -n __telltale_no_verb -a recover -d 'deliver what processes that were killed left in their queues'
complete -c telltale -n '__telltale_verb recover' -l help -d 'this text'
complete -c telltale -n '__telltale_verb recover' -l version -d 'the version'
complete -c telltale -n '__telltale_verb recover' -s d -l dir -r -F -d 'look into this directory only'
complete -c telltale -n '__telltale_verb recover' -s s -l service -x -d 'records of this service only'
complete -c telltale -n '__telltale_verb recover' -s v -l verbose -d 'tell each file, and what became of it'
complete -c telltale -n __telltale_no_verb -a log -d 'send a record, as logger(1) does, with fields'
complete -c telltale -n '__telltale_verb log' -l help -d 'this text'
complete -c telltale -n '__telltale_verb log' -l version -d 'the version'
complete -c telltale -n '__telltale_verb log' -s t -l tag -x -d 'the service to log as, whose stack applies (default: $USER)'
complete -c telltale -n '__telltale_verb log' -s p -l priority -x -a 'emerg alert crit error warning notice info debug' -d 'the level, or facility.level (default: notice)'
complete -c telltale -n '__telltale_verb log' -s F -l field -x -d 'add a field; numbers, true and false keep their type'
complete -c telltale -n '__telltale_verb log' -s f -l file -r -F -d 'a record for each line of FILE'
complete -c telltale -n '__telltale_verb log' -s e -l skip-empty -d 'no records for empty lines'
complete -c telltale -n '__telltale_verb log' -l prio-prefix -d 'a line may begin with its level: <3>'
complete -c telltale -n '__telltale_verb log' -s i -d 'as this command\'s process (the default)'
complete -c telltale -n '__telltale_verb log' -l id -d 'as process PID, as in --id=$$'
complete -c telltale -n '__telltale_verb log' -s s -l stderr -d 'show the messages on stderr as well'
complete -c telltale -n '__telltale_verb log' -l no-act -d 'do all but send'
complete -c telltale -n __telltale_no_verb -a cat -d 'run a command, or read stdin, and make its lines records'
complete -c telltale -n '__telltale_verb cat' -l help -d 'this text'
complete -c telltale -n '__telltale_verb cat' -l version -d 'the version'
complete -c telltale -n '__telltale_verb cat' -s t -l identifier -x -d 'the service to log as (default: the command\'s name)'
complete -c telltale -n '__telltale_verb cat' -s p -l priority -x -a 'emerg alert crit error warning notice info debug' -d 'the level of lines that do not say theirs (info)'
complete -c telltale -n '__telltale_verb cat' -l stderr-priority -x -a 'emerg alert crit error warning notice info debug' -d 'that of lines from stderr (as -p)'
complete -c telltale -n '__telltale_verb cat' -l level-prefix -x -a 'yes no' -d 'does <3> before a line mean its level? (yes)'
complete -c telltale -n '__telltale_verb cat' -l parse -x -a 'auto json logfmt none' -d 'auto: JSON objects and words with name=value behind; json or logfmt: only those; none: a line is a message'
complete -c telltale -n '__telltale_verb cat' -s F -l field -x -d 'add a field to every record; a line\'s own wins'
complete -c telltale -n '__telltale_verb cat' -x -a '(__fish_complete_subcommand --fcs-skip=2)'
