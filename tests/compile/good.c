/* Every form a call may have; must compile without a warning, as strict C11. */
#define TELL_LOGGER "shop.cart"
#include <errno.h>
#include <netinet/in.h>
#include <telltale.h>

enum color { RED, GREEN };
void calls(const char *user, unsigned uid, const char *token, struct tell *parent);
void log_msg_at(struct tell_site *site, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
#define log_msg(level, ...) log_msg_at(TELL_SITE(level), (level), __VA_ARGS__)

void log_msg_at(struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell_vlogf(site, level, fmt, ap);
	va_end(ap);
}

static void values(void)
{
	char text[8] = "array";
	const char *const constant = "constant";
	volatile int seen = 1;
	enum color color = GREEN;
	struct timespec now = { 1, 2 };
	size_t size = sizeof(text);
	tell_info("values", tell_kv("bool", (bool)1), tell_kv("char", 'c'),
		tell_kv("short", (short)1), tell_kv("long", 1L), tell_kv("llong", 1LL),
		tell_kv("uchar", (unsigned char)1), tell_kv("ullong", 1ULL),
		tell_kv("float", 1.5f), tell_kv("double", 1.5), tell_kv("array", text),
		tell_kv("literal", "x"), tell_var(constant), tell_var(seen),
		tell_var(color), tell_var(now), tell_var(size));
	tell_debug(
		"pointer", tell_kv("p", (void *)text), tell_kv("c", (const void *)text));
}

static void constructors(const char *key)
{
	const uint8_t id[16] = { 0 };
	struct sockaddr_in sa = { .sin_family = AF_INET };
	tell_notice("constructors", tell_bool(key, true), tell_i64(key, -1),
		tell_u64(key, 1), tell_f64(key, 0.5), tell_str(key, key),
		tell_strn(key, key, 1), tell_bytes(key, id, 16), tell_hex(key, id, 16),
		tell_ns(key, 5), tell_id128(key, id), tell_secret(key, key),
		tell_null(key),
		tell_sockaddr(key, (const struct sockaddr *)&sa, sizeof(sa)),
		tell_jsonn(key, "{}", 2), tell_errno(ENOENT),
		tell_list("l", 1, "two", 3.0));
}

void calls(const char *user, unsigned uid, const char *token, struct tell *parent)
{
	tell_emerg("m");
	tell_alert("m");
	tell_crit("m");
	tell_error("cannot open", tell_errno(errno), tell_secret("token", token));
	tell_warning(tell_fmt("retry %d of %d", 1, 2), tell_kv("host", "h"));
	tell_emergf("%d", 1);
	tell_alertf("%i", 1);
	tell_critf("%s", user);
	tell_errorf("plain");
	tell_warningf("%5.2f", 1.0);
	tell_noticef("%%");
	tell_infof("listening on %s:%d", user, 80);
	tell_debugf("%zu", sizeof(user));
	tell_info(user); /* data: what looks like a format in it stays as it is */

	TELL_SCOPE(tell_kv("request_id", uid), tell_str("user", user));
	TELL_SCOPE(tell_kv("a", 1), tell_kv("b", 2), tell_kv("c", 3), tell_kv("d", 4),
		tell_kv("e", 5), tell_kv("f", 6), tell_kv("g", 7), tell_kv("h", 8),
		tell_kv("i", 9), tell_kv("j", 10), tell_kv("k", 11), tell_kv("l", 12),
		tell_kv("m", 13), tell_kv("n", 14), tell_kv("o", 15), tell_kv("p", 16));
	struct tell_context *c = tell_context_new(tell_kv("peer", user));
	TELL_ENTER(c);
	struct tell *t = tell_with(parent, tell_kv("db", "orders"));
	tell_to(t, TELL_INFO, "query", tell_kv("rows", 3));
	tell_tof(t, TELL_DEBUG, "query %d", 3);
	struct tell_field fields[] = { tell_kv("a", 1), tell_kv("b", "two") };
	for (int level = TELL_EMERG; level <= TELL_DEBUG; level++)
		tell_log(level, user, fields, 2);
	TELL_ONCE tell_info("once");
	if (uid)
		TELL_EVERY(1000) tell_info("at most once a second");
	else
		tell_info("else belongs to if");
	log_msg(TELL_ERROR, "old style %s", user);
	log_msg((int)uid, "level at run time");
	values();
	constructors(user);
	tell_free(t);
	tell_context_free(c);
}
