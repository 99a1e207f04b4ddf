#include "base/rate.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "base/clock.h"
#include "base/number.h"
#include "base/size.h"

#define DEPTH_MAX_NS (UINT64_C(100) * 366 * 86400 * TELL_NS_PER_SEC)

/* A unit alone is one of it: "/s", "/min", nft's "/second". */
static int parse_period(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *word;
		uint64_t sec;
	} units[] = { { "s", 1 }, { "sec", 1 }, { "second", 1 }, { "m", 60 },
		{ "min", 60 }, { "minute", 60 }, { "h", 3600 }, { "hour", 3600 },
		{ "d", 86400 }, { "day", 86400 } };
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i].word, text) == 0) {
			*ret_ns = units[i].sec * TELL_NS_PER_SEC;
			return 0;
		}
	}
	return tell_parse_duration(text, ret_ns) < 0 || *ret_ns == 0 ? -EINVAL : 0;
}

int tell_parse_rate(const char *text, uint64_t *ret_n, uint64_t *ret_period_ns)
{
	const char *slash = strchr(text, '/');
	uint64_t n, period_ns;
	if (!slash || !tell_parse_u64(text, (size_t)(slash - text), &n) || n == 0)
		return -EINVAL;
	if (parse_period(slash + 1, &period_ns) < 0)
		return -EINVAL;
	*ret_n = n;
	*ret_period_ns = period_ns;
	return 0;
}

int tell_rate_set(struct tell_rate *ret, uint64_t n, uint64_t period_ns, uint64_t burst)
{
	if (n == 0 || burst == 0 || period_ns < n)
		return -EINVAL;
	uint64_t gap_ns = period_ns / n;
	if (burst > DEPTH_MAX_NS / gap_ns)
		return -EINVAL;
	*ret = (struct tell_rate){ gap_ns, gap_ns * burst };
	return 0;
}

bool tell_rate_take(const struct tell_rate *r, uint64_t *due_ns, uint64_t now_ns)
{
	uint64_t old_ns = __atomic_load_n(due_ns, __ATOMIC_RELAXED);
	for (;;) {
		/* Idle saves up one burst and no more: the pace restarts at now. */
		uint64_t from_ns = old_ns > now_ns ? old_ns : now_ns;
		if (from_ns - now_ns + r->gap_ns > r->depth_ns)
			return false;
		if (__atomic_compare_exchange_n(due_ns, &old_ns, from_ns + r->gap_ns,
			    false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
}
