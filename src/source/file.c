#include "source/file.h"
#include <errno.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/ascii.h"
#include "base/clock.h"
#include "source/tail.h"

#define TURN_LINES 1000
#define NOW_US	   UINT64_C(1000000)
#define LOOK_NS	   TELL_NS_PER_SEC

static const struct tell_option options[] = {
	{ "path", TELL_OPTION_TEXT, NULL, NULL, "of the logs, from / on; * ? [a-z] {a,b}",
		true },
	{ "since", TELL_OPTION_TEXT, "now", NULL,
		"where a first run begins: now, all, or a time ago (1h)", false },
	{ 0 },
};

const struct tell_module tell_source_file = {
	.abi = TELL_MODULE_ABI,
	.type = "source",
	.name = "file",
	.summary = "takes the lines of logs, over their rotation",
	.options = options,
	.run = tell_inlet_run,
};

struct file {
	struct tell_tail tail;
	uint64_t since_us; /* older is passed by, up to the first that is not; 0 */
};

struct files {
	const struct tell_inlet *in;
	char *pattern;
	struct file *list[TELL_SOURCE_LOGS_MAX];
	size_t n, turn;
	unsigned taken;	      /* lines of this turn */
	struct file *focused; /* the reader has this one; NULL: none */
	struct tell_reader reader;
	uint64_t looked_ns, begun_us;
	bool given;	     /* an entry */
	bool too_many, none; /* said */
	char service[64];    /* of lines that name none */
	char host[256];
};

static struct files *files_of(const struct tell_inlet *in)
{
	return in->state;
}

static void say(const struct files *f, const char *path, const char *what)
{
	char text[TELL_SPOT_PATH + 200];
	(void)snprintf(text, sizeof(text), "%s: %s", path, what);
	if (f->in->say)
		f->in->say(f->in->arg, text);
}

/* ---- which logs ---- */

static struct file *file_of(const struct files *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i]->tail.path, path) == 0)
			return f->list[i];
	return NULL;
}

/* NULL: there is no room. */
static struct file *add(struct files *f, const char *path)
{
	struct file *one = f->n < TELL_SOURCE_LOGS_MAX ? calloc(1, sizeof(*one)) : NULL;
	if (!one && !f->too_many) {
		say(f, path, "left out: there are too many logs");
		f->too_many = true;
	}
	if (!one)
		return NULL;
	tell_tail_init(&one->tail, path);
	one->tail.once = f->in->once;
	f->list[f->n++] = one;
	return one;
}

static void drop(struct files *f, size_t i)
{
	struct file *one = f->list[i];
	if (f->focused == one)
		f->focused = NULL;
	tell_tail_done(&one->tail);
	free(one);
	f->n--;
	memmove(f->list + i, f->list + i + 1, (f->n - i) * sizeof(*f->list));
	f->turn = 0;
	f->taken = 0;
}

/* What a log left, or what somebody packs, is no log of its own. */
static bool is_log(const char *path)
{
	static const char *const endings[] = { ".zst", ".gz", TELL_GENERATION_TEMP };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t len = strlen(name);
	struct stat st;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strcmp(name + len - n, endings[i]) == 0)
			return false;
	}
	return tell_spot_fits(path) && tell_generation_base(name, NULL) == 0 &&
		lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* log.1, log-20261127: what a log left that somebody else rotates. */
static bool is_left(const struct files *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *log = f->list[i]->tail.path;
		size_t len = strlen(log);
		if (strncmp(path, log, len) == 0 &&
			(path[len] == '.' || path[len] == '-') &&
			tell_is_digit(path[len + 1]))
			return true;
	}
	return false;
}

