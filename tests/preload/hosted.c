#include "preload/hosted.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/journal_entry.h"
#include "support/peer.h"
#include "support/scratch.h"

#define ENVIRONMENT_MAX 16
#define DATAGRAM_MAX	((size_t)1 << 20)
#define PATIENCE_MS	10000

struct datagram {
	char *bytes;
	size_t len;
};

static struct {
	char library[4096], program[4096], socket[128], stacks[256];
	char *environment[ENVIRONMENT_MAX];
	size_t n_environment;
	int fd, pid;
	struct datagram *all;
	size_t n, at;
	struct journal_entry entry;
} hosted;

static const char *built(const char *name)
{
	static char path[4096];
	const char *top = getenv("top_builddir");
	(void)snprintf(path, sizeof(path), "%s/%s", top ? top : ".", name);
	return path;
}

bool hosted_possible(void)
{
	const char *flags = getenv("TELL_SANITIZE");
	if (flags && strstr(flags, "-fsanitize"))
		return false;
	(void)snprintf(hosted.library, sizeof(hosted.library), "%s",
		built(".libs/libtelltale-preload.so"));
	return access(hosted.library, R_OK) == 0;
}

void hosted_program(const char *name)
{
	char relative[128];
	(void)snprintf(relative, sizeof(relative), "tests/preload/%s", name);
	char *real = realpath(*name == '/' ? name : built(relative), NULL);
	ck_assert_msg(real != NULL, "no program %s", name);
	(void)snprintf(hosted.program, sizeof(hosted.program), "%s", real);
	free(real);
}

void hosted_begin(const char *lines)
{
	ck_assert(hosted_possible());
	char *real = realpath(hosted.library, NULL);
	(void)snprintf(hosted.library, sizeof(hosted.library), "%s", real);
	free(real);
	hosted_program("host");
	tell_scratch_make();
	(void)snprintf(
		hosted.socket, sizeof(hosted.socket), "%s", tell_scratch_path("socket"));
	(void)snprintf(
		hosted.stacks, sizeof(hosted.stacks), "%s", tell_scratch_path("stacks"));
	ck_assert_int_eq(mkdir(hosted.stacks, 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("empty"), 0755), 0);
	ck_assert_int_eq(chmod(tell_scratch_path("."), 0755), 0);
	hosted.fd = tell_peer_datagram(hosted.socket);
	ck_assert_int_eq(chmod(hosted.socket, 0777), 0);
	char stack[2048] = "";
	const char *at = strchr(lines, '@');
	if (at)
		(void)snprintf(stack, sizeof(stack), "%.*s%s%s\n", (int)(at - lines),
			lines, tell_scratch_path("."), at + 1);
	else
		(void)snprintf(stack, sizeof(stack), "%s\n", lines);
	if (!strstr(lines, "sink"))
		(void)snprintf(stack, sizeof(stack),
			"%s\nsink required journald socket=%s message=bare\n", lines,
			hosted.socket);
	tell_scratch_write(tell_scratch_path("stacks/host"), stack);
	ck_assert_int_eq(chmod(tell_scratch_path("stacks/host"), 0644), 0);
}

void hosted_end(void)
{
	(void)close(hosted.fd);
	for (size_t i = 0; i < hosted.n; i++)
		free(hosted.all[i].bytes);
	for (size_t i = 0; i < hosted.n_environment; i++)
		free(hosted.environment[i]);
	free(hosted.all);
	hosted.all = NULL;
	hosted.n = hosted.at = hosted.n_environment = 0;
	tell_scratch_remove();
}

void hosted_environment(const char *assignment)
{
	ck_assert_uint_lt(hosted.n_environment, ENVIRONMENT_MAX);
	hosted.environment[hosted.n_environment++] = strdup(assignment);
}

/* ---- running ---- */

static void point(int fd, const char *file)
{
	int to = open(tell_scratch_path(file), O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (to < 0 || dup2(to, fd) < 0)
		_exit(97);
	(void)close(to);
}

static void become(const char *scenario, bool taken)
{
	point(STDOUT_FILENO, "stdout");
	point(STDERR_FILENO, "stderr");
	(void)setenv("TELLTALE_CONFDIR", hosted.stacks, 1);
	for (size_t i = 0; i < hosted.n_environment; i++)
		(void)putenv(hosted.environment[i]);
	if (taken)
		(void)setenv("LD_PRELOAD", hosted.library, 1);
	if (chdir(tell_scratch_path(".")) == 0)
		(void)execl(hosted.program, strrchr(hosted.program, '/') + 1, scenario,
			(char *)NULL);
	_exit(96);
}

/* What came within ms. False: nothing. */
static bool take_one(unsigned ms)
{
	static char bytes[DATAGRAM_MAX];
	long n = tell_peer_receive(hosted.fd, bytes, sizeof(bytes), ms, NULL);
	if (n < 0)
		return false;
	hosted.all = realloc(hosted.all, (hosted.n + 1) * sizeof(*hosted.all));
	struct datagram *d = &hosted.all[hosted.n++];
	d->bytes = malloc((size_t)n + 1);
	d->len = (size_t)n;
	memcpy(d->bytes, bytes, d->len);
	d->bytes[n] = '\0';
	return true;
}

static int run(const char *scenario, bool taken)
{
	int status;
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		become(scenario, taken);
	hosted.pid = pid;
	for (;;) {
		while (take_one(1))
			;
		pid_t ended = waitpid(pid, &status, WNOHANG);
		ck_assert(ended >= 0 || errno == EINTR);
		if (ended == pid)
			break;
	}
	while (take_one(0))
		;
	return status;
}

int hosted_run(const char *scenario)
{
	return run(scenario, true);
}

int hosted_run_bare(const char *scenario)
{
	return run(scenario, false);
}

void hosted_wait(size_t n)
{
	while (hosted.n < n)
		ck_assert(take_one(PATIENCE_MS));
}

int hosted_pid(void)
{
	return hosted.pid;
}

/* ---- what came ---- */

bool hosted_next(void)
{
	if (hosted.at == hosted.n)
		return false;
	const struct datagram *d = &hosted.all[hosted.at++];
	ck_assert(journal_entry_read(&hosted.entry, d->bytes, d->len));
	return true;
}

const char *hosted_field(const char *name)
{
	static char *texts[8];
	static unsigned at;
	const struct journal_field *f = journal_entry_find(&hosted.entry, name, NULL);
	char **text = &texts[at++ % 8];
	free(*text);
	*text = calloc(1, f ? f->value_len + 1 : 1);
	if (f)
		memcpy(*text, f->value, f->value_len);
	return *text;
}

size_t hosted_count(void)
{
	return hosted.n;
}

size_t hosted_count_of(const char *message)
{
	size_t count = 0, n = strlen(message);
	static struct journal_entry entry;
	for (size_t i = 0; i < hosted.n; i++) {
		const struct datagram *d = &hosted.all[i];
		ck_assert(journal_entry_read(&entry, d->bytes, d->len));
		const struct journal_field *f = journal_entry_find(
			&entry, "MESSAGE", NULL);
		count += f && f->value_len >= n && memcmp(f->value, message, n) == 0;
	}
	return count;
}

const char *hosted_path(const char *name)
{
	return tell_scratch_path(name);
}

char *hosted_file(const char *name)
{
	size_t len;
	return tell_scratch_read(tell_scratch_path(name), &len);
}
