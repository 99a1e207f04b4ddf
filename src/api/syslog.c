#include <telltale/compat/syslog.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include "api/deliver.h"
#include "api/format.h"
#include "api/relay.h"
#include "base/number.h"
#include "encode/parts.h"
#include "sink/mask.h"

/* Ours are the functions, not the macros that stand for them in a program. */
#undef syslog
#undef vsyslog
#undef openlog
#undef closelog
#undef setlogmask

#define IDENT_MAX  255
#define IDENTS_MAX 255

/* A name that a program has given itself. Never freed: other threads may be using it. */
struct tell_ident {
	struct tell_ident *next;
	uint8_t len;
	char name[];
};

/* What openlog(3) and setlogmask(3) were told, for the whole process. */
static struct {
	struct tell_ident
		*idents; /* only added to; those and n under the process's lock */
	unsigned n_idents;
	const struct tell_ident
		*ident; /* atomic, as what follows; NULL: the service's name */
	int option, facility, mask;
} told = { .facility = LOG_USER, .mask = LOG_UPTO(LOG_DEBUG) };

/* ---- LOG_PERROR ---- */

/* As glibc has it: "ident[pid]: text\n", the pid with LOG_PID; but redacted, as the record
 * is by now, with controls escaped, and not where a sink has written it to stderr. */
static void echo(struct tell_call *c, const struct tell_relay *r, int option)
{
	struct tell_buf *out = &c->thread->out;
	const struct tell_record *record = &c->thread->record;
	char pid[TELL_U64_MAX_CHARS];
	size_t len;
	const char *text = tell_record_text(record, &len);
	if (record->head->flags & TELL_RECORD_ON_STDERR)
		return;
	tell_buf_clear(out);
	if (r->name)
		tell_text_escape(out, r->name, r->name_len, false);
	else
		tell_buf_puts(out, tell_stack_identity(c->stack)->service);
	if (option & LOG_PID) {
		tell_buf_putc(out, '[');
		tell_buf_put(
			out, pid, (size_t)(tell_put_u64(pid, record->head->pid) - pid));
		tell_buf_putc(out, ']');
	}
	tell_buf_puts(out, ": ");
	tell_text_escape(out, text, len, false);
	tell_buf_putc(out, '\n');
	struct tell_mask mask;
	tell_mask_on(&mask, SIGPIPE);
	ssize_t n = write(STDERR_FILENO, out->data, out->len);
	tell_mask_off(&mask, n < 0 && errno == EPIPE);
}

/* ---- syslog(3) ---- */

/* setlogmask(3) takes a level away, but not from a call that a rule has let on: whoever named
 * it wants to see it. */
static bool is_masked(const struct tell_site *site, int level)
{
	return !(__atomic_load_n(&told.mask, __ATOMIC_RELAXED) & LOG_MASK(level)) &&
		!__atomic_load_n(&site->forced, __ATOMIC_RELAXED);
}

static void make(struct tell_call *c, struct tell_site *site, struct tell_relay *r)
{
	const struct tell_ident *ident = __atomic_load_n(&told.ident, __ATOMIC_ACQUIRE);
	int option = __atomic_load_n(&told.option, __ATOMIC_RELAXED);
	if (ident) {
		r->name = ident->name;
		r->name_len = ident->len;
	}
	r->kept = option & LOG_PERROR;
	enum tell_verdict v = tell_relay(c, site, r);
	if (option & LOG_PERROR && v != TELL_IGNORE)
		echo(c, r, option);
	tell_deliver_notes(c->thread, c->service, c->stack);
}

void tell__vsyslog(struct tell_site *site, int priority, const char *fmt, va_list ap)
{
	struct tell_call c;
	int level = LOG_PRI(priority), facility = priority & LOG_FACMASK;
	if (!tell_call_begin(&c, NULL, site, &level))
		return;
	if (!is_masked(site, level)) {
		struct tell_buf *text = &c.thread->work; /* encoders use it later */
		size_t limit = text->limit, len;
		char first[TELL_FORMAT_FIRST] __attribute__((uninitialized));
		text->limit = tell_stack_limit(c.stack) + TELL_RECORD_MARGIN;
		errno = c.saved_errno; /* %m */
		const char *message = tell_format(text, first, &len, 0, fmt, ap);
		text->limit = limit;
		c.cut = text->cut;
		while (len && message[len - 1] == '\n')
			len--;
		if (!facility)
			facility = __atomic_load_n(&told.facility, __ATOMIC_RELAXED);
		make(&c, site,
			&(struct tell_relay){ .level = level,
				.facility = LOG_FAC(facility),
				.message = message,
				.message_len = len });
	}
	tell_call_end(&c);
}

void tell__syslog(struct tell_site *site, int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell__vsyslog(site, priority, fmt, ap);
	va_end(ap);
}

/* ---- openlog(3) ---- */

/* The lock is held. NULL: there is no room for another. */
static const struct tell_ident *ident_of(const char *name)
{
	size_t n = strnlen(name, IDENT_MAX);
	for (struct tell_ident *i = told.idents; i; i = i->next)
		if (i->len == n && memcmp(i->name, name, n) == 0)
			return i;
	struct tell_ident *i = NULL;
	if (n && told.n_idents < IDENTS_MAX)
		i = malloc(sizeof(*i) + n);
	if (!i)
		return NULL;
	i->len = (uint8_t)n;
	memcpy(i->name, name, n);
	i->next = told.idents;
	told.idents = i;
	told.n_idents++;
	return i;
}

/* The first name a program gives itself chooses its stack; $TELLTALE_SERVICE chooses both. */
static void take_ident(const char *ident, bool now)
{
	struct tell_service *s = &tell_process.main;
	const char *wanted = tell_service_wanted(NULL);
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	if (!*s->name)
		tell_service_name(s, wanted ? wanted : ident);
	if (ident && !wanted)
		__atomic_store_n(&told.ident, ident_of(ident), __ATOMIC_RELEASE);
	if (now && !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE))
		(void)tell_service_start(s, NULL, false); /* says itself what is wrong */
	(void)pthread_mutex_unlock(&tell_process.lock);
}

void tell__openlog(const char *ident, int option, int facility)
{
	int saved = errno;
	if (!tell_thread_enter_whole())
		return;
	tell_process_check();
	take_ident(ident, option & LOG_NDELAY);
	if (facility && !(facility & ~LOG_FACMASK))
		__atomic_store_n(&told.facility, facility, __ATOMIC_RELAXED);
	__atomic_store_n(&told.option, option, __ATOMIC_RELAXED);
	tell_thread_leave();
	errno = saved;
}

void tell__closelog(void)
{
	__atomic_store_n(&told.ident, NULL, __ATOMIC_RELEASE);
}

int tell__setlogmask(int mask)
{
	if (!mask)
		return __atomic_load_n(&told.mask, __ATOMIC_RELAXED);
	return __atomic_exchange_n(&told.mask, mask, __ATOMIC_RELAXED);
}
