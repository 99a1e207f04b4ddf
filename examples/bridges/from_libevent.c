/* from_libevent.c: libevent's warnings and, when it is told to make them, its debug messages.
 * Licence: MIT.
 *
 *	log_from_libevent();
 *	event_enable_debug_logging(EVENT_DBG_ALL);	// costs: it formats each message
 *	tell_level_set("logger:libevent debug");
 */
#define TELL_LOGGER "libevent"
#include "from_libevent.h"
#include <event2/event.h>
#include <stdlib.h>
#include <telltale.h>

static void write_record(int severity, const char *message)
{
	switch (severity) {
	case EVENT_LOG_DEBUG:
		tell_debug(message);
		break;
	case EVENT_LOG_MSG:
		tell_info(message);
		break;
	case EVENT_LOG_WARN:
		tell_warning(message);
		break;
	default:
		tell_error(message);
	}
}

/* libevent has logged why, and would call exit(): as it does. */
static void fatal(int status)
{
	(void)tell_flush(1000);
	exit(status);
}

void log_from_libevent(void)
{
	event_set_log_callback(write_record);
	event_set_fatal_callback(fatal);
}
