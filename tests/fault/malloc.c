/* FAULTS row 14: memory is out at the n-th allocation, n = 1 until a run has none left to
 * fail; once alone, and once with all that follow. A child a run, so that each begins as a
 * fresh process does; a sanitizer looks at each child's end. Prints TAP.
 *
 * Required: no crash, no leak; a record is whole, or marked as cut, or counted as lost;
 * nothing secret comes out; and once there is memory again, records arrive. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "record/thread.h"
#include "stack/stack.h"

#define RUNS_MAX  5000
#define BIG_BYTES ((size_t)1 << 20)

enum { CHILD_FAILED = 1, CHILD_CLEAN = 10 }; /* clean: nothing was left to fail */

/* ---- allocations: the linker's --wrap= brings them here ---------------------------------- */

static struct {
	bool armed, for_good;
	unsigned long n, failing;
} memory;

static bool out_of_memory(void)
{
	if (!memory.armed)
		return false;
	memory.n++;
	bool out = memory.for_good ? memory.n >= memory.failing
				   : memory.n == memory.failing;
	if (out)
		errno = ENOMEM;
	return out;
}

/* The linker's two names for each function. */
#define WRAP(result, name, parameters, arguments)                                        \
	result __real_##name parameters;                                                 \
	result __wrap_##name parameters;                                                 \
	result __wrap_##name parameters                                                  \
	{                                                                                \
		return out_of_memory() ? NULL : __real_##name arguments;                 \
	}
WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *p, size_t size), (p, size))
WRAP(void *, reallocarray, (void *p, size_t n, size_t size), (p, n, size))
WRAP(void *, aligned_alloc, (size_t align, size_t size), (align, size))
WRAP(char *, strdup, (const char *s), (s))
WRAP(char *, strndup, (const char *s, size_t n), (s, n))

/* No daemon of this machine hears of it when the default sinks stand in. */
int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
	(void)domain, (void)type, (void)protocol;
	errno = EAFNOSUPPORT;
	return -1;
}

/* ---- what is logged ---------------------------------------------------------------------- */

static char dir[] = "/tmp/telltale-malloc.XXXXXX", stack[512], stack_path[64], path[64],
	    said_path[64], secret[32];
static char *big;
static unsigned n_calls; /* records that must arrive or be counted */
static uint64_t counted; /* as lost, by stacks that are gone */

static void count_losses(void)
{
	struct tell_stack_stats stats;
	struct tell_stack *s = tell__stack();
	if (!s)
		return;
	tell_stack_stats(s, &stats);
	counted += stats.undelivered;
}

static void first_call(void)
{
	n_calls++;
	tell_info("oom plain", tell_kv("a", 1), tell_kv("b", "two"));
	n_calls++;
	tell_infof("oom formatted %d %s", 1, "two");
	n_calls++;
	tell_warning(tell_fmt("oom %s", "both"), tell_kv("a", 1), tell_kv("b", "two"));
}

static void start(void)
{
	(void)tell__init_text("oom", stack);
	first_call();
	count_losses();
	(void)tell_reload();
	first_call();
	(void)tell_flush(1000);
	count_losses();
	tell_close();
	first_call();
}

static void fields(void)
{
	struct tell *t = tell_with(NULL, tell_kv("bound", 5));
	struct tell_context *c = tell_context_new(tell_kv("peer", "here"));
	TELL_SCOPE(tell_kv("request_id", "r1"));
	TELL_ENTER(c);
	n_calls++;
	tell_to(t, TELL_NOTICE, "oom handle", tell_kv("a", 1), tell_kv("b", "two"));
	struct tell_context *captured = tell_context_capture();
	tell_context_free(tell_context_ref(captured));
	n_calls++;
	tell_info("oom list", tell_list("l", "x", 2), tell_bytes("raw", "\0\1", 2),
		tell_kv("a", 1), tell_kv("b", "two"));
	(void)tell_level_set("logger:none debug");
	tell_context_free(captured);
	tell_context_free(c);
	tell_free(t);
}

