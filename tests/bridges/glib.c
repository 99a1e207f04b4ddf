/* examples/bridges/from_glib.c, read back. Prints TAP. */
#define G_LOG_USE_STRUCTURED 1
#define G_LOG_DOMAIN	     "shop-ui"
#include <glib.h>
#include "../../examples/bridges/from_glib.h"
#include "support/tap.h"
#include <telltale.h>

int main(void)
{
	tap_is(tell_capture_start("glib"), 0, "starts");
	tell_level_set("info");
	log_from_glib();
	const int line = __LINE__ + 1;
	g_warning("no icon %s", "cart");
	char where[64];
	(void)snprintf(where, sizeof(where), "\"line\":%d,\"function\":\"main\"", line);
	tap_ok(tap_has("\"message\":\"no icon cart\"") &&
			tap_has("\"level\":\"warning\"") &&
			tap_has("\"logger\":\"shop-ui\""),
		"a warning is a record of its domain");
	tap_ok(tap_has("glib.c\"") && tap_has(where), "with the caller's place");
	g_log_structured("shop-db", G_LOG_LEVEL_MESSAGE, "ORDER_ID", "o-17", "MESSAGE",
		"paid %d", 42);
	tap_ok(tap_has("\"message\":\"paid 42\",\"order_id\":\"o-17\"") &&
			tap_has("\"level\":\"notice\""),
		"its own fields are fields");
	const GLogField fields[] = { { "MESSAGE", "bytes", -1 }, { "BLOB", "a\0b", 3 } };
	g_log_structured_array(G_LOG_LEVEL_INFO, fields, 2);
	tap_ok(tap_has("\"blob\":\"a\\u0000b\""), "and may have a length");
	long n = tell_capture_count(NULL);
	g_debug("off");
	tap_is(tell_capture_count(NULL), n, "debug is off");
	tell_level_set("logger:shop-ui debug");
	g_debug("on");
	tap_ok(tap_has("\"message\":\"on\"") && tap_has("\"level\":\"debug\""),
		"until a rule for its domain");
	tell_capture_stop();
	return tap_done();
}
