/* A host that links telltale: the library is silent until tell_init(), then its calls are
 * the host's records. Prints TAP. */
#define TELL_LOGGER "host"
#include <telltale.h>
#include "support/tap.h"
#include "weak/cart.h"

typedef int add_fn(const char *item, cart_callback *then);

static void say_something(void)
{
	tell_notice("called back");
}

static void nothing(void)
{
}

static void check(add_fn *add, const char *file)
{
	char where[128];
	tell_capture_clear();
	tap_is(add("tea", say_something), 2, "its arguments are evaluated");
	tap_is(tell_capture_count(NULL), 10, "each call is a record");
	tap_is(tell_capture_count(
		       "message=kinds and item=tea and n=1 and f=0.5 and b=true and "
		       "errno=2 and token=\"[REDACTED]\" and s=t"),
		1, "with fields of all kinds");
	tap_is(tell_capture_count("message~\"^bound\" and db=carts"), 2, "of handles");
	tap_is(tell_capture_count("message=\"called back\" and kept=1 and scope=inner"),
		1, "and its scopes hold for the host");
	tap_is(tell_capture_count(
		       "message=\"retry 1\" or message=array or message=made or "
		       "message=\"wrapped 1\" or message=once or message=every"),
		6, "all forms arrive");
	tell_notice("after");
	tap_ok(!strstr(tap_last(), "scope"), "its scopes are closed");
	(void)snprintf(where, sizeof(where), "file:%s debug", file);
	tell_level_set(where);
	tell_debug("host details");
	(void)add("tea", nothing);
	tap_is(tell_capture_count("message=details and logger=libcart"), 1,
		"its debug calls are switched by their file");
	tap_is(tell_capture_count("message=\"host details\""), 0, "and no others");
	tell_level_set("reset, info");
}

static void silent(add_fn *add)
{
	tap_is(add("tea", nothing), 0, "nothing is evaluated before tell_init()");
}

int main(void)
{
	silent(cart_add_c);
	tell_info(
		"started by a call"); /* to stderr or a journal: that is no tell_init() */
	silent(cart_add_c);
#ifdef HAVE_CXX17
	silent(cart_add_cxx);
#endif
	tap_is(tell_capture_start("weak"), 0, "the host starts");
	tap_is(tell_capture_count(NULL), 0, "without a record");
	tell_level_set("info");
	check(cart_add_c, "cart.c");
#ifdef HAVE_CXX17
	check(cart_add_cxx, "cart_cxx.cc");
#endif
	tell_capture_stop();
	return tap_done();
}
