#pragma once
#include "sink/datagram.h"
#include "sink/outage.h"

/* journald's native socket: one record, one datagram; above the socket's limit a sealed
 * memfd. Also used by stderr and stdout where they are the journal's stream.
 *
 * Why not libsystemd: sd_journal_sendv() returns 0 when nobody listens, waits for ever
 * when journald hangs, and fails above 507 fields.
 * Threads: send by any number; the rest by one at a time.
 * Source:  systemd, "Native Journal Protocol". */
#define TELL_JOURNAL_SOCKET "/run/systemd/journal/socket"

struct tell_journal {
	struct tell_datagram socket;
	struct tell_outage outage;
	char what[160];
};

void tell_journal_init(struct tell_journal *j);

/* 0 or -ENAMETOOLONG. */
int tell_journal_path(struct tell_journal *j, const char *path);

/* What is in run->out, encoded by tell_encode_journal(). */
enum tell_verdict tell_journal_send(struct tell_journal *j, struct tell_run *run);
