#include "source/journal.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include "base/clock.h"
#include "source/journal_files.h"
#include "source/journal_left.h"
#include "source/journal_narrow.h"
#include "source/sequence.h"

#define VALUE_MAX ((size_t)1 << 20) /* of one field, bytes */
/* Of an entry: a request holds it three times, and JSON writes a byte as six. */
#define ENTRY_MAX   ((size_t)2 << 20)
#define DAMAGED_MAX 1000 /* in a row: then nothing is left of it */
#define FRESH_US    UINT64_C(10000000)

struct journal {
	sd_journal *sd;
	struct tell_journal_place place; /* of its line */
	bool looked;			 /* at what cannot be read */
	bool at_hand;			 /* the next one is the current one */
	unsigned damaged_in_a_row;
	/* What is missing, where all is read. */
	bool counts;
	struct tell_sequences sequences;
	char *cursor;	 /* of the current entry; NULL: there was none yet */
	bool changed;	 /* the files, since what they should have was compared */
	bool compares;	 /* that is under way */
	bool again;	 /* the current entry was looked for twice */
	uint64_t missed; /* the last number that was said */
};

static struct journal *journal_of(const struct tell_inlet *in)
{
	return in->state;
}

static const struct tell_option options[] = {
	{ "namespace", TELL_OPTION_TEXT, NULL, NULL,
		"its name; +NAME: and the default one; *: all", false },
	{ "directory", TELL_OPTION_TEXT, NULL, NULL, "the journal files there", false },
	{ "unit", TELL_OPTION_TEXT, NULL, NULL, "of these systemd units: a,b", false },
	{ "identifier", TELL_OPTION_TEXT, NULL, NULL, "of these services: a,b", false },
	{ "priority", TELL_OPTION_LEVEL, NULL, NULL, "this level and worse", false },
	{ "since", TELL_OPTION_TEXT, "now", NULL,
		"where a first run begins: now, all, or a time ago (1h)", false },
	{ "*", TELL_OPTION_TEXT, NULL, NULL, "FIELD=VALUE in the journal's spelling",
		false },
	{ 0 },
};

static int module_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)ret;
	return tell_journal_narrow_check(args, why);
}

const struct tell_module tell_source_journal = {
	.abi = TELL_MODULE_ABI,
	.type = "source",
	.name = "journal",
	.summary = "takes the entries of a journal",
	.options = options,
	.open = module_open,
	.check = tell_journal_narrow_check,
	.run = tell_inlet_run,
};

/* ---- opening ---- */

static int open_named(sd_journal **ret, const char *name)
{
	int flags = SD_JOURNAL_LOCAL_ONLY;
	if (name && strcmp(name, "*") == 0) {
		flags |= SD_JOURNAL_ALL_NAMESPACES;
		name = NULL;
	} else if (name && name[0] == '+') {
		flags |= SD_JOURNAL_INCLUDE_DEFAULT_NAMESPACE;
		name++;
	}
	return sd_journal_open_namespace(ret, name, flags);
}

static int prepare(struct tell_inlet *in, const struct tell_args *args)
{
	struct journal *j = journal_of(in);
	int r = tell_inlet_entry_init(in);
	if (r < 0)
		return r;
	in->entry->trusted = true;
	in->entry->memory.limit = ENTRY_MAX;
	r = sd_journal_set_data_threshold(j->sd, VALUE_MAX);
	if (r >= 0)
		r = sd_journal_get_fd(j->sd); /* watches from now on */
	if (r >= 0)
		r = args ? tell_journal_narrow(j->sd, args) : 0;
	j->counts = r == 0;
	return r < 0 ? r : 0;
}

static void journal_done(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	tell_inlet_entry_done(in);
	if (j && j->sd)
		sd_journal_close(j->sd);
	if (j)
		free(j->cursor);
	free(j);
	in->state = NULL;
}

static int journal_open(
	struct tell_inlet *in, const struct tell_args *args, struct tell_refusal *why)
{
	const char *directory = args ? tell_args_text(args, "directory") : NULL;
	const char *name = args ? tell_args_text(args, "namespace") : NULL;
	struct journal *j = in->state = calloc(1, sizeof(*j));
	if (!j)
		return -ENOMEM;
	j->place = (struct tell_journal_place){ directory, name };
	j->changed = true;
	int r = directory ? sd_journal_open_directory(&j->sd, directory, 0)
			  : open_named(&j->sd, name);
	if (r < 0) {
		j->sd = NULL;
		return tell_refuse(why, r, directory ? "directory" : "namespace",
			r == -EACCES || r == -EPERM
				? "be root or in the group systemd-journal, or name another"
				: "name another",
			"%s cannot be read: %s", directory ? directory : "the journal",
			strerror(-r));
	}
	r = prepare(in, args);
	if (r == 0 || *why->what)
		return r;
	return tell_refuse(why, r, NULL, "name another", "the journal cannot be read: %s",
		strerror(-r));
}

