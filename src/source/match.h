#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "source/entry.h"

/* What `query` looks for: FIELD=VALUE as journalctl(1) combines them. The same field twice
 * is either value, different fields are all of them, "+" between is either side.
 *
 * Names:   REQUEST_ID and request_id mean the same. message, level, service, pid, seq and
 *          caller mean in a journal what they are in our files (MESSAGE, PRIORITY, ...).
 * Threads: one owner. */
#define TELL_MATCH_MAX 128

struct tell_match {
	char name[72];	   /* as in a journal: upper case; "+" ends a group */
	const char *value; /* borrowed from argv */
	size_t len;
	bool soft; /* a journal's index cannot tell: looked at in each entry */
};

struct tell_matches {
	struct tell_match list[TELL_MATCH_MAX];
	size_t n;
	bool soft;
};

/* Add an operand: "FIELD=VALUE" or "+". 0, -EINVAL (no such), -E2BIG. */
int tell_matches_add(struct tell_matches *m, const char *text);

/* Hand them to a journal's index, behind a conjunction. 0 or a negative errno. */
int tell_matches_apply(const struct tell_matches *m, struct sd_journal *j);

/* Does the entry match? All terms are looked at. */
bool tell_matches_hold(const struct tell_matches *m, const struct tell_entry *e);
