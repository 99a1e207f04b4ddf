#pragma once
#include <telltale/module.h>

/* Which entries of a journal a `source journal` line wants, of all it has.
 *
 * Threads: one owner of the journal. */
struct sd_journal;

/* 0: all; 1: some, and the journal passes over the others; or a negative errno, and of a wrong
 * option *why. */
int tell_journal_narrow(
	struct sd_journal *j, const struct tell_args *args, struct tell_refusal *why);
