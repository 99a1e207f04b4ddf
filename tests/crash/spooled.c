/* FAULTS rows 1 and 2 for the spool: a process that is killed while it writes and hands on, at the
 * named points (builds with assertions) and at random ones. Whoever opens the spool next gets
 * every record that append() had taken and that was not confirmed, in order. Prints TAP. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <telltale/field.h>
#include <time.h>
#include <unistd.h>

#include "base/crash.h"
#include "spool/spool.h"

#define RECORDS 3000
#define KILLS	60

static const char *const points[] = { "spool-segment-create", "spool-written",
	"spool-sealed", "spool-before-position", "spool-position", "spool-before-unlink",
	"spool-unlink" };

static struct shared {
	volatile uint64_t taken, confirmed; /* by the one that dies */
} * shared;

static char dir[] = "/tmp/spooled.XXXXXX";
static const struct tell_spool_options options = { .limit = 2 << 20,
	.sync = TELL_SPOOL_SYNC_BATCH };

static void live(void)
{
	struct tell_record record = { 0 }, read;
	struct tell_spool *s;
	char text[400];
	memset(text, 'x', sizeof(text));
	if (tell_spool_open(&s, dir, "it", "it", &options) < 0)
		_exit(1);
	for (uint64_t i = 1; i <= RECORDS; i++) {
		const struct tell_field fields[] = { tell_u64("i", i),
			tell_strn("x", text, sizeof(text)) };
		if (tell_record_begin(&record, 6, 0) < 0)
			_exit(2);
		tell_record_add(&record, fields, 2, 0, NULL);
		if (tell_spool_append(s, &record) < 0)
			_exit(3);
		shared->taken = i;
		if (i % 3 && tell_spool_next(s, &read) == 1)
			tell_spool_sent(s);
		if (i % 50)
			continue;
		shared->confirmed = s->sent - 1;
		(void)tell_spool_confirm(s, s->sent);
	}
	tell_spool_leave(s);
	_exit(0);
}

/* What the next one finds: NULL, or what is wrong. */
static const char *look(void)
{
	struct tell_spool *s;
	struct tell_record r;
	struct tell_value v;
	uint64_t expected = 0;
	const char *wrong = NULL;
	if (tell_spool_open(&s, dir, "it", "it", &options) < 0)
		return "it cannot be opened";
	while (!wrong && tell_spool_next(s, &r) == 1) {
		uint64_t i = tell_record_get(&r, "i", 1, &v) ? tell_value_u64(&v) : 0;
		if (expected == 0 && i > shared->confirmed + 1)
			wrong = "a record before the first is missing";
		else if (expected && i != expected)
			wrong = "one is missing, or not in order";
		expected = i + 1;
		tell_spool_sent(s);
	}
	if (!wrong && shared->confirmed < shared->taken && expected <= shared->taken)
		wrong = "the last ones are missing";
	if (!wrong && s->damaged)
		wrong = "it counts damage";
	(void)tell_spool_confirm(s, s->next);
	tell_spool_close(s);
	return wrong;
}

static const char *die(const char *at, unsigned after_us)
{
	*shared = (struct shared){ 0 };
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		if (at)
			(void)setenv("TELL_CRASH_AT", at, 1);
		live();
	}
	struct timespec t = { .tv_nsec = after_us * 1000L };
	int status = 0;
	if (!at) {
		(void)nanosleep(&t, NULL);
		(void)kill(pid, SIGKILL);
	}
	(void)waitpid(pid, &status, 0);
	const char *wrong = look();
	return at && !WIFSIGNALED(status) ? "it did not die there" : wrong;
}

static unsigned n_tests, n_bad;

static void report(const char *wrong, const char *name, unsigned nth)
{
	n_bad += wrong != NULL;
	printf("%sok %u - fault_2 killed at %s, %u\n", wrong ? "not " : "", ++n_tests,
		name, nth);
	if (wrong)
		printf("# %s; taken %llu, confirmed %llu\n", wrong,
			(unsigned long long)shared->taken,
			(unsigned long long)shared->confirmed);
}

int main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || !mkdtemp(dir))
		return 99;
	static const unsigned turns[] = { 1, 2, 4 };
	for (size_t i = 0; tell_crash_points() && i < sizeof(points) / sizeof(points[0]);
		i++)
		for (size_t k = 0; k < sizeof(turns) / sizeof(turns[0]); k++) {
			char at[64];
			(void)snprintf(at, sizeof(at), "%s:%u", points[i], turns[k]);
			report(die(at, 0), points[i], turns[k]);
		}
	srandom((unsigned)time(NULL));
	const char *wrong = NULL;
	for (unsigned i = 0; i < KILLS && !wrong; i++)
		wrong = die(NULL, (unsigned)(random() % 30000));
	report(wrong, "random times", KILLS);
	printf("1..%u\n", n_tests);
	(void)rmdir(dir);
	return n_bad != 0;
}
