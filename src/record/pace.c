#include "record/pace.h"
#include <errno.h>

int tell_pace_read(
	struct tell_rate *ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *text = tell_args_text(args, "rate");
	bool given = tell_args_given(args, "burst");
	uint64_t n, period_ns;
	if (tell_parse_rate(text, &n, &period_ns) < 0)
		return tell_refuse(why, -EINVAL, "rate", TELL_RATE_FIX,
			"\"%.64s\" is no rate", text);
	uint64_t burst = given ? tell_args_u64(args, "burst") : n;
	if (given && burst == 0)
		return tell_refuse(why, -EINVAL, "burst", "write 1 or more",
			"with burst=0 no record would pass");
	if (tell_rate_set(ret, n, period_ns, burst) < 0)
		return tell_refuse(why, -EINVAL, given ? "burst" : "rate",
			"write at most one a nanosecond, and a burst of less than 100 years",
			"such a rate and burst cannot be kept");
	return 0;
}
