#include "health/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "health/module.h"
#include "health/probe.h"
#include "record/record.h"

/* health memory: how much is left, of the cgroup's limit where there is one, else of the
 * machine's. The strictest of the cgroups above counts: each limits those below. */
#define FILE_BYTES 8192

static const struct tell_option options[] = {
	{ "free", TELL_OPTION_RATIO, "10%", NULL, "less than that is unhealthy", false },
	TELL_OPTION_CHECK,
	{ 0 },
};

__attribute__((format(printf, 2, 3))) static int read_file(
	char text[FILE_BYTES], const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	return n < (int)sizeof(path) ? tell_probe_file(path, text, FILE_BYTES)
				     : -ENAMETOOLONG;
}

/* The number behind a word at the begin of a line: "MemAvailable: 123 kB". */
static bool number_of(const char *text, const char *word, uint64_t *ret)
{
	size_t n = strlen(word);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, word, n) == 0 && sscanf(line + n, "%" SCNu64, ret) == 1)
			return true;
	}
	return false;
}

static int of_system(struct tell_memory *ret, const char *root)
{
	char text[FILE_BYTES];
	uint64_t total, left;
	int r = read_file(text, "%s/proc/meminfo", root);
	if (r < 0)
		return r;
	if (!number_of(text, "MemTotal:", &total) ||
		!number_of(text, "MemAvailable:", &left) || total == 0)
		return -ENODATA;
	*ret = (struct tell_memory){ "system", total * 1024, left * 1024,
		(double)left / (double)total };
	return 0;
}

/* One cgroup; false: it has no limit. */
static bool of_group(struct tell_memory *ret, const char *root, const char *group)
{
	char text[FILE_BYTES];
	uint64_t max, used, cache = 0;
	if (read_file(text, "%s/sys/fs/cgroup%s/memory.max", root, group) < 0 ||
		sscanf(text, "%" SCNu64, &max) != 1 || max == 0) /* "max": none */
		return false;
	if (read_file(text, "%s/sys/fs/cgroup%s/memory.current", root, group) < 0 ||
		sscanf(text, "%" SCNu64, &used) != 1)
		return false;
	if (read_file(text, "%s/sys/fs/cgroup%s/memory.stat", root, group) >= 0)
		(void)number_of(text, "inactive_file ", &cache); /* else 0 */
	used -= cache < used ? cache : used;
	uint64_t left = max > used ? max - used : 0;
	*ret = (struct tell_memory){ "cgroup", max, left, (double)left / (double)max };
	return true;
}

int tell_memory_read(struct tell_memory *ret, const char *root)
{
	char text[FILE_BYTES];
	struct tell_memory one;
	root = root ? root : "";
	int r = of_system(ret, root);
	bool found = r == 0;
	char *group = read_file(text, "%s/proc/self/cgroup", root) >= 0
		? strstr(text, "0::/")
		: NULL;
	if (!group)
		return r;
	group += strlen("0::");
	group[strcspn(group, "\n")] = '\0';
	for (;;) {
		size_t n = strlen(group);
		if (of_group(&one, root, n == 1 ? "" : group) &&
			(!found || one.free_ratio < ret->free_ratio)) {
			*ret = one;
			found = true;
		}
		if (n <= 1)
			break;
		char *slash = strrchr(group, '/');
		slash[slash == group] = '\0'; /* the one above; the first is "/" */
	}
	return found ? 0 : r;
}

static int open_memory(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	double *least = malloc(sizeof(*least));
	(void)why;
	if (!least)
		return -ENOMEM;
	*least = tell_args_f64(args, "free");
	*ret = least;
	return 0;
}

static enum tell_verdict run_memory(void *state, struct tell_run *run)
{
	const double *least = state;
	struct tell_memory m;
	int r = tell_memory_read(&m, NULL);
	if (r < 0)
		return tell_probe_say(run, TELL_UNAVAILABLE,
			"cannot read how much is left: %s", strerrordesc_np(-r));
	const struct tell_field fields[] = {
		tell_str("source", m.source),
		tell_f64("free_ratio", m.free_ratio),
		tell_u64("free_bytes", m.free_bytes),
		tell_u64("limit_bytes", m.limit_bytes),
	};
	tell_record_add(run->record, fields, 4, 0, NULL);
	if (m.free_ratio >= *least)
		return TELL_SUCCESS;
	return tell_probe_say(run, TELL_FULL,
		"%.1f%% of the %s's memory is free, less than %g%%", 100 * m.free_ratio,
		m.source, 100 * *least);
}

const struct tell_module tell_health_memory = {
	TELL_MODULE_ABI,
	"health",
	"memory",
	"looks for memory, in the cgroup or the machine",
	.options = options,
	.open = open_memory,
	.run = run_memory,
	.close = free,
};
