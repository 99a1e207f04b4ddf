#include "api/lines.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "api/line.h"
#include "api/process.h"
#include "base/clock.h"

#define N_STREAMS 2
#define END_MS	  100 /* for a thread that prints while the process ends */

/* A thread's lines. The lock is for the one that ends the process: nobody else touches
 * those of another thread. It is held while records are sent, as they are its memory. */
struct lines {
	struct lines *next, *prev;
	pthread_mutex_t lock;
	struct tell_line line[N_STREAMS];
};

static struct {
	pthread_mutex_t lock; /* a default mutex: no errors */
	pthread_once_t once;
	struct lines *first;
	bool ended; /* atomic */
} lines_of_all = { .lock = PTHREAD_MUTEX_INITIALIZER, .once = PTHREAD_ONCE_INIT };

static void flush(struct lines *lines)
{
	for (int i = 0; i < N_STREAMS; i++)
		tell_line_flush(&lines->line[i]);
}

/* ---- a thread's lines ---- */

static void unlink_lines(struct lines *lines)
{
	(void)pthread_mutex_lock(&lines_of_all.lock);
	if (lines->prev)
		lines->prev->next = lines->next;
	else
		lines_of_all.first = lines->next;
	if (lines->next)
		lines->next->prev = lines->prev;
	(void)pthread_mutex_unlock(&lines_of_all.lock);
}

static void thread_ends(struct tell_thread *t)
{
	struct lines *lines = t->lines;
	unlink_lines(lines);
	if (tell_thread_enter_whole()) {
		tell_process_check();
		flush(lines);
		tell_thread_leave();
	}
	t->lines = NULL;
	t->at_end = NULL;
	for (int i = 0; i < N_STREAMS; i++)
		tell_buf_done(&lines->line[i].text);
	(void)pthread_mutex_destroy(&lines->lock);
	free(lines);
}

/* So that a rest is not sent by both processes, and not, as after daemon(3), by none. */
static void watch_forks(void)
{
	(void)pthread_atfork(tell_lines_flush, NULL, NULL); /* else it is the parent's */
}

static struct lines *lines_new(struct tell_thread *t)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	if (!lines)
		return NULL;
	for (int i = 0; i < N_STREAMS; i++)
		tell_buf_init(&lines->line[i].text, 0);
	(void)pthread_mutex_init(&lines->lock, NULL);
	(void)pthread_once(&lines_of_all.once, watch_forks);
	(void)pthread_mutex_lock(&lines_of_all.lock);
	lines->next = lines_of_all.first;
	if (lines->next)
		lines->next->prev = lines;
	lines_of_all.first = lines;
	(void)pthread_mutex_unlock(&lines_of_all.lock);
	t->lines = lines;
	t->at_end = thread_ends;
	return lines;
}

/* ---- a call ---- */

struct print {
	struct tell_thread *thread;
	struct lines *lines;
	struct tell_line *line;
	size_t before; /* bytes that were there */
	int saved_errno;
};

static void count(uint64_t *lost)
{
	__atomic_fetch_add(lost, 1, __ATOMIC_RELAXED);
}

static bool print_begin(struct print *p, enum tell_stream stream)
{
	p->saved_errno = errno;
	if (!tell_thread_enter_whole()) {
		count(&tell_process.lost.nested);
		return false;
	}
	tell_process_check();
	p->thread = tell_thread_self();
	p->lines = p->thread ? p->thread->lines : NULL;
	if (p->thread && !p->lines)
		p->lines = lines_new(p->thread);
	if (!p->lines) {
		count(&tell_process.lost.memory);
		tell_thread_leave();
		errno = p->saved_errno;
		return false;
	}
	(void)pthread_mutex_lock(&p->lines->lock);
	p->line = &p->lines->line[stream];
	p->before = p->line->text.len;
	errno = p->saved_errno; /* %m */
	return true;
}

