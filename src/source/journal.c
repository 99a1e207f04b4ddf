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
#include "base/ascii.h"
#include "base/clock.h"
#include "record/level.h"
#include "source/journal_files.h"
#include "source/journal_left.h"
#include "source/journal_match.h"

#define VALUE_MAX ((size_t)1 << 20) /* of one field, bytes */
/* Of an entry: a request holds it three times, and JSON writes a byte as six. */
#define ENTRY_MAX   ((size_t)2 << 20)
#define DAMAGED_MAX 1000 /* in a row: then nothing is left of it */

struct journal {
	sd_journal *sd;
	const char *directory; /* of its line; NULL: this machine's */
	const char *name;      /* its namespace= */
	bool looked;	       /* at what cannot be read */
	bool at_hand;	       /* the next one is the current one */
	unsigned damaged_in_a_row;
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

const struct tell_module tell_source_journal = {
	.abi = TELL_MODULE_ABI,
	.type = "source",
	.name = "journal",
	.summary = "takes the entries of a journal",
	.options = options,
	.run = tell_inlet_run,
};

/* ---- which entries ---- */

typedef int match_fn(sd_journal *j, const char *word);

static int match_identifier(sd_journal *j, const char *word)
{
	return tell_journal_match(j, "SYSLOG_IDENTIFIER", word);
}

/* Each word of "a,b". */
static int match_words(sd_journal *j, const char *words, match_fn *match)
{
	char word[256];
	int r = 0;
	while (words && *words && r >= 0) {
		size_t len = strcspn(words, ",");
		if (len >= sizeof(word))
			return -EINVAL;
		memcpy(word, words, len);
		word[len] = '\0';
		r = len ? match(j, word) : 0;
		words += len + (words[len] == ',');
	}
	return r < 0 ? r : 0;
}

static int match_levels(sd_journal *j, unsigned most)
{
	int r = 0;
	for (unsigned level = 0; r >= 0 && level <= most && level < 8; level++) {
		const char digit[2] = { (char)('0' + level), '\0' };
		r = tell_journal_match(j, "PRIORITY", digit);
	}
	return r < 0 ? r : 0;
}

static int match_fields(
	sd_journal *j, const struct tell_args *args, struct tell_refusal *why)
{
	const char *name, *value;
	int r = 0;
	for (size_t pos = 0; r >= 0 && tell_args_next(args, &pos, &name, &value);) {
		const char *c = name;
		while (tell_is_upper(*c) || tell_is_digit(*c) || *c == '_')
			c++;
		if (*c || !*name)
			return tell_refuse(why, -EINVAL, name,
				"write an option, or a field as journalctl has it: "
				"_SYSTEMD_SLICE=x",
				"\"%.80s\" is neither an option nor a field's name",
				name);
		r = tell_journal_match(j, name, value);
	}
	return r < 0 ? r : 0;
}

static int narrow(
	struct tell_inlet *in, const struct tell_args *args, struct tell_refusal *why)
{
	sd_journal *j = journal_of(in)->sd;
	const char *units = tell_args_text(args, "unit");
	const char *identifiers = tell_args_text(args, "identifier");
	bool levels = tell_args_given(args, "priority");
	int r = match_words(j, units, tell_journal_match_unit);
	if (r == 0 && units)
		r = sd_journal_add_conjunction(j);
	if (r >= 0)
		r = match_words(j, identifiers, match_identifier);
	if (r >= 0 && levels)
		r = match_levels(j, (unsigned)tell_args_u64(args, "priority"));
	if (r >= 0)
		r = match_fields(j, args, why);
	return r < 0 ? r : 0;
}

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

static int prepare(
	struct tell_inlet *in, const struct tell_args *args, struct tell_refusal *why)
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
	if (r >= 0 && args)
		r = narrow(in, args, why);
	return r < 0 ? r : 0;
}

static void journal_done(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	tell_inlet_entry_done(in);
	if (j && j->sd)
		sd_journal_close(j->sd);
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
	j->directory = directory;
	j->name = name;
	int r = directory ? sd_journal_open_directory(&j->sd, directory, 0)
			  : open_named(&j->sd, name);
	if (r < 0) {
		j->sd = NULL;
		return tell_refuse(why, r, directory ? "directory" : "namespace",
			"be root or in the group systemd-journal, or name another",
			"%s cannot be read: %s", directory ? directory : "the journal",
			strerror(-r));
	}
	r = prepare(in, args, why);
	if (r == 0 || *why->what)
		return r;
	return tell_refuse(why, r, NULL, "name another", "the journal cannot be read: %s",
		strerror(-r));
}

/* ---- walking ---- */

static int begin(const struct tell_inlet *in, uint64_t realtime_us)
{
	return sd_journal_seek_realtime_usec(journal_of(in)->sd, realtime_us);
}

static int journal_resume(struct tell_inlet *in, const struct tell_bookmark *p)
{
	struct journal *j = journal_of(in);
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

/* What libsystemd leaves out of the journal is not shipped; it is no gap that it knows of. */
static void say_unread(struct tell_inlet *in)
{
	char text[TELL_JOURNAL_FILE_NAME + 200];
	struct tell_journal_unread u;
	tell_journal_unread(&u, journal_of(in)->directory);
	if (u.n == 0)
		return;
	(void)snprintf(text, sizeof(text),
		"files of the journal that cannot be read, and are left out: %zu; %s: %s",
		u.n, u.first, u.error == -ENODATA ? "it is cut off" : strerror(-u.error));
	in->say(in->arg, text);
}

static int journal_next(struct tell_inlet *in)
{
	struct journal *j = journal_of(in);
	if (!j->looked)
		say_unread(in);
	j->looked = true;
	for (;;) {
		int r = j->at_hand ? 1 : sd_journal_next(j->sd);
		j->at_hand = false;
		if (r == 0)
			return 0;
		if (r > 0)
			r = tell_entry_from_journal(in->entry, j->sd);
		if (r == 0) {
			j->damaged_in_a_row = 0;
			return 1;
		}
		if (r == -ENOMEM)
			return r;
		in->damaged++; /* it is passed over */
		if (r != -EBADMSG && r != -EIO && r != -EADDRNOTAVAIL && r != -ENODATA)
			return r;
		if (++j->damaged_in_a_row == DAMAGED_MAX)
			return r;
	}
}

static int journal_tell(struct tell_inlet *in, struct tell_bookmark *p)
{
	char *cursor = tell_entry_cursor(in->entry);
	p->realtime_us = in->entry->realtime_us;
	if (cursor && strlen(cursor) < sizeof(p->cursor))
		memcpy(p->cursor, cursor, strlen(cursor) + 1);
	else /* its file has been deleted since: a cursor of its time alone */
		(void)snprintf(
			p->cursor, sizeof(p->cursor), "t=%" PRIx64, p->realtime_us);
	free(cursor);
	return 0;
}

static uint64_t journal_left(struct tell_inlet *in, uint64_t from_us)
{
	const struct journal *j = journal_of(in);
	return tell_journal_left(j->directory, j->name, from_us);
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
	const struct journal *j = journal_of(in);
	int fd = sd_journal_get_fd(j->sd), events = sd_journal_get_events(j->sd);
	if (fd < 0 || events < 0)
		return fd < 0 ? fd : events;
	struct pollfd p = { .fd = fd, .events = (short)events };
	struct timespec end = until(j, ms);
	if (ppoll(&p, 1, &end, sigmask) < 0)
		return errno == EINTR ? 0 : -errno;
	int r = sd_journal_process(j->sd);
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
