/* main.c: a shop on 127.0.0.1. `shop 8080`, or `shop` for any free port, which it prints.
 * SIGHUP: read the log's settings again; SIGTERM, SIGINT: the end. Licence: MIT. */
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "log.h"
#include "shop.h"

int main(int argc, char **argv)
{
	uint16_t port = (uint16_t)(argc > 1 ? strtoul(argv[1], NULL, 10) : 0);

	sigset_t
		signals; /* blocked before a thread starts, so that all threads have it so */
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);

	log_open("shop");
	struct MHD_Daemon *http = http_start(&port);
	if (!http) {
		log_msg(LOG_CRIT, "cannot listen on port %u: %s", port, strerror(errno));
		return 1;
	}
	printf("http://127.0.0.1:%u\n", port);
	(void)fflush(stdout);
	log_msg(LOG_NOTICE, "listening on 127.0.0.1:%u", port);

	int signal;
	while (sigwait(&signals, &signal) == 0 && signal == SIGHUP)
		log_reload();
	MHD_stop_daemon(http);
	log_msg(LOG_NOTICE, "stopped by signal %d", signal);
	log_close();
	return 0;
}
