#pragma once
#include <telltale/module.h>
#include "base/rate.h"

/* rate= and burst= of a line, in one way wherever they are. Without burst= as many at once as
 * rate= has in its time. 0; -EINVAL with *why. rate= must be given. */
int tell_pace_read(
	struct tell_rate *ret, const struct tell_args *args, struct tell_refusal *why);