static uint64_t journal_left(struct tell_inlet *in, uint64_t from_us)
{
	const struct journal *j = journal_of(in);
	char id[TELL_SEQUENCE_ID + 1];
	struct tell_journal_spot from = { .us = from_us };
	if (j->cursor && tell_sequence_of(j->cursor, id, &from.number))
		from.id = id;
	return tell_journal_left(j->place.directory, j->place.name, &from);
}

/* What libsystemd leaves out of the journal is not shipped; it is no gap that it knows of. */
static void say_unread(struct tell_inlet *in)
{
	char text[TELL_JOURNAL_FILE_NAME + 200];
	struct tell_journal_unread u;
	tell_journal_unread(&u, &journal_of(in)->place);
	if (u.n == 0 && journal_left(in, 0) == 0)
		in->say(in->arg, "the journal has no files yet");
	if (u.n == 0)
		return;
	(void)snprintf(text, sizeof(text),
		"files of the journal that cannot be read, and are left out: %zu; %s: %s",
		u.n, u.first, u.error == -ENODATA ? "it is cut off" : strerror(-u.error));
	in->say(in->arg, text);
}

/* ---- what is missing ---- */

/* Each time it has doubled, and in the end: a journal with many holes does not fill another. */
static void say_missing(struct tell_inlet *in, bool all)
{
	struct journal *j = journal_of(in);
	char text[120];
	if (in->missing == j->missed || (!all && in->missing < 2 * j->missed))
		return;
	j->missed = in->missing;
	(void)snprintf(text, sizeof(text),
		"entries that are gone from the journal, or cannot be read: at most "
		"%" PRIu64,
		in->missing);
	in->say(in->arg, text);
}

/* libsystemd asks one file after the other: what was written meanwhile to one that it had asked,
 * or to one that it did not know yet, is before the entry that it gives, and it would never go
 * back. True: it is asked again, from the entry before on. */
static bool look_again(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	uint64_t now_us = tell_clock_realtime_ns() / 1000, us = in->entry->realtime_us;
	bool fresh = (now_us > us ? now_us - us : us - now_us) < FRESH_US;
	bool news = sd_journal_process(j->sd) == SD_JOURNAL_INVALIDATE;
	j->changed |= news;
	if (j->again || !j->cursor || (!fresh && !news))
		return false;
	j->again = true;
	if (sd_journal_seek_cursor(j->sd, j->cursor) < 0 || sd_journal_next(j->sd) <= 0)
		return false;
	j->at_hand = sd_journal_test_cursor(j->sd, j->cursor) <= 0;
	return true;
}

/* The sequence of a cursor, and its number there; NULL: it has none. */
static struct tell_sequence *sequence_of(
	struct journal *j, const char *cursor, uint64_t *ret_number)
{
	char id[TELL_SEQUENCE_ID + 1];
	if (!cursor || !tell_sequence_of(cursor, id, ret_number))
		return NULL;
	struct tell_sequence *q = tell_sequences_find(&j->sequences, id);
	if (q)
		return q;
	tell_journal_parts(&j->sequences, &j->place); /* whose it is */
	return tell_sequences_get(&j->sequences, id);
}

/* The current entry's number. False: it is not its turn yet. */
static bool count(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	uint64_t number;
	char *cursor = tell_entry_cursor(in->entry);
	struct tell_sequence *q = sequence_of(j, cursor, &number);
	if (q && tell_sequence_leaps(q, number)) {
		if (q->writer->begun && look_again(in)) {
			free(cursor);
			return false;
		}
		tell_journal_parts(&j->sequences, &j->place);
	}
	if (q)
		in->missing += tell_sequence_take(&j->sequences, q, number);
	say_missing(in, false);
	free(j->cursor);
	j->cursor = cursor;
	j->again = false;
	return true;
}

/* There is no more. Is that all that should be there? True: it is to be looked once more: the
 * heads of the files are read before. */
static bool compare(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	if (!j->counts || (!j->changed && !j->compares))
		return false;
	if (j->compares) {
		in->missing += tell_sequences_end(&j->sequences);
		say_missing(in, true);
		return j->compares = false;
	}
	tell_journal_parts(&j->sequences, &j->place);
	(void)sd_journal_process(j->sd); /* or the next wait has it */
	j->changed = false;
	return j->compares = true;
}

/* ---- where to begin ---- */

