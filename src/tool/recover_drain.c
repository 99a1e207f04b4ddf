/* telltale recover: one directory, as its owner. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale/module.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "encode/encode.h"
#include "queue/adopt.h"
#include "record/record.h"
#include "spool/spool.h"
#include "stack/notes.h"
#include "stack/stack.h"
#include "tool/option.h"
#include "tool/recover.h"

#define BATCH	 256
#define FLUSH_NS (5 * TELL_NS_PER_SEC)

/* The stack of the service whose records are handed out now. */
struct way {
	struct tell_stack *stack;
	unsigned flags; /* it is loaded with these beside the usual ones */
	char service[80], host[256];
	struct tell_record record;
	struct tell_buf out, work;
	struct tell_stamp stamp;
	struct tell_notes notes;
	struct tell_run run;
	uint64_t n, n_lost; /* of this batch */
};

static void say_notes(struct way *w)
{
	for (size_t i = 0; i < w->notes.n; i++)
		(void)tell_cli_error(
			0, "recover", "%s: %s", w->service, w->notes.list[i].text);
	w->notes.n = 0;
}

static void way_end(struct way *w)
{
	if (w->stack)
		say_notes(w);
	w->stack = tell_stack_free(w->stack);
}

static void way_done(struct way *w)
{
	way_end(w);
	tell_record_done(&w->record);
	tell_buf_done(&w->out);
	tell_buf_done(&w->work);
}

static bool way_begin(struct way *w, const char *service)
{
	struct tell_report report;
	if (w->stack && strcmp(w->service, service) == 0)
		return true;
	way_end(w);
	(void)snprintf(w->service, sizeof(w->service), "%s", service);
	if (gethostname(w->host, sizeof(w->host) - 1) != 0 || !*w->host)
		(void)snprintf(w->host, sizeof(w->host), "localhost");
	const struct tell_identity who = { .service = w->service,
		.host = w->host,
		.pid = (uint32_t)getpid(),
		.facility = geteuid() == 0 ? 3 : 1 }; /* daemon, user: RFC 5424 table 1 */
	tell_report_init(&report);
	int r = tell_stack_load(&w->stack, &who,
		TELL_STACK_FIRST | TELL_STACK_NO_TERMINAL | w->flags, &report);
	for (size_t i = 0; i < report.n; i++) {
		struct tell_buf line = { 0 };
		tell_fault_line(&line, &report.faults[i]);
		(void)tell_cli_error(0, "recover", "%s", tell_buf_cstr(&line));
		tell_buf_done(&line);
	}
	tell_report_done(&report);
	if (r < 0 || !w->stack)
		return false;
	w->run = (struct tell_run){ .record = &w->record,
		.who = tell_stack_identity(w->stack),
		.out = &w->out,
		.work = &w->work,
		.stamp = &w->stamp,
		.notes = &w->notes };
	w->record.limit = tell_stack_limit(w->stack);
	return true;
}

/* The drain's, which hands out one file's records at a time. */
struct hand {
	struct way *way;
	const struct tell_adopt *adopt;
};

static bool name_is_one(const char *service)
{
	return *service && *service != '.' && !strchr(service, '/');
}

static void take(void *arg, const void *block, size_t len, uint64_t realtime_ns)
{
	struct hand *h = arg;
	struct way *w = h->way;
	const char *service = tell_adopt_service(h->adopt);
	w->n++;
	if (!name_is_one(service) || !way_begin(w, service)) {
		w->n_lost++;
		return;
	}
	w->run.batch = true;
	enum tell_verdict v = tell_stack_take(w->stack, &w->run, block, len, realtime_ns);
	w->run.batch = false;
	w->n_lost += v != TELL_SUCCESS && v != TELL_SPOOLED && v != TELL_IGNORE;
}

/* All of the batch is where it belongs? */
static bool settled(struct way *w)
{
	if (!w->stack)
		return false;
	w->run.deadline_ns = tell_clock_monotonic_ns() + FLUSH_NS;
	bool flushed = tell_stack_flush(w->stack, &w->run) >= 0;
	say_notes(w);
	return flushed && w->n_lost == 0;
}

static void drain(struct tell_adopt *a, bool verbose, struct tell_recovered *ret)
{
	struct way w = { 0 };
	struct hand hand = { &w, a };
	for (;;) {
		char file[300] = "";
		w.n = w.n_lost = 0;
		if (tell_adopt_drain(a, BATCH, take, &hand) == 0)
			break;
		(void)snprintf(file, sizeof(file), "%s", tell_adopt_file(a));
		bool done = settled(&w);
		if (verbose)
			printf("%s: %ju records %s\n", file, (uintmax_t)w.n,
				done ? "recovered" : "stay: not all could be delivered");
		if (!done) {
			ret->stay += w.n;
			tell_adopt_pass(a);
			continue;
		}
		ret->records += w.n;
		tell_adopt_delivered(a);
	}
	way_done(&w);
}