static void print_end(struct print *p)
{
	if (p->line->text.cut)
		count(&tell_process.lost.memory);
	p->line->text.cut = false;
	(void)pthread_mutex_unlock(&p->lines->lock);
	tell_thread_leave();
	errno = p->saved_errno;
}

static void print_lines(struct print *p, struct tell_site *site, int level)
{
	tell_line_send(p->line, p->thread, site, level, p->before,
		__atomic_load_n(&lines_of_all.ended, __ATOMIC_RELAXED));
}

int tell_lines_vprintf(struct tell_site *site, int level, enum tell_stream stream,
	const char *fmt, va_list ap)
{
	struct print p;
	if (!print_begin(&p, stream))
		return vsnprintf(NULL, 0, fmt, ap);
	int n = tell_line_append(p.line, fmt, ap);
	if (p.before == 0)
		level = tell_line_level(p.line, fmt, level);
	print_lines(&p, site, level);
	print_end(&p);
	return n;
}

void tell_lines_put(struct tell_site *site, int level, enum tell_stream stream,
	const void *bytes, size_t len)
{
	struct print p;
	if (!print_begin(&p, stream))
		return;
	tell_buf_put(&p.line->text, bytes, len);
	print_lines(&p, site, level);
	print_end(&p);
}

void tell_lines_finish(struct tell_site *site, int level, const struct tell_field *fields,
	size_t n, const char *fmt, va_list ap)
{
	struct print p;
	if (!print_begin(&p, TELL_LINES_ERR))
		return;
	(void)tell_line_append(p.line, fmt, ap); /* what has no form is left out */
	tell_line_finish(p.line, site, level, fields, n);
	print_end(&p);
}

/* ---- the ends ---- */

void tell_lines_flush(void)
{
	int saved = errno;
	if (!tell_thread_enter_whole())
		return;
	tell_process_check();
	struct tell_thread *t = tell_thread_self();
	struct lines *lines = t ? t->lines : NULL;
	if (lines) {
		(void)pthread_mutex_lock(&lines->lock);
		flush(lines);
		(void)pthread_mutex_unlock(&lines->lock);
	}
	tell_thread_leave();
	errno = saved;
}

/* Not for ever: a thread that holds its lock may be stuck in a sink. */
static void flush_other(struct lines *lines)
{
	uint64_t until_ns = tell_clock_realtime_ns() + END_MS * TELL_NS_PER_MS;
	struct timespec until = {
		.tv_sec = (time_t)(until_ns / TELL_NS_PER_SEC),
		.tv_nsec = (long)(until_ns % TELL_NS_PER_SEC),
	};
	if (pthread_mutex_timedlock(&lines->lock, &until) != 0)
		return;
	flush(lines);
	(void)pthread_mutex_unlock(&lines->lock);
}

void tell_lines_end(void)
{
	int saved = errno;
	__atomic_store_n(&lines_of_all.ended, true, __ATOMIC_RELAXED);
	if (!tell_thread_enter_whole())
		return;
	tell_process_check();
	(void)pthread_mutex_lock(&lines_of_all.lock); /* no thread takes its lines away */
	for (struct lines *lines = lines_of_all.first; lines; lines = lines->next)
		flush_other(lines);
	(void)pthread_mutex_unlock(&lines_of_all.lock);
	tell_thread_leave();
	errno = saved;
}

void tell_lines_child(void)
{
	struct tell_thread *t = tell_thread_self();
	struct lines *lines = t ? t->lines : NULL;
	(void)pthread_mutex_init(&lines_of_all.lock, NULL); /* its owner stayed behind */
	lines_of_all.first = lines; /* what the other threads had is left alone */
	if (!lines)
		return;
	lines->next = lines->prev = NULL;
	(void)pthread_mutex_init(&lines->lock, NULL);
	for (int i = 0; i < N_STREAMS; i++)
		tell_buf_clear(&lines->line[i].text);
}
