/* What tests of processes need and a shell cannot do.
 *
 *	process default COMMAND...          with all signals as after boot
 *	process blocked COMMAND...          with USR1 and CHLD blocked, HUP ignored
 *	process ignored COMMAND...          with CHLD ignored
 *	process notify SOCKET COMMAND...    as a service manager: prints what COMMAND tells it,
 *	                                    "own" when its own process did, and its status
 *	process say TEXT                    tells the service manager, by $NOTIFY_SOCKET
 *	process orphan COMMAND...           COMMAND as an orphan, once its parent is gone
 *	process status                      of this process, as /proc tells it: what exec keeps */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char **command)
{
	(void)execvp(command[0], command);
	perror(command[0]);
	return 127;
}

static int with_defaults(char **command)
{
	sigset_t none;
	(void)sigemptyset(&none);
	for (int s = 1; s <= SIGRTMAX; s++)
		(void)signal(s, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	return run(command);
}

static int with_blocked(char **command)
{
	sigset_t set;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGHUP, SIG_IGN);
	return run(command);
}

static int with_ignored(char **command)
{
	(void)signal(SIGCHLD, SIG_IGN);
	return run(command);
}

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	(void)snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	return sa;
}

static void print_one(int fd, pid_t own)
{
	char text[512];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = { text, sizeof(text) - 1 };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	struct ucred who = { 0 };
	if (n < 0)
		return;
	if (c && c->cmsg_type == SCM_CREDENTIALS)
		memcpy(&who, CMSG_DATA(c), sizeof(who));
	text[n] = '\0';
	(void)printf("%s: %s\n", who.pid == own ? "own" : "another", text);
}

static int notify(const char *path, char **command)
{
	int on = 1, status = 0;
	struct sockaddr_un sa = address_of(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
		setenv("NOTIFY_SOCKET", path, 1) < 0)
		return 71;
	pid_t child = fork();
	if (child == 0)
		_exit(run(command));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (waitpid(child, &status, WNOHANG) == 0)
		if (poll(&p, 1, 20) > 0)
			print_one(fd, child);
	while (poll(&p, 1, 0) > 0)
		print_one(fd, child);
	(void)printf("status %d, signal %d\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}

static int say(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa = address_of(path ? path : "");
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return sendto(fd, text, strlen(text), 0, (struct sockaddr *)&sa, sizeof(sa)) < 0;
}

static int as_orphan(char **command)
{
	pid_t parent = getpid(), child = fork();
	if (child != 0)
		return child < 0;
	while (getppid() == parent)
		(void)usleep(1000);
	return run(command);
}

/* Signals, and the open descriptors with what they are but for 1 and 2. */
static int status(void)
{
	char line[512];
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof(line), f))
		if ((strncmp(line, "Sig", 3) == 0 && line[3] != 'Q') ||
			strncmp(line, "ShdPnd", 6) == 0)
			(void)printf("%.7s%s", line, line + 8);
	if (f)
		(void)fclose(f);
	for (int fd = 0; fd < 1024; fd++) {
		struct stat st;
		if (fstat(fd, &st) == 0)
			(void)printf("fd %d %lu\n", fd,
				fd == 1 || fd == 2 ? 0 : (unsigned long)st.st_ino);
	}
	(void)printf("umask %o group %d session %d parent %d\n", umask(0), getpgrp(),
		getsid(0), getppid());
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	if (strcmp(what, "default") == 0 && argc > 2)
		return with_defaults(argv + 2);
	if (strcmp(what, "blocked") == 0 && argc > 2)
		return with_blocked(argv + 2);
	if (strcmp(what, "ignored") == 0 && argc > 2)
		return with_ignored(argv + 2);
	if (strcmp(what, "notify") == 0 && argc > 3)
		return notify(argv[2], argv + 3);
	if (strcmp(what, "say") == 0 && argc == 3)
		return say(argv[2]);
	if (strcmp(what, "orphan") == 0 && argc > 2)
		return as_orphan(argv + 2);
	return strcmp(what, "status") == 0 ? status() : 64;
}
