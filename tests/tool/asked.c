/* A service for tests of ctl and status: SERVICE as its argument; each line on stdin is
 * answered with "ok".
 *
 *	go N	 N records of info from main(), N of debug from cart(), N requests counted
 *	fork	 a child that logs once and stays as long as we do; answered with its pid
 *	mute	 one that logs nothing
 *	daemon	 a child that logs goes on in our place, and we are gone
 *	closeall  close all descriptors from 3 on, as daemons do
 *	hang	 a gauge whose function never returns
 *	end	 the end, as that of stdin
 *	anything else: nothing
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <unistd.h>

static struct tell_counter *requests;
static struct tell_gauge *load;
static struct tell_callback *hanging;

static void cart(unsigned i)
{
	tell_debug("cart", tell_kv("i", i));
}

static void go(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		tell_info("served", tell_kv("i", i));
		cart(i);
		tell_counter_add(tell_counter_with(requests, "GET \"/\"\\", "200"), 1);
	}
}

static void child(const char *order)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (strcmp(order, "fork\n") == 0)
		tell_info("child");
	for (;;)
		(void)pause();
}

static void close_all(void)
{
	for (int fd = 3; fd < 1024; fd++)
		(void)close(fd);
}

static double hang(void *arg)
{
	(void)arg;
	for (;;)
		(void)pause();
}

static void become_daemon(void)
{
	pid_t parent = getpid();
	if (fork() > 0)
		_exit(0);
	while (getppid() == parent)
		(void)usleep(1000); /* as a daemon's that says nothing before */
	tell_info("daemon");
}

int main(int argc, char **argv)
{
	char line[100];
	unsigned n;
	if (argc != 2)
		return 64;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	(void)tell_init(argv[1]);
	(void)tell_counter_new(
		&requests, "requests_total", "Requests \"answered\".", "path status");
	(void)tell_gauge_new(&load, "load_ratio", "How busy.", NULL);
	tell_gauge_set(load, 0.25);
	tell_info("ready");
	puts("ok");
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "end\n") != 0) {
		bool forks = strcmp(line, "fork\n") == 0 || strcmp(line, "mute\n") == 0;
		pid_t pid = forks ? fork() : -1;
		if (pid == 0)
			child(line);
		if (strcmp(line, "closeall\n") == 0)
			close_all();
		if (strcmp(line, "hang\n") == 0)
			(void)tell_gauge_callback(&hanging, load, hang, NULL);
		if (strcmp(line, "daemon\n") == 0)
			become_daemon();
		if (sscanf(line, "go %u", &n) == 1)
			go(n);
		if (pid > 0)
			printf("%d\n", (int)pid);
		else
			puts("ok");
	}
	tell_close();
	return 0;
}
