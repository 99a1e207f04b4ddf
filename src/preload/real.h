#pragma once
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* The functions behind ours: what the process would have called without us (dlsym(3),
 * RTLD_NEXT). Those of sockets are found when the library is loaded, as they must work in
 * signal handlers; the others when they are first needed.
 *
 *	TELL_REAL(vsyslog) ? TELL_REAL(vsyslog)(pri, fmt, ap) : ...
 *
 * Threads: any. */
struct tell_real {
	void (*openlog)(const char *ident, int options, int facility);
	void (*closelog)(void);
	int (*setlogmask)(int mask);
	void (*vsyslog)(int pri, const char *fmt, va_list ap);
	void (*__vsyslog_chk)(int pri, int flag, const char *fmt, va_list ap);
	int (*sd_journal_sendv)(const struct iovec *iov, int n);
	int (*sd_journal_sendv_with_location)(const char *file, const char *line,
		const char *func, const struct iovec *iov, int n);

	int (*connect)(int fd, const struct sockaddr *addr, socklen_t len);
	ssize_t (*send)(int fd, const void *bytes, size_t n, int flags);
	ssize_t (*sendto)(int fd, const void *bytes, size_t n, int flags,
		const struct sockaddr *addr, socklen_t len);
	ssize_t (*sendmsg)(int fd, const struct msghdr *message, int flags);
	ssize_t (*write)(int fd, const void *bytes, size_t n);
	ssize_t (*writev)(int fd, const struct iovec *iov, int n);
};
extern struct tell_real tell_real;

/* Look for the function `name` unless *slot has it. */
void tell_real_find(void *slot, const char *name);

/* One of them; NULL: there is none, or it is being looked for right now. */
#define TELL_REAL(name) (tell_real_find(&tell_real.name, #name), tell_real.name)

/* Those of sockets. */
void tell_real_find_sockets(void);