/* Logs that are new, to be read from their begin. */
static void look(struct files *f)
{
	glob_t found = { 0 };
	f->looked_ns = tell_clock_monotonic_ns();
	for (size_t i = f->n; i-- > 0;)
		if (tell_tail_is_gone(&f->list[i]->tail))
			drop(f, i);
	if (glob(f->pattern, GLOB_BRACE, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *path = found.gl_pathv[i];
			if (!is_log(path) || file_of(f, path) || is_left(f, path))
				continue;
			struct file *one = add(f, path);
			if (one && f->begun_us)
				tell_tail_since(&one->tail, f->begun_us);
		}
	globfree(&found);
}

/* ---- opening ---- */

static int file_open(
	struct tell_inlet *in, const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = args ? tell_args_text(args, "path") : NULL;
	if (!path || *path != '/')
		return tell_refuse(why, -EINVAL, "path", "begin it with a /",
			"\"%.200s\" is not the whole path", path ? path : "");
	struct files *f = in->state = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->in = in;
	tell_reader_init(&f->reader, -1);
	(void)snprintf(f->host, sizeof(f->host), "localhost");
	(void)gethostname(f->host, sizeof(f->host) - 1); /* stays localhost */
	f->pattern = strdup(path);
	return f->pattern ? tell_inlet_entry_init(in) : -ENOMEM;
}

static void file_done(struct tell_inlet *in)
{
	struct files *f = files_of(in);
	tell_inlet_entry_done(in);
	if (!f)
		return;
	while (f->n)
		drop(f, f->n - 1);
	f->reader.fd = -1; /* it was a log's */
	tell_reader_done(&f->reader);
	free(f->pattern);
	free(f);
	in->state = NULL;
}

/* ---- reading ---- */

static void unfocus(struct files *f)
{
	if (f->focused)
		tell_tail_settle(&f->focused->tail);
	f->focused = NULL;
}

static void focus(struct files *f, struct file *one)
{
	if (f->focused == one)
		return;
	unfocus(f);
	tell_tail_focus(&one->tail, &f->reader);
	f->focused = one;
	const char *name = strrchr(one->tail.path, '/') + 1; /* it begins with one */
	(void)snprintf(f->service, sizeof(f->service), "%.*s",
		(int)strcspn(name + (*name == '.'), ".") + (*name == '.'), name);
}

/* A line without a time has that of the line before; where there is none, that of the file. */
static uint64_t time_of(const struct tell_tail *t)
{
	struct stat st;
	if (t->spot.time_us)
		return t->spot.time_us * 1000;
	if (fstat(t->fd, &st) < 0)
		return tell_clock_realtime_ns();
	return (uint64_t)st.st_mtim.tv_sec * TELL_NS_PER_SEC +
		(uint64_t)st.st_mtim.tv_nsec;
}

/* The line as the entry. 1 or -ENOMEM. */
static int take(struct tell_inlet *in, struct file *one, const char *line, size_t len)
{
	struct files *f = files_of(in);
	struct tell_entry *e = in->entry;
	int r = tell_entry_from_line(e, line, len, time_of(&one->tail));
	if (r < 0)
		return r;
	if (e->line.time_ns)
		one->tail.spot.time_us = e->realtime_us;
	e->who.host = f->host;
	if (!*e->who.service)
		e->who.service = f->service;
	return 1;
}

static int load(struct tell_inlet *in, struct file *one)
{
	struct files *f = files_of(in);
	const char *line;
	size_t len;
	int r = 0;
	focus(f, one);
	while (r == 0) {
		r = tell_tail_next(&one->tail, &f->reader, &line, &len);
		if (r <= 0)
			return r;
		r = len ? take(in, one, line, len) : 0;
	}
	return r;
}

/* ---- a place ---- */

/* What a log had to say. */
static void report(struct tell_inlet *in, struct file *one)
{
	struct tell_tail *t = &one->tail;
	in->gaps += t->gaps;
	t->gaps = 0;
	if (*t->what)
		say(files_of(in), t->path, t->what);
	*t->what = '\0';
}

/* The first line that is not older. */
static int pass_older(struct tell_inlet *in, struct file *one, uint64_t realtime_us)
{
	int r;
	for (unsigned n = 1; (r = load(in, one)) > 0; n++) {
		if (in->entry->realtime_us >= realtime_us) {
			tell_tail_return(&one->tail, &files_of(in)->reader);
			return 0;
		}
		if (n % TURN_LINES == 0 && in->ends(in->owner))
			return -ECANCELED;
	}
	return r;
}

/* Now is the end: what a line says of its time may be anything. */
static int begin(struct tell_inlet *in, uint64_t realtime_us)
{
	struct files *f = files_of(in);
	int r = 0;
	f->begun_us = realtime_us;
	look(f);
	for (size_t i = 0; i < f->n && r == 0; i++) {
		if (realtime_us + NOW_US >= tell_clock_realtime_ns() / 1000)
			tell_tail_end(&f->list[i]->tail);
		else if (realtime_us > 1)
			r = pass_older(in, f->list[i], realtime_us);
		report(in, f->list[i]);
	}
	return r < 0 ? r : 1;
}

static int file_resume(struct tell_inlet *in, const struct tell_bookmark *p)
{
	struct files *f = files_of(in);
	struct tell_spot spot;
	char path[TELL_SPOT_PATH];
	if (!*p->cursor)
		return begin(in, p->realtime_us);
	for (const char *at = NULL; tell_spot_next(p->cursor, &at, &spot, path);) {
		struct file *one = file_of(f, path) ? NULL : add(f, path);
		if (!one)
			continue;
		(void)tell_tail_resume(&one->tail, &spot); /* it says it itself */
		report(in, one);
	}
	look(f);
	return 0;
}

static int file_tell(struct tell_inlet *in, struct tell_bookmark *p)
{
	const struct files *f = files_of(in);
	(void)snprintf(p->cursor, sizeof(p->cursor), "%s", TELL_SPOT_HEAD);
	for (size_t i = 0; i < f->n; i++) {
		struct tell_tail *t = &f->list[i]->tail;
		tell_tail_settle(t);
		if (!tell_spot_put(p->cursor, sizeof(p->cursor), &t->spot, t->path))
			return -ENOSPC;
	}
	if (f->given)
		p->realtime_us = in->entry->realtime_us;
	return 0;
}

/* ---- the walk ---- */

static void next_turn(struct files *f)
{
	f->taken = 0;
	f->turn = f->n ? (f->turn + 1) % f->n : 0;
	if (tell_clock_monotonic_ns() - f->looked_ns >= LOOK_NS)
		look(f);
}

static int file_next(struct tell_inlet *in)
{
	struct files *f = files_of(in);
	if (f->n == 0 && !f->none)
		in->say(in->arg, "no log matches path= yet");
	f->none = true;
	for (size_t tried = 0; tried <= f->n && f->n; tried++) {
		struct file *one = f->list[f->turn];
		int r = f->taken < TURN_LINES ? load(in, one) : 0;
		report(in, one);
		f->taken++;
		f->given |= r > 0;
		if (r <= 0)
			next_turn(f);
		if (r != 0)
			return r;
	}
	return 0;
}

static uint64_t file_left(struct tell_inlet *in, uint64_t from_us)
{
	const struct files *f = files_of(in);
	uint64_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += tell_tail_left(&f->list[i]->tail); /* each has its own place */
	(void)from_us;
	return n;
}

static int file_wait(struct tell_inlet *in, int ms, const void *sigmask)
{
	struct files *f = files_of(in);
	const struct timespec left = { ms < 0 || ms >= 1000,
		ms < 0 || ms >= 1000 ? 0 : ms * 1000000L };
	unfocus(f); /* so that it is looked at anew */
	if (ppoll(NULL, 0, &left, sigmask) < 0 && errno != EINTR)
		return -errno;
	if (f->n == 0)
		next_turn(f);
	return 0;
}

const struct tell_inlet_kind tell_inlet_file = {
	.module = &tell_source_file,
	.open = file_open,
	.done = file_done,
	.resume = file_resume,
	.next = file_next,
	.tell = file_tell,
	.left = file_left,
	.wait = file_wait,
};
