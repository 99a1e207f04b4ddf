/* Scenarios of tests/preload/host: what happens to its process. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include "preload/host.h"

static void wait_for(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		_exit(99);
}

void host_fork_storm(void)
{
	openlog("host", LOG_PID, LOG_USER);
	syslog(LOG_INFO, "parent");
	for (int i = 0; i < 1000; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			(void)alarm(20);
			syslog(LOG_INFO, "child %d is %d", i, (int)getpid());
			_exit(0);
		}
		wait_for(pid);
	}
}

void host_vforks(void)
{
	for (volatile int i = 0; i < 20; i++) { /* the child has our variables */
		pid_t pid = vfork();
		if (pid == 0) {
			syslog(LOG_INFO, "vfork %d", (int)syscall(SYS_getpid));
			_exit(0);
		}
		wait_for(pid);
		syslog(LOG_INFO, "parent %d", (int)getpid());
	}
}

void host_close_all(void)
{
	openlog("host", LOG_NDELAY, LOG_USER);
	syslog(LOG_INFO, "before");
	closefrom(0);
	syslog(LOG_INFO, "closed");
	/* The numbers that are free now are the host's. */
	for (int i = 0; i < 5; i++)
		(void)!open("host.db", O_CREAT | O_WRONLY | O_APPEND, 0600);
	for (int i = 0; i < 5; i++)
		syslog(LOG_INFO, "after %d", i);
}

void host_become_daemon(void)
{
	openlog("host", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	syslog(LOG_INFO, "foreground %d", (int)getpid());
	if (daemon(0, 0) == 0)
		syslog(LOG_INFO, "background %d", (int)getpid());
}

void host_change_root(void)
{
	openlog("host", LOG_NDELAY, LOG_USER);
	if (chroot("empty") == 0 && chdir("/") == 0)
		syslog(LOG_INFO, "inside");
}

/* A child whose parent logged, and that may do nothing but end: sshd's, before a login. */
void host_confined(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };
	openlog("host", LOG_NDELAY, LOG_USER);
	syslog(LOG_INFO, "parent");
	pid_t pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
			prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
			_exit(98);
		exit(0);
	}
	wait_for(pid);
}

/* ---- signals and threads ---- */

static volatile sig_atomic_t handled;

static void on_signal(int signal)
{
	(void)signal;
	int saved = errno;
	syslog(LOG_WARNING, "signal %d", (int)++handled);
	errno = saved;
}

void host_signal_storm(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct itimerval every = { { 0, 300 }, { 0, 300 } };
	(void)sigaction(SIGALRM, &action, NULL);
	(void)setitimer(ITIMER_REAL, &every, NULL);
	int n = 0;
	while (handled < 500) {
		char *p = malloc((size_t)(n % 5000) + 1); /* the host's is busy, too */
		syslog(LOG_INFO, "main %d", ++n);
		free(p);
	}
	every = (struct itimerval){ 0 };
	(void)setitimer(ITIMER_REAL, &every, NULL);
	syslog(LOG_NOTICE, "sent %d and %d", n, (int)handled);
}

static void *log_and_rename(void *arg)
{
	int me = *(int *)arg;
	for (int i = 0; i < 200; i++) {
		char ident[32];
		(void)snprintf(ident, sizeof(ident), "thread%d", me);
		openlog(ident, i % 2 ? LOG_PID : 0, LOG_USER);
		syslog(LOG_INFO, "%d of %d", i, me);
	}
	return NULL;
}

void host_threads(void)
{
	pthread_t t[8];
	int numbers[8];
	for (int i = 0; i < 8; i++) {
		numbers[i] = i;
		(void)pthread_create(&t[i], NULL, log_and_rename, &numbers[i]);
	}
	for (int i = 0; i < 8; i++)
		(void)pthread_join(t[i], NULL);
}

static void *log_for_ever(void *unused)
{
	(void)unused;
	for (int i = 0;; i++) {
		syslog(LOG_INFO, "until cancelled");
		pthread_testcancel();
	}
	return NULL;
}

void host_cancelled(void)
{
	(void)alarm(60);
	for (int i = 0; i < 200; i++) {
		pthread_t t;
		(void)pthread_create(&t, NULL, log_for_ever, NULL);
		(void)usleep((unsigned)(i % 7) * 100);
		(void)pthread_cancel(t);
		(void)pthread_join(t, NULL);
	}
	syslog(LOG_NOTICE, "still here");
}

static void *fork_and_log(void *unused)
{
	(void)unused;
	for (int i = 0; i < 25; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			(void)alarm(20);
			syslog(LOG_INFO, "child");
			_exit(0);
		}
		wait_for(pid);
	}
	return NULL;
}

/* Forks while other threads hold every lock there is. */
void host_forking_threads(void)
{
	pthread_t logs[3], forks[2];
	int number = 0;
	for (int i = 0; i < 3; i++)
		(void)pthread_create(&logs[i], NULL, log_for_ever, &number);
	for (int i = 0; i < 2; i++)
		(void)pthread_create(&forks[i], NULL, fork_and_log, NULL);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(forks[i], NULL);
	for (int i = 0; i < 3; i++)
		(void)pthread_cancel(logs[i]);
	syslog(LOG_NOTICE, "all done");
}
