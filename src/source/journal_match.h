#pragma once

struct sd_journal;

/* What a journal's index looks for, as journalctl(1) puts it together.
 *
 * Threads: one owner of the journal. */

/* "NAME=value". 0 or a negative errno. */
int tell_journal_match(struct sd_journal *j, const char *name, const char *value);

/* What the unit's processes said, or what systemd said about it. "shop" is "shop.service". */
int tell_journal_match_unit(struct sd_journal *j, const char *unit);
