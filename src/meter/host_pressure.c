#include <stdio.h>
#include <string.h>
#include "meter/host_part.h"

#define NAME "system_pressure_stall_seconds"
#define HELP                                                                             \
	"Time in which some task, or all that were not idle (full), waited for a resource."

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234567", of microseconds. */
static bool read_line(const char *line, const char *word, uint64_t *ret)
{
	static const char key[] = " total=";
	size_t n = strlen(word);
	const char *at = strstr(line, key);
	if (strncmp(line, word, n) != 0 || line[n] != ' ' || !at)
		return false;
	at += sizeof(key) - 1;
	return tell_host_number(&at, ret);
}

static void put(const struct tell_collector *to, const char *resource, const char *stall,
	uint64_t us, bool *begun)
{
	const struct tell_label labels[] = { { "resource", resource },
		{ "stall", stall } };
	if (!*begun)
		tell_host_family(to, NAME, HELP, TELL_METRIC_COUNTER);
	*begun = true;
	to->sample(to->arg, labels, 2, (struct tell_reading){ .f64 = (double)us / 1e6 });
}

/* A kernel without PSI, or one that was told psi=0, has none of these files. */
void tell_host_pressure(const struct tell_collector *to, const char *proc)
{
	static const char *const resources[] = { "cpu", "memory", "io", "irq" };
	static const char *const stalls[] = { "some", "full" };
	bool begun = false;
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		struct tell_host_lines in;
		char name[32];
		uint64_t us;
		(void)snprintf(
			name, sizeof(name), "pressure/%s", resources[i]); /* fits */
		tell_host_lines_open(&in, proc, name);
		for (const char *line; (line = tell_host_lines_next(&in));)
			for (size_t k = 0; k < 2; k++)
				if (read_line(line, stalls[k], &us))
					put(to, resources[i], stalls[k], us, &begun);
		tell_host_lines_close(&in);
	}
}
