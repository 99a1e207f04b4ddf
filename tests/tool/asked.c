/* A service for tests of ctl and status: SERVICE as its argument; each line on stdin is
 * answered with "ok".
 *
 *	go N	 N records of info from main(), N of debug from cart(), N requests counted
 *	fork	 a child that logs once and stays as long as we do; answered with its pid
 *	anything else: nothing
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <unistd.h>

static struct tell_counter *requests;
static struct tell_gauge *load;

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

static void child(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	tell_info("child");
	for (;;)
		(void)pause();
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
	while (fgets(line, sizeof(line), stdin)) {
		pid_t pid = strcmp(line, "fork\n") == 0 ? fork() : -1;
		if (pid == 0)
			child();
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