/* What is counted begins behind the position. */
static void count_from(struct journal *j, const struct tell_bookmark *p)
{
	uint64_t number;
	j->sequences.begin_us = p->realtime_us + (*p->cursor != '\0');
	struct tell_sequence *q = j->counts ? sequence_of(j, p->cursor, &number) : NULL;
	if (q)
		tell_sequence_begin(q, number);
}

static int begin(const struct tell_inlet *in, uint64_t realtime_us)
{
	return sd_journal_seek_realtime_usec(journal_of(in)->sd, realtime_us);
}

static int journal_resume(struct tell_inlet *in, const struct tell_bookmark *p)
{
	struct journal *j = journal_of(in);
	count_from(j, p);
	if (!*p->cursor)
		return begin(in, p->realtime_us);
	int r = sd_journal_seek_cursor(j->sd, p->cursor);
	if (r >= 0)
		r = sd_journal_next(j->sd);
	if (r <= 0 || sd_journal_test_cursor(j->sd, p->cursor) > 0)
		return r < 0 ? r : 0;
	j->at_hand = true; /* by its time it could be left out: clocks are set back */
	in->gaps++;
	in->say(in->arg,
		"what was behind the last position is no longer in the journal: records "
		"are missing in between");
	return 0;
}

/* ---- the next ---- */

static int move(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	int r;
	do
		r = j->at_hand ? 1 : sd_journal_next(j->sd);
	while (r == 0 && compare(in));
	j->at_hand = false;
	if (r > 0 && j->compares) { /* it was not the end */
		j->compares = false;
		j->changed = true;
	}
	return r;
}

static int journal_next(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	if (!j->looked)
		say_unread(in);
	j->looked = true;
	for (;;) {
		int r = move(in);
		if (r == 0)
			return 0;
		if (r > 0)
			r = tell_entry_from_journal(in->entry, j->sd);
		if (r == 0) {
			j->damaged_in_a_row = 0;
			if (!j->counts || count(in))
				return 1;
			continue;
		}
		if (r == -ENOMEM)
			return r;
		in->damaged++; /* it is passed over */
		in->missing += !j->counts;
		if (r != -EBADMSG && r != -EIO && r != -EADDRNOTAVAIL && r != -ENODATA)
			return r;
		if (++j->damaged_in_a_row == DAMAGED_MAX)
			return r;
	}
}

static int journal_tell(struct tell_inlet *in, struct tell_bookmark *p)
{
	const struct journal *j = journal_of(in);
	char *cursor = j->cursor ? strdup(j->cursor) : tell_entry_cursor(in->entry);
	p->realtime_us = in->entry->realtime_us;
	if (cursor && strlen(cursor) < sizeof(p->cursor))
		memcpy(p->cursor, cursor, strlen(cursor) + 1);
	else /* its file has been deleted since: a cursor of its time alone */
		(void)snprintf(
			p->cursor, sizeof(p->cursor), "t=%" PRIx64, p->realtime_us);
	free(cursor);
	return 0;
}

/* What is left of ms, and when libsystemd wants to look itself, the sooner. */
static struct timespec until(const struct journal *j, int ms)
{
	uint64_t us = ms < 0 ? UINT64_MAX : (uint64_t)ms * 1000, at_us;
	if (sd_journal_get_timeout(j->sd, &at_us) >= 0 && at_us != UINT64_MAX) {
		uint64_t now_us = tell_clock_monotonic_ns() / 1000;
		uint64_t left = at_us > now_us ? at_us - now_us : 0;
		us = left < us ? left : us;
	}
	if (us > UINT64_C(3600000000))
		us = UINT64_C(3600000000);
	return (struct timespec){ (time_t)(us / 1000000), (long)(us % 1000000 * 1000) };
}

static int journal_wait(struct tell_inlet *in, int ms, const void *sigmask)
{
	struct journal *j = journal_of(in);
	int fd = sd_journal_get_fd(j->sd), events = sd_journal_get_events(j->sd);
	if (fd < 0 || events < 0)
		return fd < 0 ? fd : events;
	struct pollfd p = { .fd = fd, .events = (short)events };
	struct timespec end = until(j, ms);
	if (ppoll(&p, 1, &end, sigmask) < 0)
		return errno == EINTR ? 0 : -errno;
	int r = sd_journal_process(j->sd);
	j->changed |= r == SD_JOURNAL_INVALIDATE;
	return r < 0 ? r : 0;
}

const struct tell_inlet_kind tell_inlet_journal = {
	.module = &tell_source_journal,
	.open = journal_open,
	.done = journal_done,
	.resume = journal_resume,
	.next = journal_next,
	.tell = journal_tell,
	.left = journal_left,
	.wait = journal_wait,
};
