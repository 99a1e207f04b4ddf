// Every form a call may have in C++17; must compile without a warning.
#define TELL_LOGGER "shop.cart"
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <netinet/in.h>
#include <telltale.h>
#include <telltale/capture.h>
#include <telltale/module.h>
#include <telltale/wire.h>

enum class state : unsigned char { idle, busy };
enum color { RED, GREEN };
struct bits {
	unsigned three : 3;
};
struct limits {
	static const int most = 3; // no definition: must not be bound to a reference
};
void calls(const char *user, unsigned uid, struct tell *parent);
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

static void numbers()
{
	volatile int seen = 1;
	bits b{ 5 };
	const timespec now{ 1, 2 };
	tell_info("numbers", tell_kv("bool", true), tell_kv("char", 'c'),
		tell_kv("short", static_cast<short>(1)), tell_kv("long", 1L),
		tell_kv("llong", 1LL), tell_kv("uchar", static_cast<unsigned char>(1)),
		tell_kv("ullong", 1ULL), tell_kv("float", 1.5f), tell_kv("double", 1.5),
		tell_var(seen), tell_kv("enum", GREEN), tell_kv("class", state::busy),
		tell_kv("bits", b.three), tell_kv("most", limits::most), tell_var(now),
		tell_kv("none", nullptr));
}

static void texts(const std::string &s)
{
	char array[8] = "array";
	const char *const constant = "constant";
	std::string_view view = s;
	tell_info("texts", tell_kv("array", array), tell_kv("literal", "x"),
		tell_var(constant), tell_var(s), tell_var(view),
		tell_kv("temporary", s + "!"), tell_kv("part", view.substr(0, 0)),
		tell_str("str", view), tell_str("c", "c"), tell_secret("token", s));
	tell_info(s);
	tell_info(view, tell_kv("n", 1));
	tell_info(s + "!", tell_list("l", 1, "two", 3.0, s, view, state::idle, true));
	tell_debug("pointer", tell_kv("p", static_cast<void *>(array)),
		tell_kv("c", static_cast<const void *>(array)));
}

static void constructors(const char *key)
{
	const uint8_t id[16] = {};
	sockaddr_in sa{};
	sa.sin_family = AF_INET;
	tell_notice("constructors", tell_bool(key, true), tell_i64(key, -1),
		tell_u64(key, 1), tell_f64(key, 0.5), tell_str(key, key),
		tell_strn(key, key, 1), tell_bytes(key, id, 16), tell_hex(key, id, 16),
		tell_ns(key, 5), tell_id128(key, id), tell_secret(key, key),
		tell_null(key),
		tell_sockaddr(key, reinterpret_cast<const sockaddr *>(&sa), sizeof(sa)),
		tell_jsonn(key, "{}", 2), tell_errno(ENOENT), tell_list("l", 1));
}

template <class T> static void in_a_template(const T &value)
{
	TELL_SCOPE(tell_kv("scope", value));
	tell_debug("template", tell_kv("value", value));
}

inline void in_an_inline_function(int level)
{
	tell_debugf("level %d", level);
	tell_log(level, "level at run time", nullptr, 0);
}

void calls(const char *user, unsigned uid, struct tell *parent)
{
	tell_emerg("m");
	tell_alert("m");
	tell_crit("m");
	tell_error("cannot open", tell_errno(errno));
	tell_warning(tell_fmt("retry %d of %d", 1, 2), tell_kv("host", "h"));
	tell_emergf("%d", 1);
	tell_alertf("%i", 1);
	tell_critf("%s", user);
	tell_errorf("plain");
	tell_warningf("%5.2f", 1.0);
	tell_noticef("%%");
	tell_infof("listening on %s:%d", user, 80);
	tell_debugf("%zu", sizeof(user));

	TELL_SCOPE(tell_kv("request_id", uid), tell_str("user", user));
	TELL_SCOPE(tell_kv("a", 1), tell_kv("b", 2), tell_kv("c", 3), tell_kv("d", 4),
		tell_kv("e", 5), tell_kv("f", 6), tell_kv("g", 7), tell_kv("h", 8),
		tell_kv("i", 9), tell_kv("j", 10), tell_kv("k", 11), tell_kv("l", 12),
		tell_kv("m", 13), tell_kv("n", 14), tell_kv("o", 15), tell_kv("p", 16));
	tell_context *c = tell_context_new(tell_kv("peer", user));
	TELL_ENTER(c);
	TELL_ENTER(nullptr);
	tell *t = tell_with(parent, tell_kv("db", "orders"));
	tell_to(t, TELL_INFO, "query", tell_kv("rows", 3));
	tell_tof(t, TELL_DEBUG, "query %d", 3);
	tell_to(nullptr, uid ? TELL_INFO : TELL_DEBUG, "level at run time");
	const tell_field fields[] = { tell_kv("a", 1), tell_kv("b", "two") };
	for (int level = TELL_EMERG; level <= TELL_DEBUG; level++)
		tell_log(level, user, fields, 2);
	TELL_ONCE tell_info("once");
	if (uid)
		TELL_EVERY(1000) tell_info("at most once a second");
	else
		tell_info("else belongs to if");
	log_msg(TELL_ERROR, "old style %s", user);
	log_msg(static_cast<int>(uid), "level at run time");
	auto in_a_lambda = [&] { tell_info("lambda", tell_kv("uid", uid)); };
	in_a_lambda();
	numbers();
	texts(user);
	constructors(user);
	in_a_template(1);
	in_a_template(std::string("s"));
	in_an_inline_function(5);
	tell_free(t);
	tell_context_free(c);
}
