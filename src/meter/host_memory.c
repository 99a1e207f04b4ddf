#include <string.h>
#include "meter/host_part.h"

#define STATE "system_memory_state"

/* What is looked for in /proc/meminfo; in KiB there. */
enum {
	TOTAL,
	FREE,
	AVAILABLE,
	BUFFERS,
	CACHED,
	RECLAIMABLE,
	SWAP_TOTAL,
	SWAP_FREE,
	N_KEYS
};
static const char *const keys[N_KEYS] = { "MemTotal:", "MemFree:", "MemAvailable:",
	"Buffers:", "Cached:", "SReclaimable:", "SwapTotal:", "SwapFree:" };

struct memory {
	uint64_t bytes[N_KEYS];
	bool has[N_KEYS];
};

static void take(struct memory *m, const char *line)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		size_t n = strlen(keys[i]);
		const char *at = line + n;
		if (strncmp(line, keys[i], n) != 0)
			continue;
		m->has[i] = tell_host_number(&at, &m->bytes[i]);
		m->bytes[i] *= 1024;
		return;
	}
}

static void gauge(
	const struct tell_collector *to, const char *name, const char *help, uint64_t n)
{
	tell_host_family(to, name, help, TELL_METRIC_GAUGE);
	to->sample(to->arg, NULL, 0, tell_reading_u64(n));
}

/* The numbers are of slightly different moments: less than nothing is nothing. */
static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static void put_usage(const struct tell_collector *to, const struct memory *m)
{
	uint64_t cached = m->bytes[CACHED] + m->bytes[RECLAIMABLE];
	uint64_t used = less(
		m->bytes[TOTAL], m->bytes[FREE] + m->bytes[BUFFERS] + cached);
	tell_host_family(to, "system_memory_usage_bytes",
		"Memory of the machine, by what it is for.", TELL_METRIC_GAUGE);
	tell_host_sample(to, STATE, "used", tell_reading_u64(used));
	tell_host_sample(to, STATE, "free", tell_reading_u64(m->bytes[FREE]));
	tell_host_sample(to, STATE, "buffers", tell_reading_u64(m->bytes[BUFFERS]));
	tell_host_sample(to, STATE, "cached", tell_reading_u64(cached));
	gauge(to, "system_memory_limit_bytes", "Memory of the machine.", m->bytes[TOTAL]);
}

static void put_paging(const struct tell_collector *to, const struct memory *m)
{
	uint64_t used = less(m->bytes[SWAP_TOTAL], m->bytes[SWAP_FREE]);
	tell_host_family(to, "system_paging_usage_bytes", "Space to swap memory out to.",
		TELL_METRIC_GAUGE);
	tell_host_sample(to, "system_paging_state", "used", tell_reading_u64(used));
	tell_host_sample(
		to, "system_paging_state", "free", tell_reading_u64(m->bytes[SWAP_FREE]));
}

void tell_host_memory(const struct tell_collector *to, const char *proc)
{
	struct tell_host_lines in;
	struct memory m = { 0 };
	tell_host_lines_open(&in, proc, "meminfo");
	for (const char *line; (line = tell_host_lines_next(&in));)
		take(&m, line);
	tell_host_lines_close(&in);
	if (m.has[TOTAL] && m.has[FREE] && m.has[BUFFERS] && m.has[CACHED])
		put_usage(to, &m);
	if (m.has[AVAILABLE])
		gauge(to, "system_linux_memory_available_bytes",
			"Memory that programs can get without swapping.",
			m.bytes[AVAILABLE]);
	if (m.has[SWAP_TOTAL] && m.has[SWAP_FREE])
		put_paging(to, &m);
}
