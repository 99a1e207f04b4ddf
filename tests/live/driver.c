/* A service for live and fault tests: logs what it is told on stdin, a command a line, and
 * answers each with a line.
 *
 *	say N TEXT     N records of info, numbered through in i=          ok
 *	level N LEVEL TEXT                                                ok
 *	threads T N TEXT  T threads at once, N records each: t= the thread, n= numbered
 *	               through in it                                      ok
 *	big BYTES      one record with a value of so many bytes           ok
 *	fields N       one record with N fields                           ok
 *	list           one record with a list of five values              ok
 *	bytes ROLE HEX one record with these bytes as its `message`, or as the `name` or the
 *	               `value` of a field                                 ok
 *	flush MS       tell_flush()                                       ok, or its errno
 *	reopen         tell_reopen()                                      ok, or its errno
 *	reload         tell_reload()                                      ok, or its errno
 *	ledger         name=number pairs: the service's records, filtered, delivered,
 *	               undelivered, queued, dropped, recovered, and for each sink of the stack
 *	               in force MODULE.offered, MODULE.taken, MODULE.lost
 *
 * No log call may take long: an alarm of WATCHDOG_S ends the process, many times what any
 * deadline allows, so that a slow machine is no failure. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "record/level.h"
#include "stack/stack.h"

#define WATCHDOG_S 5

static unsigned long numbered;

static void say(unsigned long n, int level, const char *text)
{
	for (unsigned long i = 0; i < n; i++) {
		(void)alarm(WATCHDOG_S);
		const struct tell_field fields[] = { tell_u64("i", numbered++) };
		tell_log(level, text, fields, 1);
		(void)alarm(0);
	}
}

static struct {
	unsigned long n;
	const char *text;
} threads;

static void *say_in_thread(void *arg)
{
	for (unsigned long k = 0; k < threads.n; k++) {
		const struct tell_field fields[] = { tell_u64("t", (uintptr_t)arg),
			tell_u64("n", k) };
		tell_log(TELL_INFO, threads.text, fields, 2);
	}
	return NULL;
}

static int say_in_threads(unsigned long t, unsigned long n, const char *text)
{
	pthread_t ids[16];
	unsigned long started = 0;
	int r = 0;

	threads.n = n;
	threads.text = text;
	for (; started < t && started < 16 && r == 0; started += r == 0)
		r = pthread_create(
			&ids[started], NULL, say_in_thread, (void *)(uintptr_t)started);
	for (unsigned long i = 0; i < started; i++)
		(void)pthread_join(ids[i], NULL);
	return -r;
}

static void big(size_t bytes)
{
	char *text = malloc(bytes + 1);

	if (!text)
		return;
	memset(text, 'x', bytes);
	text[bytes] = '\0';
	(void)alarm(WATCHDOG_S);
	tell_info("big", tell_u64("i", numbered++), tell_str("body", text));
	(void)alarm(0);
	free(text);
}

static void list(void)
{
	const struct tell_field five[] = { tell_str("", "new"), tell_str("", "eu"),
		tell_i64("", 3), tell_null(""), tell_bool("", true) };
	(void)alarm(WATCHDOG_S);
	tell_info("list", tell_list_of("tags", five, 5));
	(void)alarm(0);
}

static void fields(size_t n)
{
	struct tell_field *f = calloc(n + 1, sizeof(*f));
	char(*names)[24] = calloc(n + 1, sizeof(*names));

	for (size_t k = 0; f && names && k < n; k++) {
		(void)snprintf(names[k], sizeof(names[k]), "f%zu", k); /* fits */
		f[k] = tell_u64(names[k], k);
	}
	(void)alarm(WATCHDOG_S);
	if (f && names) {
		f[n] = tell_u64("i", numbered++);
		tell_log(TELL_INFO, "fields", f, n + 1);
	}
	(void)alarm(0);
	free(names);
	free(f);
}

