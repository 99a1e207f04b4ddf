#pragma once
#include <telltale/module.h>

/* Which entries of a journal a `source journal` line wants, of all it has.
 *
 * Threads: one owner of the journal. */
struct sd_journal;

/* Are what is no option names of a journal's fields? 0, or -EINVAL and *why. */
int tell_journal_narrow_check(const struct tell_args *args, struct tell_refusal *why);

/* 0: all; 1: some, and the journal passes over the others; or a negative errno. The line has been
 * checked. */
int tell_journal_narrow(struct sd_journal *j, const struct tell_args *args);
