#include "tool/notices.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <systemd/sd-login.h>
#include <systemd/sd-messages.h>
#include "base/number.h"
#include "tool/journals.h"

#define UNIT_MAX 256 /* systemd.unit(5): 255 characters */

/* A journal of which a part cannot be read would make a sum that is too small. */
static bool may_be_read(void)
{
	struct tell_journals j = { .any = true };
	tell_journals_look(&j, "/var/log/journal");
	tell_journals_look(&j, "/run/log/journal");
	return j.there && j.readable == j.there;
}

static bool is_open(struct tell_notices *n)
{
	/* All namespaces: a unit with LogNamespace= has a journald of its own. */
	if (!n->tried && may_be_read() &&
		sd_journal_open(&n->journal,
			SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_ALL_NAMESPACES) < 0)
		n->journal = NULL;
	n->tried = true;
	return n->journal;
}

static int select_unit(sd_journal *j, const char *unit)
{
	char match[sizeof("OBJECT_SYSTEMD_UNIT=") + UNIT_MAX];
	int r = snprintf(match, sizeof(match), "OBJECT_SYSTEMD_UNIT=%s", unit);
	if (r < 0 || (size_t)r >= sizeof(match))
		return -1;
	sd_journal_flush_matches(j);
	r = sd_journal_add_match(j, match, 0);
	if (r >= 0)
		r = sd_journal_add_match(
			j, "MESSAGE_ID=" SD_MESSAGE_JOURNAL_DROPPED_STR, 0);
	return r < 0 ? r : sd_journal_add_match(j, "_TRANSPORT=driver", 0);
}

static uint64_t dropped_of(sd_journal *j)
{
	static const size_t name = sizeof("N_DROPPED=") - 1;
	const void *data;
	size_t len;
	uint64_t n;
	if (sd_journal_get_data(j, "N_DROPPED", &data, &len) < 0 || len < name ||
		!tell_parse_u64((const char *)data + name, len - name, &n))
		return 0;
	return n;
}

void tell_notices_count(
	struct tell_notices *n, pid_t pid, uint64_t since_ns, struct tell_suppressed *ret)
{
	char *unit = NULL;
	uint64_t sum = 0;
	*ret = (struct tell_suppressed){ 0 };
	/* 0 is a process of another namespace, and would be read as this one. */
	if (pid <= 0 || sd_pid_get_unit(pid, &unit) < 0)
		return;
	int r = is_open(n) ? select_unit(n->journal, unit) : -1;
	if (r >= 0)
		r = sd_journal_seek_realtime_usec(n->journal, since_ns / 1000);
	while (r >= 0 && (r = sd_journal_next(n->journal)) > 0)
		sum += dropped_of(n->journal);
	if (r < 0) {
		free(unit);
		return;
	}
	*ret = (struct tell_suppressed){ unit, sum };
}

void tell_suppressed_done(struct tell_suppressed *s)
{
	free(s->unit);
	s->unit = NULL;
}

void tell_notices_done(struct tell_notices *n)
{
	sd_journal_close(n->journal); /* NULL is allowed */
	*n = (struct tell_notices){ 0 };
}
