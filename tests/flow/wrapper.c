/* The shop's own log_msg(): its calls keep their file and line, and a rule set while it runs
 * switches only those of one file. Linked with the shop's files as they are. Prints TAP. */
#include <errno.h>
#include <string.h>
#include <telltale.h>
#include "log.h"
#include "shop.h"
#include "support/tap.h"

/* The line of a file of the shop that has this text; 0: none. */
static int line_of(const char *file, const char *text)
{
	char path[4096], line[1024];
	const char *top = getenv("top_srcdir");
	(void)snprintf(path, sizeof(path), "%s/examples/shop/%s", top ? top : ".", file);
	FILE *f = fopen(path, "re");
	int n = 0;
	bool found = false;
	while (f && !found && fgets(line, sizeof(line), f)) {
		n++;
		found = strstr(line, text) != NULL;
	}
	if (f)
		(void)fclose(f);
	return found ? n : 0;
}

int main(void)
{
	struct cart cart;
	char want[32];
	log_open("shop");
	tap_is(tell_capture_start("shop"), 0, "starts");
	tell_level_set("info");
	tap_is(cart_read(&cart, "item=spoon&card=4"), -ENOENT, "a warning of cart.c");
	tap_ok(tap_has("\"message\":\"no such item: spoon\"") &&
			tap_has("shop/cart.c\"") &&
			tap_has("\"function\":\"cart_add\"") &&
			tap_has("\"level\":\"warning\""),
		"has the caller's file and function");
	(void)snprintf(
		want, sizeof(want), "\"line\":%d,", line_of("cart.c", "no such item"));
	tap_ok(tap_has(want), "and line");

	tell_capture_clear();
	(void)cart_read(&cart, "item=cup:2&card=4");
	log_msg(LOG_DEBUG, "here");
	tap_is(tell_capture_count(NULL), 0, "debug calls are off");
	tap_is(tell_level_set("file:cart.c debug"), 0, "a rule for cart.c");
	(void)cart_read(&cart, "item=cup:2&card=4");
	log_msg(LOG_DEBUG, "here");
	tap_is(tell_capture_count("message~\"2 x cup\" and level=debug"), 1,
		"switches its call");
	tap_is(tell_capture_count(NULL), 1, "and no other");
	tap_is(tell_level_set("reset, info, file:wrapper.c debug"), 0, "another file's");
	tell_capture_clear();
	(void)cart_read(&cart, "item=cup:2&card=4");
	tap_is(tell_capture_count(NULL), 0, "switches it off again");
	log_msg(LOG_DEBUG, "here");
	tap_is(tell_capture_count("message=here"), 1, "and that file's on");
	tell_capture_stop();
	return tap_done();
}
