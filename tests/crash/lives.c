#include "crash/lives.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "stack/stack.h"
#include "support/memory_dir.h"

char lives_log[128], lives_stack[512];

void lives_set_stack(const char *options)
{
	(void)snprintf(lives_stack, sizeof(lives_stack),
		"%s%s\nsink required file path=%s\n",
		options ? "queue required ring " : "", options ? options : "", lives_log);
}

void lives_begin(void)
{
	if (tell__init_text("life", lives_stack) != 0)
		_exit(90);
}

void lives_say(int n)
{
	for (int i = 0; i < n; i++)
		tell_info("said", tell_kv("i", i), tell_kv("pid_then", (int)getpid()));
}

static void *say_so_many(void *n)
{
	lives_say((int)(intptr_t)n);
	return NULL;
}

void lives_say_in_thread(int n)
{
	pthread_t t;
	if (pthread_create(&t, NULL, say_so_many, (void *)(intptr_t)n) == 0)
		(void)pthread_join(t, NULL);
}

/* Sentences of this process about itself, such as that calls were refused. */
static uint64_t own_records(void)
{
	char mine[32], *line = NULL;
	size_t cap = 0;
	uint64_t n = 0;
	FILE *f = fopen(lives_log, "re");
	(void)snprintf(mine, sizeof(mine), "\"pid\":%d,", (int)getpid());
	while (f && getline(&line, &cap, f) > 0)
		n += strstr(line, "\"logger\":\"telltale\"") && strstr(line, mine);
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

bool lives_ledger_is_exact(uint64_t calls)
{
	struct tell_stack_stats s;
	if (tell_flush(20000) != 0)
		return false;
	calls += own_records();
	tell_service_stats(&tell_process.main, &s);
	bool exact = s.queued == 0 &&
		s.records ==
			s.delivered + s.undelivered + s.filtered + s.dropped -
				s.recovered &&
		s.records == calls;
	if (!exact)
		printf("# %lu calls, %lu records, %lu delivered, %lu undelivered, %lu "
		       "dropped, %lu queued\n",
			(unsigned long)calls, (unsigned long)s.records,
			(unsigned long)s.delivered, (unsigned long)s.undelivered,
			(unsigned long)s.dropped, (unsigned long)s.queued);
	(void)fflush(stdout);
	return exact;
}

struct seq {
	char text[32];
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct seq *)a)->text, ((const struct seq *)b)->text);
}

unsigned lives_lines(const char *text)
{
	static struct seq seen[300000];
	char *line = NULL;
	size_t cap = 0;
	unsigned n = 0, n_new = 0;
	FILE *f = fopen(lives_log, "re");
	while (f && getline(&line, &cap, f) > 0 && n < sizeof(seen) / sizeof(seen[0])) {
		const char *seq = strstr(line, "\"seq\":\"");
		if (!seq || !strstr(line, text))
			continue;
		(void)snprintf(seen[n++].text, sizeof(seen[0].text), "%.*s",
			(int)strcspn(seq + 7, "\""), seq + 7);
	}
	if (f)
		(void)fclose(f);
	free(line);
	qsort(seen, n, sizeof(seen[0]), by_text);
	for (unsigned i = 0; i < n; i++)
		n_new += i == 0 || by_text(&seen[i - 1], &seen[i]) != 0;
	return n_new;
}

static int n_tests, n_failed;

void lives_report(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++n_tests, name);
	(void)fflush(stdout);
}

int lives_in_child(void (*service)(void))
{
	int status = -1, ends[2];
	char c;
	(void)fflush(stdout);
	if (pipe(ends) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		alarm(100); /* a deadlock is a failure, not a wait */
		service();
		_exit(0);
	}
	(void)close(ends[1]);
	(void)waitpid(pid, &status, 0);
	while (read(ends[0], &c, 1) < 0 && errno == EINTR)
		;
	(void)close(ends[0]);
	return status;
}

void lives_next_start(void)
{
	lives_begin();
	tell_info("next");
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

void lives_test(const char *name, void (*service)(void), int want, unsigned lines)
{
	(void)unlink(lives_log);
	int status = lives_in_child(service);
	int next = lives_in_child(lives_next_start);
	unsigned got = lives_lines("\"said\""), left = memory_dir_files(".ring");
	bool ok = (status & ~0x80) == want && next == 0 && got == lines && left == 0 &&
		memory_dir_files(".bad") == 0;
	if (!ok)
		printf("# status %d, next %d, %u lines of %u, %u files left\n", status,
			next, got, lines, left);
	lives_report(ok, name);
}

void lives_skip(const char *why, const char *name)
{
	printf("ok %d - %s # SKIP %s\n", ++n_tests, name, why);
}

int lives_end(void)
{
	printf("1..%d\n", n_tests);
	(void)unlink(lives_log);
	return n_failed != 0;
}
