/* left DIR SERVICE N [MESSAGE]: a ring with N records in DIR, as a process that is gone left
 * it. Prints its name. */
#include <stdio.h>
#include <stdlib.h>
#include "support/ring_maker.h"

int main(int argc, char **argv)
{
	static struct ring_maker m;
	if (argc < 4)
		return 64;
	unsigned long n = strtoul(argv[3], NULL, 10);
	ring_maker_begin(&m, argv[1], argv[2]);
	struct tell_lane *l = ring_maker_lane(&m, 1);
	for (unsigned long i = 0; i < n; i++)
		if (!ring_maker_put(&m, l, 1764000000000000000u + i,
			    argc > 4 ? argv[4] : "left behind"))
			return 1;
	puts(ring_maker_end(&m));
	return 0;
}
