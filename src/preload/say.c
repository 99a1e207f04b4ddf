#include "preload/say.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "api/deliver.h"
#include "api/init.h"
#include "base/cleanup.h"
#include "encode/parts.h"
#include "preload/fields.h"
#include "preload/roomy.h"
#include "stack/stack.h"

#define CONSOLE "/dev/console"

static void enter(void *arg)
{
	struct tell_say *say = arg;
	say->ready = tell_call_enter(&say->call, NULL);
}

/* errno is still the caller's when this returns true: for %m. */
bool tell_say_begin(struct tell_say *say)
{
	int saved = errno;
	if (!tell_thread_enter_whole())
		return false;
	say->call = (struct tell_call){ .saved_errno = saved };
	tell_process_check();
	tell_logstate_get(&say->state);
	if (__builtin_expect(tell__stack() != NULL, 1))
		enter(say);
	else
		tell_roomy(enter, say); /* reads the stack's files */
	errno = saved;
	return true;
}

static void leave(struct tell_say *say)
{
	tell_logstate_done(&say->state);
	if (say->ready)
		tell_service_leave(say->call.thread);
	tell_thread_leave();
}

void tell_say_end(struct tell_say *say)
{
	leave(say);
	tell_say_kept();
	errno = say->call.saved_errno;
}

struct tell_buf *tell_say_buf(struct tell_say *say)
{
	if (!say->ready)
		return NULL;
	struct tell_buf *buf = &say->call.thread->work;
	tell_buf_clear(buf);
	buf->limit = tell_stack_limit(say->call.stack) + TELL_RECORD_MARGIN;
	return buf;
}

/* The last resort of syslog(3): "ident[pid]: text", as the sinks were given it. */
static void to_console(const struct tell_relay *relay, const struct tell_record *r)
{
	TELL_CLEANUP(tell_closep)
	int fd = open(CONSOLE, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	size_t n;
	const char *text = tell_record_text(r, &n);
	struct tell_buf line = { 0 };
	if (fd < 0)
		return;
	tell_text_escape(&line, relay->name, relay->name_len, false);
	if (relay->say_pid)
		tell_buf_printf(&line, "[%u]", relay->pid);
	tell_buf_puts(&line, ": ");
	tell_text_escape(&line, text, n, false);
	tell_buf_puts(&line, "\r\n");
	if (!line.cut)
		(void)!write(fd, line.data, line.len); /* nobody is left to tell */
	tell_buf_done(&line);
}

static bool is_taken(enum tell_verdict v)
{
	return v == TELL_SUCCESS || v == TELL_SPOOLED || v == TELL_IGNORE;
}

bool tell_say(
	struct tell_say *say, struct tell_site *site, struct tell_relay *relay, bool cons)
{
	struct tell_call *c = &say->call;
	if (!say->ready)
		return false;
	c->thread->work.limit = 0;
	if (!tell_site_on(site ? site : &tell_no_site, relay->level))
		return true;
	if (!relay->pid)
		relay->pid = (uint32_t)getpid(); /* of a vfork(2)ed child, too */
	relay->more = tell_preload_fields(&relay->n_more);
	enum tell_verdict v = tell_relay(c, site, relay);
	if (cons && !is_taken(v) && v != TELL_FULL)
		to_console(relay, &c->thread->record);
	tell_deliver_notes(c->thread, c->service, c->stack);
	return is_taken(v);
}

static void set_state(const struct tell_later *later)
{
	if (!tell_thread_enter())
		return;
	if (later->kind == TELL_LATER_CLOSELOG)
		tell_logstate_close();
	else
		tell_logstate_open(
			later->named ? later->text : NULL, later->pri, later->facility);
	tell_thread_leave();
}

static void make(const struct tell_later *later)
{
	struct tell_say say;
	if (later->kind == TELL_LATER_OPENLOG || later->kind == TELL_LATER_CLOSELOG) {
		set_state(later);
		return;
	}
	if (!tell_say_begin(&say))
		return; /* never: we are outside */
	say.call.cut = later->cut;
	switch (later->kind) {
	case TELL_LATER_SYSLOG:
		tell_syslog_kept(&say, later);
		break;
	case TELL_LATER_LINE:
		tell_devlog_kept(&say, later);
		break;
	case TELL_LATER_ENTRY:
		tell_entry_kept(&say, later);
		break;
	case TELL_LATER_OPENLOG:
	case TELL_LATER_CLOSELOG:
		break;
	}
	leave(&say);
}

/* What making them brings is left to the next call: where a sink's every call logs, this
 * would not end. */
void tell_say_kept(void)
{
	struct tell_later *later;
	for (int i = 0; i < TELL_LATER_MAX && (later = tell_later_take()); i++) {
		make(later);
		tell_later_free(later);
	}
}

/* What came while the last call ended, or a thread. */
__attribute__((destructor)) static void at_exit(void)
{
	tell_say_kept();
}