/* ---- spools ---- */

/* A batch of it through the stack: 1; 0: it is empty; or it could not be read. */
static int take_batch(struct way *w, struct tell_spool *s)
{
	struct tell_record r;
	int n = 1;
	w->n = w->n_lost = 0;
	while (w->n < BATCH && (n = tell_spool_next(s, &r)) > 0) {
		w->n++;
		r.head->flags |= TELL_RECORD_LATE | TELL_RECORD_RECOVERED |
			TELL_RECORD_OTHER_PID;
		w->run.batch = true;
		enum tell_verdict v = tell_stack_take(
			w->stack, &w->run, r.head, r.head->size, r.head->realtime_ns);
		w->run.batch = false;
		w->n_lost += v != TELL_SUCCESS && v != TELL_SPOOLED && v != TELL_IGNORE;
		tell_spool_sent(s);
	}
	return w->n ? 1 : n;
}

static void drain_spool(struct way *w, struct tell_spool *s, const char *name,
	bool verbose, struct tell_recovered *ret)
{
	uint64_t records = 0;
	int r = name_is_one(s->service) && way_begin(w, s->service) ? 1 : -EINVAL;
	while (r > 0 && (r = take_batch(w, s)) > 0) {
		if (!settled(w)) {
			r = -EAGAIN;
			break;
		}
		(void)tell_spool_confirm(s, s->sent); /* else they come twice */
		records += w->n;
	}
	if (r == 0)
		(void)tell_spool_confirm(s, s->next); /* what is damaged at its end */
	uint64_t stay = tell_spool_waiting(s);
	ret->records += records;
	ret->stay += stay;
	ret->files += stay == 0;
	if (verbose)
		printf("%s: %ju records recovered, %ju stay, %ju damaged\n", name,
			(uintmax_t)records, (uintmax_t)stay, (uintmax_t)s->damaged);
	(void)tell_spool_close(s);
}

/* NAME.SINK.N, a directory; with a service's name, that one's. */
static bool is_spool(const char *name, const char *service)
{
	const char *number = strrchr(name, '.');
	size_t n = service ? strlen(service) : 0;
	return *name != '.' && number && number[1] &&
		number[1 + strspn(number + 1, "0123456789")] == '\0' &&
		(!service || (strncmp(name, service, n) == 0 && name[n] == '.'));
}

static void drain_spools(
	const char *dir, const struct tell_recover_wish *wish, struct tell_recovered *ret)
{
	struct way w = { .flags = TELL_STACK_NO_SPOOL };
	DIR *d = opendir(dir);
	if (!d) {
		ret->error = (uint32_t)errno;
		return;
	}
	for (struct dirent *e; (e = readdir(d));) {
		char path[1200];
		struct tell_spool *s;
		int n = snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (!is_spool(e->d_name, wish->service) || n >= (int)sizeof(path))
			continue;
		int r = tell_spool_open_left(&s, path);
		if (r == 0 &&
			(!wish->service || !*s->service ||
				strcmp(s->service, wish->service) == 0))
			drain_spool(&w, s, e->d_name, wish->verbose, ret);
		else if (r == 0)
			(void)tell_spool_close(s);
		else if (r != -EBUSY && r != -ENOTDIR)
			ret->error = (uint32_t)-r;
	}
	(void)closedir(d);
	way_done(&w);
}

bool tell_recover_closed(mode_t mode, const struct tell_recover_wish *wish)
{
	return (mode & (wish->spools ? 022 : 077)) == 0;
}

void tell_recover_dir(
	const char *dir, const struct tell_recover_wish *wish, struct tell_recovered *ret)
{
	struct stat st;
	*ret = (struct tell_recovered){ 0 };
	if (stat(dir, &st) != 0) {
		ret->error = (uint32_t)errno;
		return;
	}
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
		!tell_recover_closed(st.st_mode, wish)) {
		ret->error = S_ISDIR(st.st_mode) ? EPERM : ENOTDIR;
		return;
	}
	if (wish->spools) {
		drain_spools(dir, wish, ret);
		return;
	}
	struct tell_adopt *a = tell_adopt_look_in(dir, wish->service);
	if (!a)
		return;
	if (wish->pid)
		tell_adopt_only(a, wish->pid);
	drain(a, wish->verbose, ret);
	size_t done, bad;
	tell_adopt_counts(a, &done, &bad);
	ret->files = done;
	ret->bad = bad;
	a = tell_adopt_close(a);
}
