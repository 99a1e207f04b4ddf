#pragma once
#include <stdbool.h>
#include <telltale/log.h>
#include "api/service.h"
#include "record/record.h"

/* What `struct tell` is: a service, and fields bound to it, encoded once. */
struct tell {
	struct tell_service *service; /* counted, unless the process's own */
	struct tell_record bound;
	bool twice; /* a name may be in it more than once */
};
