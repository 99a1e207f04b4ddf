#include "api/syslog.h"
#include <errno.h>
#include <syslog.h>
#include <telltale/compat/syslog.h>
#include "api/log.h"
#include "api/process.h"
#include "base/number.h"
#include "encode/parts.h"
#include "record/ident.h"
#include "record/record.h"

/* Ours are the functions, not the macros that stand for them in a program. */
#undef syslog
#undef vsyslog
#undef openlog
#undef closelog
#undef setlogmask

void tell__vsyslog(struct tell_site *site, int priority, const char *fmt, va_list ap)
{
	int option = __atomic_load_n(&tell_process.syslog.option, __ATOMIC_RELAXED);
	struct tell_origin from = {
		.ident = __atomic_load_n(&tell_process.syslog.ident, __ATOMIC_RELAXED),
		.facility = (uint8_t)LOG_FAC(priority),
		.mask = __atomic_load_n(&tell_process.syslog.mask, __ATOMIC_RELAXED),
		.flags = option & LOG_PERROR ? TELL_RECORD_ECHO : 0,
	};
	if (!from.facility)
		from.facility = __atomic_load_n(
			&tell_process.syslog.facility, __ATOMIC_RELAXED);
	tell_vlogf_from(&from, site, LOG_PRI(priority), fmt, ap, NULL, 0);
}

void tell__syslog(struct tell_site *site, int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell__vsyslog(site, priority, fmt, ap);
	va_end(ap);
}

/* The first name a program gives itself chooses its stack; $TELLTALE_SERVICE chooses both. */
static void name_service(const char *ident, bool now)
{
	struct tell_service *s = &tell_process.main;
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	if (!*s->name)
		tell_service_name(s, ident);
	if (now && !__atomic_load_n(&s->stack, __ATOMIC_ACQUIRE)) {
		tell_process_watch();
		(void)tell_service_start(s, NULL, false); /* says itself what is wrong */
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
}

void tell__openlog(const char *ident, int option, int facility)
{
	int saved = errno;
	if (!tell_thread_enter())
		return;
	tell_process_check();
	const char *wanted = tell_service_wanted(NULL);
	name_service(wanted ? wanted : ident, option & LOG_NDELAY);
	if (ident && !wanted)
		__atomic_store_n(&tell_process.syslog.ident, tell_ident_of(ident),
			__ATOMIC_RELAXED);
	if (LOG_FAC(facility) && !(facility & ~LOG_FACMASK))
		__atomic_store_n(&tell_process.syslog.facility,
			(uint8_t)LOG_FAC(facility), __ATOMIC_RELAXED);
	__atomic_store_n(&tell_process.syslog.option, option, __ATOMIC_RELAXED);
	tell_thread_leave();
	errno = saved;
}

void tell__closelog(void)
{
	__atomic_store_n(&tell_process.syslog.ident, 0, __ATOMIC_RELAXED);
}

int tell__setlogmask(int mask)
{
	uint8_t *now = &tell_process.syslog.mask;
	if (!mask)
		return __atomic_load_n(now, __ATOMIC_RELAXED);
	return __atomic_exchange_n(now, (uint8_t)mask, __ATOMIC_RELAXED);
}

void tell_syslog_line(struct tell_buf *out, const struct tell_identity *who,
	const char *text, size_t len)
{
	int option = __atomic_load_n(&tell_process.syslog.option, __ATOMIC_RELAXED);
	char pid[TELL_U64_MAX_CHARS];
	tell_buf_puts(out, who->service);
	if (option & LOG_PID) {
		tell_buf_putc(out, '[');
		tell_buf_put(out, pid, (size_t)(tell_put_u64(pid, who->pid) - pid));
		tell_buf_putc(out, ']');
	}
	tell_buf_puts(out, ": ");
	tell_text_escape(out, text, len, false);
	tell_buf_putc(out, '\n');
}