static void secrets(void)
{
	TELL_SCOPE(tell_kv("session_token", secret));
	n_calls++;
	tell_info("oom masked", tell_kv("password", secret), tell_secret("s", secret),
		tell_kv("a", 1), tell_kv("b", "two"));
	char text[128];
	(void)snprintf(text, sizeof(text), "oom told password=%s in its text", secret);
	n_calls++;
	tell_info(text, tell_kv("a", 1), tell_kv("b", "two"));
	(void)snprintf(text, sizeof(text), "https://me:%s@example.net/", secret);
	n_calls++;
	tell_info("oom url", tell_kv("url", text), tell_kv("a", 1), tell_kv("b", "two"));
}

static void big_one(void)
{
	n_calls++;
	tell_info(big, tell_kv("password", secret), tell_kv("a", 1), tell_kv("b", "two"));
	n_calls++;
	tell_infof("%s password=%s", big, secret);
}

static const struct scenario {
	const char *name;
	void (*run)(void);
	bool started; /* with memory, before */
} scenarios[] = { { "the start, the first calls, a reload, a close", start, false },
	{ "scopes, a handle, a context, lists", fields, true },
	{ "secrets", secrets, true }, { "1 MiB messages", big_one, true } };

/* ---- what came of it --------------------------------------------------------------------- */

static bool failed;

static void need(bool ok, const char *what, const char *line)
{
	if (ok)
		return;
	failed = true;
	printf("# allocation %lu%s: %s: %.300s\n", memory.failing,
		memory.for_good ? " and all later" : "", what, line);
}

/* Whole, or it says itself that it is not. */
static bool is_whole(const char *line, size_t len)
{
	if (len < 2 || line[0] != '{' || line[len - 1] != '}')
		return false;
	if (strstr(line, "\"cut\":") || strstr(line, "[REDACTED:error]"))
		return true;
	if (strstr(line, "oom formatted"))
		return strstr(line, "oom formatted 1 two\"") != NULL;
	const char *m = strstr(line, "\"message\":\"mmm");
	if (m) {
		const char *end = m + strlen("\"message\":\"") + BIG_BYTES;
		return strspn(end - BIG_BYTES, "m") == BIG_BYTES &&
			(*end == '"' || strncmp(end, " password=[REDACTED", 19) == 0);
	}
	return strstr(line, "\"a\":1") && strstr(line, "\"b\":\"two\"");
}

/* A record of first_call() and the others, also one whose message found no memory. */
static bool is_ours(const char *line)
{
	return strstr(line, "oom ") || strstr(line, "\"message\":\"mmm") ||
		strstr(line, "\"message\":\"(out of memory)\"") ||
		strstr(line, "\"message\":\"[REDACTED:error]\"") ||
		(strstr(line, "\"message\":\"\"") && strstr(line, "\"cut\":"));
}

