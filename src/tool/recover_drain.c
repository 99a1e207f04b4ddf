/* telltale recover: one directory, as its owner. */
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
#include "stack/notes.h"
#include "stack/stack.h"
#include "tool/option.h"
#include "tool/recover.h"

#define BATCH	 256
#define FLUSH_NS (5 * TELL_NS_PER_SEC)

/* The stack of the service whose records are handed out now. */
struct way {
	struct tell_stack *stack;
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
	int r = tell_stack_load(
		&w->stack, &who, TELL_STACK_FIRST | TELL_STACK_NO_TERMINAL, &report);
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
	way_end(&w);
	tell_record_done(&w.record);
	tell_buf_done(&w.out);
	tell_buf_done(&w.work);
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
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077) {
		ret->error = S_ISDIR(st.st_mode) ? EPERM : ENOTDIR;
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
