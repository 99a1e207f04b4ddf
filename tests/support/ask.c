#include "support/ask.h"
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "support/scratch.h"

#define STEP_NS (5 * 1000 * 1000)
#define STEPS	4000 /* 20 s */

static void step(void)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = STEP_NS }, NULL);
}

void ask_set_up(void)
{
	tell_scratch_make();
	ck_assert_int_eq(mkdir(tell_scratch_path("run"), 0700), 0);
	ck_assert_int_eq(setenv("RUNTIME_DIRECTORY", tell_scratch_path("run"), 1), 0);
}

const char *ask_path(const char *service, int pid)
{
	static char path[256];
	(void)snprintf(path, sizeof(path), "%s/telltale/%s.%d.ctl",
		getenv("RUNTIME_DIRECTORY"), service, pid ? pid : (int)getpid());
	for (int i = 0; access(path, F_OK) < 0; i++) {
		ck_assert_msg(i < STEPS, "no %s", path);
		step();
	}
	return path;
}

int ask_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	for (int i = 0; connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0;
		i++) {
		ck_assert_msg(i < STEPS && errno == ECONNREFUSED,
			"cannot connect to %s: %s", path,
			strerror(errno)); /* it is bound before it listens */
		step();
	}
	return fd;
}

const char *ask_bytes(const char *path, const void *bytes, size_t n)
{
	static char answer[1 << 20];
	int fd = ask_connect(path);
	struct timeval patience = { .tv_sec = 20 };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)send(fd, bytes, n, MSG_NOSIGNAL); /* refused: there will be no answer */
	size_t len = 0;
	for (ssize_t got; len < sizeof(answer) - 1; len += (size_t)got) {
		got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);
		ck_assert_msg(got >= 0 || errno == ECONNRESET || errno == EPIPE,
			"no answer: %s", strerror(errno));
		if (got <= 0)
			break;
	}
	answer[len] = '\0';
	(void)close(fd);
	return answer;
}

const char *ask(const char *service, const char *request)
{
	return ask_bytes(ask_path(service, 0), request, strlen(request));
}

/* By their name: a sanitizer has threads, too. */
static bool is_service_thread(const char *tid)
{
	char path[300], name[32] = "";
	(void)snprintf(path, sizeof(path), "/proc/self/task/%s/comm", tid);
	FILE *f = fopen(path, "re");
	if (!f)
		return false; /* it has just ended */
	bool is = fgets(name, sizeof(name), f) && strcmp(name, "telltale\n") == 0;
	(void)fclose(f);
	return is;
}

size_t ask_threads(void)
{
	size_t n = 0;
	DIR *tasks = opendir("/proc/self/task");
	ck_assert_ptr_nonnull(tasks);
	for (const struct dirent *d; (d = readdir(tasks));)
		if (is_service_thread(d->d_name))
			n++;
	(void)closedir(tasks);
	return n;
}

void ask_until(int (*holds)(void), const char *what)
{
	for (int i = 0; !holds(); i++) {
		ck_assert_msg(i < STEPS, "never came true: %s", what);
		step();
	}
}
