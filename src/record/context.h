#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/context.h>
#include "record/record.h"

/* The inside of a kept context; see <telltale/context.h>. */
struct tell_context {
	uint32_t refs; /* atomic */
	bool twice;    /* a name may be in it more than once */
	struct tell_record record;
};
