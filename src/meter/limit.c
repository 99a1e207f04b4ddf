#include "meter/limit.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "meter/registry.h"

struct tell_limit {
	struct tell_limit *older;
	uint32_t series;
	char metric[TELL_METRIC_NAME + 1];
};

static struct tell_limit *limits; /* the newest first; under the registry's lock */

uint32_t tell_limit_of(const char *metric)
{
	const struct tell_limit *all = NULL;
	for (const struct tell_limit *l = limits; l; l = l->older) {
		if (strcmp(l->metric, metric) == 0)
			return l->series;
		if (!all && strcmp(l->metric, TELL_LIMIT_ALL) == 0)
			all = l;
	}
	return all ? all->series : TELL_SERIES_MAX;
}

int tell_limit_new(struct tell_limit **ret, const char *metric, uint64_t series)
{
	size_t len = tell_metric_base(metric);
	bool all = strcmp(metric, TELL_LIMIT_ALL) == 0;
	if ((!all && !tell_metric_name_ok(metric, len)) || series == 0 ||
		series > TELL_LIMIT_MOST)
		return -EINVAL;
	struct tell_limit *l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	memcpy(l->metric, metric, len);
	l->series = (uint32_t)series;
	tell_registry_lock();
	l->older = limits;
	limits = l;
	tell_registry_limit();
	tell_registry_unlock();
	*ret = l;
	return 0;
}

struct tell_limit *tell_limit_free(struct tell_limit *l)
{
	if (!l)
		return NULL;
	tell_registry_lock();
	struct tell_limit **at = &limits;
	while (*at != l)
		at = &(*at)->older;
	*at = l->older;
	tell_registry_limit();
	tell_registry_unlock();
	free(l);
	return NULL;
}
