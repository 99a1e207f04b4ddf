/* left DIR SERVICE N [MESSAGE]: a ring with N records in DIR, as a process that is gone left
 * it. Prints its name.
 * left killed SERVICE N: logs N records as a service does, and is killed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include "support/ring_maker.h"

static int log_and_be_killed(const char *service, unsigned long n)
{
	(void)tell_init(service);
	for (unsigned long i = 0; i < n; i++)
		tell_info("left in a queue", tell_kv("i", i));
	return raise(SIGKILL);
}

int main(int argc, char **argv)
{
	static struct ring_maker m;
	if (argc < 4)
		return 64;
	unsigned long n = strtoul(argv[3], NULL, 10);
	if (strcmp(argv[1], "killed") == 0)
		return log_and_be_killed(argv[2], n);
	ring_maker_begin(&m, argv[1], argv[2]);
	struct tell_lane *l = ring_maker_lane(&m, 1);
	for (unsigned long i = 0; i < n; i++)
		if (!ring_maker_put(&m, l, 1764000000000000000u + i,
			    argc > 4 ? argv[4] : "left behind"))
			return 1;
	puts(ring_maker_end(&m));
	return 0;
}
