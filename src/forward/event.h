#pragma once
#include "base/buf.h"
#include "forward/target.h"

/* A record as Logstash's event, which other readers of JSON take as well.
 *
 * Shape:   one JSON object on one line. @timestamp is a text, to the nanosecond; @version "1";
 *          tags is never written, and no key has [ or ].
 * ecs:     objects one in the other ("log":{"level":...}), never keys with dots; what ECS has no
 *          name for is in labels, whose values are no objects or arrays: those are there as text.
 * flat:    telltale's own names at the top, values with their types; a field that is named as
 *          something else there is has user_ in front.
 * Threads: pure functions.
 * Source:  Logstash's event API and its codec json; Elastic Common Schema 8.11. */
enum tell_event_layout { TELL_EVENT_ECS, TELL_EVENT_FLAT };
#define TELL_EVENT_LAYOUTS "ecs flat"

#define TELL_EVENT_OPTION(deflt)                                                         \
	{                                                                                \
		"layout", TELL_OPTION_CHOICE, deflt, TELL_EVENT_LAYOUTS,                 \
			"names as Elastic Common Schema has them, or telltale's own",    \
			false                                                            \
	}

void tell_event_put(
	struct tell_buf *out, const struct tell_parcel *p, enum tell_event_layout layout);
