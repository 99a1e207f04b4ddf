/* syslog(3) and its family, as glibc has them. */
#undef _FORTIFY_SOURCE /* it would make syslog() an inline function, and %n a crash */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>
#include "api/format.h"
#include "base/number.h"
#include "preload/real.h"
#include "preload/say.h"
#include "preload/start.h"

#pragma GCC visibility push(default)
void __syslog_chk(int pri, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void __vsyslog_chk(int pri, int flag, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
#pragma GCC visibility pop

/* ---- one call ---- */

/* "ident[pid]: text" to stderr, as the host's libc writes it: on a line, not redacted. */
static void to_stderr(
	const struct tell_logstate *state, pid_t pid, const char *text, size_t len)
{
	char number[TELL_U64_MAX_CHARS + 2] = "";
	size_t n = 0;
	if (state->options & LOG_PID) {
		number[0] = '[';
		char *end = tell_put_u64(number + 1, (uint64_t)pid);
		*end++ = ']';
		n = (size_t)(end - number);
	}
	bool ended = len && text[len - 1] == '\n';
	struct iovec line[] = {
		{ (void *)(uintptr_t)state->ident, strlen(state->ident) },
		{ number, n },
		{ (void *)(uintptr_t) ": ", 2 },
		{ (void *)(uintptr_t)text, len },
		{ (void *)(uintptr_t) "\n", !ended },
	};
	(void)!writev(STDERR_FILENO, line, sizeof(line) / sizeof(line[0]));
}

/* The text is made; time_ns 0: now. */
static void say(struct tell_say *s, int pri, pid_t pid, const char *text, size_t len,
	uint64_t time_ns)
{
	const struct tell_logstate *state = &s->state;
	if (state->options & LOG_PERROR && !tell_preload_stderr_is_read())
		to_stderr(state, pid, text, len);
	while (len && text[len - 1] == '\n')
		len--; /* a line ends there, the record anyway */
	int facility = pri & LOG_FACMASK ? pri & LOG_FACMASK : state->facility;
	struct tell_relay relay = {
		.level = LOG_PRI(pri),
		.facility = facility >> 3,
		.name = state->ident,
		.name_len = strlen(state->ident),
		.pid = (uint32_t)pid,
		.say_pid = state->options & LOG_PID,
		.time_ns = time_ns,
		.message = text,
		.message_len = len,
	};
	(void)tell_say(s, NULL, &relay, state->options & LOG_CONS);
}

void tell_syslog_kept(struct tell_say *s, const struct tell_later *later)
{
	say(s, later->pri, later->pid, later->text, later->len, later->time_ns);
}

__attribute__((format(printf, 3, 0))) static void keep(
	int pri, int checked, const char *fmt, va_list ap)
{
	int saved = errno;
	struct tell_later *later = tell_later_new(TELL_LATER_SYSLOG);
	if (!later)
		return;
	errno = saved;
	later->pri = pri;
	int n = tell_format_into(later->text, TELL_LATER_BYTES + 1, checked, fmt, ap);
	later->len = n < 0 ? 0 : (size_t)n;
	if (later->len > TELL_LATER_BYTES) {
		later->len = tell_utf8_cut(
			later->text, TELL_LATER_BYTES, TELL_LATER_BYTES);
		later->cut = true;
	}
	tell_later_keep(later);
	errno = saved;
}

__attribute__((format(printf, 3, 0))) static void make(
	int pri, int checked, const char *fmt, va_list ap)
{
	struct tell_say s;
	if (!tell_say_begin(&s)) {
		keep(pri, checked, fmt, ap);
		return;
	}
	struct tell_buf none = { 0 }, *buf = tell_say_buf(&s);
	if (!buf)
		buf = &none; /* no record, but perhaps LOG_PERROR */
	char first[TELL_FORMAT_FIRST] __attribute__((uninitialized));
	size_t len;
	errno = s.call.saved_errno; /* %m */
	const char *text = tell_format(buf, first, &len, checked, fmt, ap);
	s.call.cut = buf->cut;
	say(&s, pri, getpid(), text, len, 0);
	tell_buf_done(&none);
	tell_say_end(&s);
}

__attribute__((format(printf, 3, 4))) static void take_text(
	int pri, int checked, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	make(pri, checked, fmt, ap);
	va_end(ap);
}

/* What glibc does with bits that are none of a priority. What it passes for the priority of
 * its complaint are openlog()'s options: auth.err. */
static int checked_pri(int pri)
{
	const int odd = LOG_ERR | LOG_CONS | LOG_PERROR | LOG_PID;
	if (__builtin_expect(pri & ~(LOG_PRIMASK | LOG_FACMASK), 0) &&
		tell_logstate_wants(odd))
		take_text(odd, 0, "syslog: unknown facility/priority: %x", (unsigned)pri);
	return pri & (LOG_PRIMASK | LOG_FACMASK);
}

/* checked: -1 for vsyslog(), else what __vsyslog_chk() was given. */
__attribute__((format(printf, 3, 0))) static void take(
	int pri, int checked, const char *fmt, va_list ap)
{
	if (tell_preload_on()) {
		pri = checked_pri(pri);
		if (tell_logstate_wants(pri))
			make(pri, checked, fmt, ap);
	} else if (checked < 0) {
		if (TELL_REAL(vsyslog))
			tell_real.vsyslog(pri, fmt, ap);
	} else if (TELL_REAL(__vsyslog_chk)) {
		tell_real.__vsyslog_chk(pri, checked, fmt, ap);
	}
}

/* ---- the functions ---- */

#pragma GCC visibility push(default)

void vsyslog(int pri, const char *fmt, va_list ap)
{
	take(pri, -1, fmt, ap);
}

void __vsyslog_chk(int pri, int flag, const char *fmt, va_list ap)
{
	take(pri, flag, fmt, ap);
}

void syslog(int pri, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	take(pri, -1, fmt, ap);
	va_end(ap);
}

void __syslog_chk(int pri, int flag, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	take(pri, flag, fmt, ap);
	va_end(ap);
}

/* LOG_NDELAY asks for the connection now, for a chroot(2) that follows: the stack is read
 * and its sinks are opened. */
static void start_now(void)
{
	struct tell_say s;
	if (!tell_say_begin(&s))
		return;
	tell_say_end(&s);
}

static void keep_open(bool named, const char *ident, int options, int facility)
{
	struct tell_later *later = tell_later_new(TELL_LATER_OPENLOG);
	if (!later)
		return;
	later->pri = options;
	later->facility = facility;
	later->named = named;
	if (named)
		(void)tell_later_put(later, ident, strlen(ident));
	tell_later_keep(later);
}

/* What libc itself logs goes on by its own way, and is to have the same ident. */
void openlog(const char *ident, int options, int facility)
{
	bool on = tell_preload_on();
	if (TELL_REAL(openlog))
		tell_real.openlog(ident, on ? options & ~LOG_NDELAY : options, facility);
	if (!on)
		return;
	int saved = errno;
	if (tell_thread_enter()) {
		tell_logstate_open(ident, options, facility);
		tell_thread_leave();
		if (options & LOG_NDELAY)
			start_now();
	} else {
		keep_open(ident != NULL, ident, options, facility);
	}
	errno = saved;
}

void closelog(void)
{
	int saved = errno;
	if (TELL_REAL(closelog))
		tell_real.closelog();
	if (!tell_preload_on())
		return;
	struct tell_later *later;
	if (tell_thread_enter()) {
		tell_logstate_close();
		tell_thread_leave();
	} else if ((later = tell_later_new(TELL_LATER_CLOSELOG))) {
		tell_later_keep(later);
	}
	errno = saved;
}

int setlogmask(int mask)
{
	int before = TELL_REAL(setlogmask) ? tell_real.setlogmask(mask) : 0;
	return tell_preload_on() ? tell_logstate_mask(mask) : before;
}
#pragma GCC visibility pop
