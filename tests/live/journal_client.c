/* A program that logs by sd_journal_print(3) and its family, for tests/live/preload_journal.sh:
 * each call's result to stdout, what it logs to the journal. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

static void told(const char *what, int r)
{
	printf("%s: %d%s\n", what, r, errno == 77 ? "" : " errno lost");
	errno = 77;
}

__attribute__((format(printf, 2, 3))) static int by_list(
	int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int r = sd_journal_printv(priority, fmt, ap);
	va_end(ap);
	return r;
}

static void prints(void)
{
	static char big[5000];
	memset(big, 'y', sizeof(big) - 1);
	errno = 77;
	told("print", sd_journal_print(LOG_WARNING, "disk %s at %d%%  \n", "full", 99));
	told("printv", by_list(LOG_DEBUG, "by %s", "list"));
	told("empty", sd_journal_print(LOG_INFO, "%s", " \n"));
	told("big", sd_journal_print(LOG_INFO, "%s", big));
	told("lines", sd_journal_print(LOG_INFO, "one\ntwo"));
	told("priority 8", sd_journal_print(8, "none"));
	errno = ENOENT;
	int r = sd_journal_print(LOG_ERR, "error: %m");
	told(errno == ENOENT ? "errno kept" : "errno lost", r);
	errno = EACCES;
	(void)sd_journal_perror("open");
	(void)sd_journal_perror("");
	errno = 77;
}

static void sends(void)
{
	told("send",
		sd_journal_send("MESSAGE=paid by %s", "ann", "PRIORITY=%d", LOG_NOTICE,
			"MESSAGE_ID=%s", "0123456789abcdef0123456789abcdef",
			"REQUEST_ID=r%d", 1, "CENTS=%lld", 4200LL, "RATIO=%.2f", 0.25,
			"BIG=%zu %hhd %c %p %Lf", (size_t)7, (signed char)-1, 'c', NULL,
			(long double)1.5, "EMPTY=", "TAG=new", "TAG=eu", "ERRNO=%d", 2,
			"SYSLOG_IDENTIFIER=cashier", "SYSLOG_FACILITY=%d", 17, NULL));
	told("no equals", sd_journal_send("MESSAGE=x", "nothing", NULL));
	told("without a message", sd_journal_send("REQUEST_ID=r2", "PRIORITY=6", NULL));
	char binary[] = "BYTES=\xff\0\n\x01=", message[] = "MESSAGE=raw\nlines";
	struct iovec iov[] = { { message, sizeof(message) - 1 },
		{ binary, sizeof(binary) - 1 }, { "PRIORITY=3", 10 },
		{ "CODE_FILE=other.py", 18 }, { "CODE_LINE=7", 11 } };
	told("sendv", (sd_journal_sendv)(iov, 5)); /* the function: no place of its own */
	told("none", sd_journal_sendv(iov, 0));
	iov[1].iov_base = "x";
	iov[1].iov_len = 1;
	told("no field", sd_journal_sendv(iov, 2));
}

int main(void)
{
	prints();
	sends();
	return 0;
}