static unsigned read_lines(const char *from)
{
	unsigned n = 0;
	char *line = NULL;
	size_t cap = 0;
	FILE *f = fopen(from, "re");
	for (ssize_t got; f && (got = getline(&line, &cap, f)) > 0;) {
		size_t len = (size_t)got - (line[got - 1] == '\n');
		line[len] = '\0';
		need(!strstr(line, secret), "a secret came out", line);
		if (!is_ours(line))
			continue;
		n++;
		need(is_whole(line, len), "a record is not whole", line);
	}
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

static void judge(void)
{
	count_losses();
	uint64_t lost = counted + tell_process.lost.memory;
	unsigned n = read_lines(path) + read_lines(said_path);
	char text[128];
	(void)snprintf(text, sizeof(text), "%u calls, %u arrived, %llu counted as lost",
		n_calls, n, (unsigned long long)lost);
	need(n <= n_calls && n + lost >= n_calls, "records are missing", text);

	tell_close();
	(void)unlink(path);
	n_calls = 0;
	first_call();
	need(read_lines(path) == 3, "records do not arrive afterwards", "");
}

static int child(const struct scenario *s)
{
	int said = open(
		said_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (said < 0 || dup2(said, STDERR_FILENO) < 0)
		return CHILD_FAILED;
	(void)close(said);
	(void)unlink(path);
	if (s->started && tell__init_text("oom", stack) != 0)
		return CHILD_FAILED;
	memory.n = 0;
	memory.armed = true;
	s->run();
	memory.armed = false;
	if (memory.n < memory.failing)
		return CHILD_CLEAN;
	judge();
	return failed ? CHILD_FAILED : 0;
}

/* The end of a run, as its parent sees it; stderr of who crashed is shown. */
static int run(const struct scenario *s)
{
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		exit(child(s));
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return CHILD_FAILED;
	if (WIFEXITED(status) &&
		(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CHILD_CLEAN))
		return WEXITSTATUS(status);
	printf("# allocation %lu%s: ended with status 0x%x; it said:\n", memory.failing,
		memory.for_good ? " and all later" : "", (unsigned)status);
	char line[512];
	FILE *f = fopen(said_path, "re");
	for (int i = 0; f && i < 40 && fgets(line, sizeof(line), f); i++)
		printf("# %s%s", line, strchr(line, '\n') ? "" : "\n");
	if (f)
		(void)fclose(f);
	return CHILD_FAILED;
}

static bool fail_each(const struct scenario *s, bool for_good)
{
	bool ok = true;
	int r = 0;
	memory.for_good = for_good;
	for (memory.failing = 1; memory.failing < RUNS_MAX; memory.failing++) {
		r = run(s);
		if (r == CHILD_CLEAN)
			break;
		ok &= r == 0;
	}
	printf("# %lu allocations failed\n", memory.failing - 1);
	return ok && r == CHILD_CLEAN && memory.failing > 1;
}

static bool set_up(void)
{
	if (!mkdtemp(dir) || !(big = malloc(BIG_BYTES + 1)))
		return false;
	memset(big, 'm', BIG_BYTES);
	big[BIG_BYTES] = '\0';
	(void)snprintf(secret, sizeof(secret), "%s-%s", "xyzzy4711", "hunter2");
	(void)snprintf(stack_path, sizeof(stack_path), "%s/oom", dir);
	(void)snprintf(path, sizeof(path), "%s/log.jsonl", dir);
	(void)snprintf(said_path, sizeof(said_path), "%s/said", dir);
	(void)snprintf(stack, sizeof(stack),
		"service required settings limit=2MiB\n"
		"enrich optional set region=eu\n"
		"filter required level min=debug\n"
		"filter required match [when=not message~\"^never$\" and 1 + 1 = 2]\n"
		"redact requisite keys add=nothing_else\n"
		"redact requisite detect\n"
		"sink required file path=%s\n",
		path);
	FILE *f = fopen(stack_path, "we");
	if (!f || fputs(stack, f) < 0 || fclose(f) != 0)
		return false;
	return setenv("TELLTALE_CONFDIR", dir, 1) == 0;
}

int main(void)
{
	int n = 0, n_failed = 0;
	if (!set_up())
		return 99;
	for (size_t i = 0; i < 2 * sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		const struct scenario *s = &scenarios[i / 2];
		bool ok = fail_each(s, i % 2);
		n_failed += !ok;
		printf("%sok %d - fault_14 %s: the n-th allocation fails%s\n",
			ok ? "" : "not ", ++n, s->name,
			i % 2 ? ", and all later ones" : "");
	}
	printf("1..%d\n", n);
	free(big);
	(void)unlink(stack_path);
	(void)unlink(path);
	(void)unlink(said_path);
	(void)rmdir(dir);
	return n_failed > 0;
}
