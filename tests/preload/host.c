/* A program that knows nothing of telltale: it logs as programs do, one scenario a run
 * (tests/preload/check_*.c). Linked with libc only. */
#undef _FORTIFY_SOURCE /* plain syslog(), and its checked form by name */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include "preload/host.h"

void __syslog_chk(int pri, int flag, const char *fmt, ...);

static char **arguments;

/* ---- what a record says ---- */

static void levels(void)
{
	openlog("host", LOG_PID, LOG_MAIL);
	for (int i = LOG_EMERG; i <= LOG_DEBUG; i++)
		syslog(i, "level %d", i);
}

static void facilities(void)
{
	syslog(LOG_INFO, "of nobody");
	openlog("host", 0, LOG_MAIL);
	syslog(LOG_INFO, "of openlog");
	syslog(LOG_CRON | LOG_INFO, "of the call");
	syslog(LOG_LOCAL7 | LOG_ERR, "the last");
	openlog("host", 0, 0);
	syslog(LOG_INFO, "zero");
	openlog("host", 0, 0x7fff0000);
	syslog(LOG_INFO, "none");
	syslog(LOG_INFO | 0x1000, "odd bits");
}

static void percent(void)
{
	errno = ENOENT;
	syslog(LOG_INFO, "no %s: %m (%d%%)", "file", 7);
	if (errno == ENOENT)
		__syslog_chk(LOG_INFO, 1, "checked: %m, %d", 8);
	syslog(LOG_INFO, "errno is %s", errno == ENOENT ? "kept" : "lost");
}

static void texts(void)
{
	static char big[70001];
	memset(big, 'x', sizeof(big) - 1);
	syslog(LOG_INFO, "one\n");
	syslog(LOG_INFO, "two\n\n");
	syslog(LOG_INFO, "first\nsecond\n");
	syslog(LOG_INFO, "%s", "");
	syslog(LOG_INFO, "\x1b[31m \xff\x01");
	syslog(LOG_INFO, "100%% %s", "%s%n");
	for (size_t i = 0; i < 7; i++) {
		static const int sizes[] = { 510, 511, 512, 1023, 1024, 1025, 70000 };
		syslog(LOG_INFO, "%.*s", sizes[i], big);
	}
}

static void masks(void)
{
	int before = setlogmask(LOG_UPTO(LOG_WARNING));
	syslog(LOG_NOTICE, "masked");
	syslog(LOG_WARNING, "seen");
	int now = setlogmask(0);
	syslog(LOG_ERR, "before %#x now %#x", (unsigned)before, (unsigned)now);
	(void)setlogmask(LOG_MASK(LOG_DEBUG));
	syslog(LOG_ERR, "masked, too");
}

static void idents(void)
{
	static char kept[32] = "static";
	syslog(LOG_INFO, "no openlog");
	openlog(kept, 0, LOG_USER);
	syslog(LOG_INFO, "as given");
	memcpy(kept, "STATIC", 6); /* cron does so */
	syslog(LOG_INFO, "changed");
	openlog(NULL, LOG_PID, LOG_USER);
	syslog(LOG_INFO, "the one before");

	char *heap = malloc(64);
	memcpy(heap, "heap", 5);
	openlog(heap, 0, LOG_USER);
	memset(heap, '#', 63);
	heap[63] = '\0';
	free(heap);
	syslog(LOG_INFO, "freed");
	closelog();
	syslog(LOG_INFO, "closed");

	openlog(arguments[0], 0, LOG_USER);
	for (char *p = arguments[0]; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	syslog(LOG_INFO, "upper case");

	char *big = calloc(1, 10001);
	memset(big, 'i', 10000);
	openlog(big, 0, LOG_USER);
	free(big);
	syslog(LOG_INFO, "long");
}

static void console(void)
{
	openlog("host", LOG_PERROR | LOG_PID, LOG_USER);
	syslog(LOG_INFO, "with pid");
	openlog("host", LOG_PERROR, LOG_USER);
	syslog(LOG_INFO, "without, ended\n");
	(void)setlogmask(LOG_MASK(LOG_ERR));
	syslog(LOG_INFO, "masked");
}

/* ---- others ---- */

static void by_n(void)
{
	int n = 0;
	syslog(LOG_INFO, "12345%n", &n);
	syslog(LOG_INFO, "n is %d", n);
}

static void checked_n(void)
{
	int n = 0;
	char *fmt = strdup("12345%n"); /* in writable memory */
	__syslog_chk(LOG_INFO, 1, fmt, &n);
	free(fmt);
}

static void nothing(void)
{
}

static void cons(void)
{
	openlog("host", LOG_CONS | LOG_PID, LOG_USER);
	syslog(LOG_ERR, "to the console");
}

static void secret(void)
{
	syslog(LOG_INFO, "login password=%s%s", "abc", "-zq7kw9");
}

static void once(void)
{
	syslog(LOG_INFO, "once");
}

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "levels", levels },
	{ "facilities", facilities },
	{ "percent", percent },
	{ "texts", texts },
	{ "masks", masks },
	{ "idents", idents },
	{ "console", console },
	{ "fork-storm", host_fork_storm },
	{ "vfork", host_vforks },
	{ "close-all", host_close_all },
	{ "daemon", host_become_daemon },
	{ "chroot", host_change_root },
	{ "confined", host_confined },
	{ "signals", host_signal_storm },
	{ "threads", host_threads },
	{ "cancelled", host_cancelled },
	{ "forking-threads", host_forking_threads },
	{ "devlog", host_devlog },
	{ "devlog-reused", host_devlog_reused },
	{ "devlog-many", host_devlog_many },
	{ "by-n", by_n },
	{ "checked-n", checked_n },
	{ "nothing", nothing },
	{ "once", once },
	{ "secret", secret },
	{ "cons", cons },
};

int main(int argc, char **argv)
{
	arguments = argv;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (argc != 2 || strcmp(argv[1], scenarios[i].name) != 0)
			continue;
		scenarios[i].run();
		return 0;
	}
	return 64;
}
