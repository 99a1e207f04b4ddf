#define TELL_LOGGER "libcart"
#include <errno.h>
#include <telltale/weak.h>
#include "weak/cart.h"

static int n_evaluated;

static int evaluated(int n)
{
	n_evaluated++;
	return n;
}

static void at(struct tell_site *site, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void at(struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell_vlogf(site, level, fmt, ap);
	va_end(ap);
}

static void fields_of_all_kinds(const char *item)
{
	const uint8_t id[16] = { 1 };
	const struct timespec t = { 1, 0 };
	tell_info("kinds", tell_var(item), tell_kv("n", evaluated(1)), tell_kv("f", 0.5),
		tell_kv("b", (bool)1), tell_var(t), tell_ns("took", 5),
		tell_hex("h", id, 2), tell_id128("id", id), tell_secret("token", item),
		tell_errno(ENOENT), tell_list("l", 1, "two"), tell_strn("s", item, 1),
		tell_null("none"));
}

static void handles_and_contexts(cart_callback *then)
{
	struct tell *t = tell_with(NULL, tell_kv("db", "carts"));
	tell_to(t, TELL_NOTICE, "bound", tell_kv("n", 1));
	tell_tof(t, TELL_NOTICE, "bound %d", evaluated(2));
	t = tell_free(t);
	struct tell_context *c = tell_context_new(tell_kv("kept", 1));
	struct tell_context *other = tell_context_ref(c);
	TELL_ENTER(c);
	TELL_SCOPE(tell_kv("scope", "inner"));
	then();
	struct tell_context *copy = tell_context_capture();
	tell_context_free(copy);
	tell_context_free(other);
	tell_context_free(c);
}

int cart_add_c(const char *item, cart_callback *then)
{
	const struct tell_field fields[] = { tell_kv("a", 1) };
	n_evaluated = 0;
	fields_of_all_kinds(item);
	handles_and_contexts(then);
	tell_warning(tell_fmt("retry %d", 1), tell_kv("n", 1));
	tell_log(TELL_NOTICE, "array", fields, 1);
	tell_log_at(tell_site_of("libcart.made", "made.c", 1, "f"), TELL_NOTICE, "made",
		fields, 1);
	at(TELL_SITE(TELL_NOTICE), TELL_NOTICE, "wrapped %d", 1);
	TELL_ONCE tell_notice("once");
	TELL_EVERY(1) tell_notice("every");
	tell_debug("details", tell_kv("n", 1));
	return n_evaluated;
}
