#include <string.h>
#include <unistd.h>
#include "meter/host_part.h"

/* The numbers of the line "cpu", in the kernel's order: proc(5), /proc/stat. Those of guests,
 * which come behind, are in user and nice already. */
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, N_TIMES };

static double seconds(uint64_t ticks)
{
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void put(const struct tell_collector *to, const char *mode, uint64_t ticks)
{
	tell_host_sample(
		to, "cpu_mode", mode, (struct tell_reading){ .f64 = seconds(ticks) });
}

/* Of all processors together; the line is the first one. */
void tell_host_cpu(const struct tell_collector *to, const char *proc)
{
	struct tell_host_lines in;
	uint64_t times[N_TIMES];
	size_t n = 0;
	tell_host_lines_open(&in, proc, "stat");
	const char *line = tell_host_lines_next(&in);
	if (line && strncmp(line, "cpu ", 4) == 0)
		for (line += 4; n < N_TIMES && tell_host_number(&line, &times[n]);)
			n++;
	tell_host_lines_close(&in);
	if (n < N_TIMES)
		return;
	tell_host_family(to, "system_cpu_time_seconds",
		"Time of all processors together, by what they did.",
		TELL_METRIC_COUNTER);
	put(to, "user", times[USER]);
	put(to, "nice", times[NICE]);
	put(to, "system", times[SYSTEM]);
	put(to, "idle", times[IDLE]);
	put(to, "iowait", times[IOWAIT]);
	put(to, "interrupt", times[IRQ] + times[SOFTIRQ]);
	put(to, "steal", times[STEAL]);
}