/* Hexadecimal digits in place; their number of bytes. */
static size_t from_hex(char *hex)
{
	size_t n = 0;
	unsigned byte;

	for (; sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
		hex[n] = (char)byte;
	hex[n] = '\0';
	return n;
}

/* A field of which only the length says where its name ends. */
static void bytes(const char *role, char *hex)
{
	size_t n = from_hex(hex);
	struct tell_field f[2] = { tell_u64("i", numbered++), tell_str("x", "v") };

	if (strcmp(role, "value") == 0)
		f[1] = tell_strn("x", hex, n);
	if (strcmp(role, "name") == 0) {
		f[1].key = hex;
		f[1].key_len = (uint16_t)n;
	}
	(void)alarm(WATCHDOG_S);
	tell_log(TELL_INFO, strcmp(role, "message") == 0 ? hex : "m", f, 2);
	(void)alarm(0);
}

static void ledger(void)
{
	struct tell_stack *stack = tell__stack();
	struct tell_stack_stats all;
	struct tell_line_stats line;

	tell_service_stats(&tell_process.main, &all);
	printf("records=%llu filtered=%llu delivered=%llu undelivered=%llu queued=%llu "
	       "dropped=%llu recovered=%llu",
		(unsigned long long)all.records, (unsigned long long)all.filtered,
		(unsigned long long)all.delivered, (unsigned long long)all.undelivered,
		(unsigned long long)all.queued, (unsigned long long)all.dropped,
		(unsigned long long)all.recovered);
	for (size_t pos = 0; tell_stack_next_line(stack, &pos, &line);) {
		if (strcmp(line.type, "sink") != 0)
			continue;
		unsigned long long taken = line.verdicts[TELL_SUCCESS] +
			line.verdicts[TELL_SPOOLED];
		printf(" %s.offered=%llu %s.taken=%llu %s.lost=%llu", line.module,
			(unsigned long long)line.offered, line.module, taken, line.module,
			(unsigned long long)line.offered - taken);
		if (line.spools)
			printf(" %s.waiting=%llu %s.unsent=%llu %s.again=%llu %s.found=%llu "
			       "%s.spooled=%llu %s.full=%llu",
				line.module, (unsigned long long)line.spool.waiting,
				line.module, (unsigned long long)line.spool.unsent,
				line.module, (unsigned long long)line.spool.again,
				line.module, (unsigned long long)line.spool.found,
				line.module,
				(unsigned long long)line.verdicts[TELL_SPOOLED],
				line.module,
				(unsigned long long)line.verdicts[TELL_FULL]);
	}
	putchar('\n');
}

static void obey(char *line)
{
	unsigned long n, t;
	char word[32];
	int at = 0, r = 0;

	if (sscanf(line, "say %lu %n", &n, &at) == 1 && at)
		say(n, TELL_INFO, line + at);
	else if (sscanf(line, "level %lu %31s %n", &n, word, &at) == 2 && at)
		say(n, tell_level_parse(word, strlen(word)), line + at);
	else if (sscanf(line, "threads %lu %lu %n", &t, &n, &at) == 2 && at)
		r = say_in_threads(t, n, line + at);
	else if (sscanf(line, "big %lu", &n) == 1)
		big(n);
	else if (sscanf(line, "fields %lu", &n) == 1)
		fields(n);
	else if (sscanf(line, "bytes %31s %n", word, &at) == 1)
		bytes(word, at ? line + at : line + strlen(line));
	else if (strcmp(line, "list") == 0)
		list();
	else if (sscanf(line, "flush %lu", &n) == 1)
		r = tell_flush((unsigned)n);
	else if (strcmp(line, "reopen") == 0)
		r = tell_reopen();
	else if (strcmp(line, "reload") == 0)
		r = tell_reload();
	else if (strcmp(line, "ledger") == 0) {
		ledger();
		return;
	} else
		r = -1000;
	if (r == 0)
		puts("ok");
	else
		printf("%d\n", r);
}

int main(int argc, char **argv)
{
	static char line[65536];

	if (argc != 2)
		return 64;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)tell_init(argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		obey(line);
	}
	tell_close();
	return 0;
}
