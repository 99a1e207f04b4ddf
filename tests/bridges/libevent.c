/* examples/bridges/from_libevent.c, read back. Prints TAP. */
#include <event2/event.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../examples/bridges/from_libevent.h"
#include "support/tap.h"
#include <telltale.h>

static void loop_again(evutil_socket_t fd, short what, void *base)
{
	(void)fd, (void)what;
	(void)event_base_loop(base, EVLOOP_ONCE); /* is a mistake, and libevent says so */
}

int main(void)
{
	tap_is(tell_capture_start("libevent"), 0, "starts");
	tell_level_set("info");
	log_from_libevent();
	struct event_base *base = event_base_new();
	tap_is(event_base_once(base, -1, EV_TIMEOUT, loop_again, base, NULL), 0,
		"an event");
	tap_is(event_base_dispatch(base), 1, "a loop");
	tap_ok(tap_has("reentrant invocation") && tap_has("\"level\":\"warning\"") &&
			tap_has("\"logger\":\"libevent\""),
		"libevent's warning is a record");
	long n = tell_capture_count(NULL);
	event_enable_debug_logging(EVENT_DBG_ALL);
	(void)event_base_once(base, -1, EV_TIMEOUT, loop_again, base, NULL);
	tap_is(tell_capture_count(NULL), n, "its debug messages are off");
	tell_level_set("logger:libevent debug");
	(void)event_base_loop(base, EVLOOP_NONBLOCK);
	tap_ok(tell_capture_count("logger=libevent and level=debug") > 0,
		"until they are wanted");
	event_base_free(base);
	tell_capture_stop();
	return tap_done();
}
