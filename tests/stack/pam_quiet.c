/* libpam tells syslog about every wrong line and the kernel's audit about every failure.
 * 20,000 random stacks are nobody's business: these definitions come before the libraries'
 * own ones. */
#include <errno.h>
#include <stdarg.h>

void syslog(int priority, const char *fmt, ...);
void vsyslog(int priority, const char *fmt, va_list ap);
void __syslog_chk(int priority, int flag, const char *fmt, ...);
void __vsyslog_chk(int priority, int flag, const char *fmt, va_list ap);
int audit_open(void);
const char *__lsan_default_suppressions(void);

void syslog(int priority, const char *fmt, ...)
{
	(void)priority, (void)fmt;
}

void vsyslog(int priority, const char *fmt, va_list ap)
{
	(void)priority, (void)fmt, (void)ap;
}

void __syslog_chk(int priority, int flag, const char *fmt, ...)
{
	(void)priority, (void)flag, (void)fmt;
}

void __vsyslog_chk(int priority, int flag, const char *fmt, va_list ap)
{
	(void)priority, (void)flag, (void)fmt, (void)ap;
}

int audit_open(void)
{
	errno = EPROTONOSUPPORT; /* as in a kernel without audit */
	return -1;
}

/* libpam keeps what a stack that it refuses had loaded. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libpam.so\n";
}
