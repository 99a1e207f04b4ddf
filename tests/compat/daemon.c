/* A program as people write them: it knows nothing of telltale. tests/compat/compat.sh builds
 * it as it is and with the compatibility headers before it, in C and as C++. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define LOG(fmt, ...) fprintf(stderr, "daemon: " fmt "\n", ##__VA_ARGS__)

static int failures;

static void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
static void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	verrx(5, fmt, ap);
	va_end(ap);
}

static void audit(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void audit(int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsyslog(LOG_AUTHPRIV | priority, fmt, ap);
	va_end(ap);
}

static void check(const char *path)
{
	FILE *f = fopen(path, "r");
	if (!f) {
		warn("cannot open %s", path);
		failures++;
		return;
	}
	(void)fclose(f);
}

int main(int argc, char **argv)
{
	int (*print)(const char *, ...) = argc > 9 ? printf : NULL; /* libc's own */
	FILE *report = fopen("report.txt", "w");
	if (!report)
		err(3, "report.txt");
	openlog("compat", LOG_PID, LOG_DAEMON);
	setlogmask(LOG_UPTO(LOG_INFO));
	printf("starting with %d argument%s\n", argc - 1, argc == 2 ? "" : "s");
	for (int i = 1; i < argc; i++)
		printf("%s%s", i == 1 ? "" : ", ", argv[i]);
	putchar('\n');
	LOG("listening on %s:%d", "127.0.0.1", 8080);
	LOG("no arguments");
	syslog(LOG_NOTICE, "started");
	syslog(LOG_DEBUG, "not seen %d", failures++);
	failures--;
	audit(LOG_WARNING, "user %s", "ann");
	check("/nonexistent");
	errno = EACCES;
	perror("bind");
	fputs("one ", stdout);
	puts("two");
	fprintf(report, "failures: %d\n", failures);
	if (fclose(report) != 0)
		warnx("report is not written");
	closelog();
	if (print)
		print("%s", "");
	if (failures)
		die("%d failure%s", failures, failures == 1 ? "" : "s");
	return EXIT_SUCCESS;
}
