#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What journald says that it suppressed: its notices "Suppressed N messages from UNIT".
 *
 * Shape:   an open journal, and the counts of a unit since a time.
 * Limits:  the limit is a unit's, and so is the notice: it does not say whose records of the
 *          unit's processes they were. It comes with the first record that the unit sends when
 *          the interval is over, so the last burst's is missing until then. Outside of a unit
 *          journald limits nothing. What was vacuumed is not counted.
 * Safety:  only what journald wrote itself (_TRANSPORT=driver) counts; anyone can send the rest.
 * Source:  systemd.journal-fields(7); SD_MESSAGE_JOURNAL_DROPPED of sd-messages.h.
 * Threads: one. */
struct sd_journal;
struct tell_notices {
	struct sd_journal *journal; /* opened when first asked for */
	bool tried;
};

struct tell_suppressed {
	char *unit; /* NULL: it has none, or the journal cannot be read here */
	uint64_t n;
};

/* Of pid's unit since since_ns (realtime): *ret is to be given to tell_suppressed_done(). */
void tell_notices_count(struct tell_notices *n, pid_t pid, uint64_t since_ns,
	struct tell_suppressed *ret);

void tell_suppressed_done(struct tell_suppressed *s);
void tell_notices_done(struct tell_notices *n);
