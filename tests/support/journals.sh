# Journals of known contents: `. "$top_srcdir/tests/support/journals.sh"` after tap.sh
#
#	make_journal DIR N SEED [OPTION...]      # journal files in DIR; the options of make_journal.py
#	sort -u DIR/request_ids                  # of all N entries, a line each; DIR/own_ids: of ours
#
# --files K spreads the entries over K files, as rotation does, each with a sequence of its own. The
# same N, SEED and options with the same --start make the same entries. A journal grows while it is
# read when they come in turns:
#
#	make_journal DIR 300 7 --start 1795000000 --last 100
#	make_journal DIR 300 7 --start 1795000000 --first 100 --last 200
#
# Skips the test without python3 and systemd-journal-remote.
# shellcheck shell=bash

has_journal_remote() # sets $journal_remote to the program
{
	for journal_remote in /usr/lib/systemd/systemd-journal-remote /lib/systemd/systemd-journal-remote; do
		[ ! -x "$journal_remote" ] || return 0
	done
	return 1
}

make_journal() # DIR N SEED [OPTION...]
{
	local dir=$1 part
	need python3
	has_journal_remote || skip_all "systemd-journal-remote is missing"
	mkdir -p "$dir"
	python3 "$top_srcdir/tests/support/make_journal.py" "$@" || return
	for part in "$dir"/*.export; do
		[ -e "$part" ] || continue # of no entries
		"$journal_remote" --output="${part%.export}.journal" "$part" >"$part.said" 2>&1 || {
			cat "$part.said"
			return 1
		}
		rm -f "$part" "$part.said"
	done
}
