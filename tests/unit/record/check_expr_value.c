#include "record/expr_value.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include "support/check_main.h"

static struct tell_operand o;

static const char *show(uint8_t type, const void *data, size_t len)
{
	static char room[300];
	struct tell_value v = { .type = type, .len = (uint32_t)len, .data = data };
	size_t n;
	memset(&o, 0xa5, sizeof(o));
	tell_operand_value(&o, &v);
	if (o.kind == TELL_OPERAND_NONE)
		return "(none)";
	const char *s = tell_operand_show(&o, &n);
	ck_assert_uint_lt(n, sizeof(room));
	memcpy(room, s, n);
	room[n] = '\0';
	return room;
}

START_TEST(each_type_has_its_text)
{
	int64_t i64 = -5, before_1970 = -1, time = 1795226767123456789;
	uint64_t u64 = UINT64_MAX, yes = 1, no = 0, ns = 1500000000, ptr = 0xbeef;
	double f64 = 0.1;
	ck_assert_str_eq(show(TELL_TYPE_NULL, NULL, 0), "(none)");
	ck_assert_str_eq(show(TELL_TYPE_BOOL, &yes, 8), "true");
	ck_assert_str_eq(show(TELL_TYPE_BOOL, &no, 8), "false");
	ck_assert_str_eq(show(TELL_TYPE_I64, &i64, 8), "-5");
	ck_assert_str_eq(show(TELL_TYPE_ERRNO, &i64, 8), "-5");
	ck_assert_str_eq(show(TELL_TYPE_U64, &u64, 8), "18446744073709551615");
	ck_assert_str_eq(show(TELL_TYPE_F64, &f64, 8), "0.1");
	ck_assert_str_eq(show(TELL_TYPE_NS, &ns, 8), "1.5");
	ck_assert_str_eq(show(TELL_TYPE_TIME, &time, 8), "2026-11-21T02:06:07.123456Z");
	ck_assert_str_eq(show(TELL_TYPE_TIME, &before_1970, 8), "-1");
	ck_assert_str_eq(show(TELL_TYPE_PTR, &ptr, 8), "0xbeef");
	ck_assert_str_eq(show(TELL_TYPE_STR, "ab", 2), "ab");
	ck_assert_str_eq(show(TELL_TYPE_BYTES, "ab", 2), "ab");
	ck_assert_str_eq(show(TELL_TYPE_JSON, "[1]", 3), "[1]");
	ck_assert_str_eq(show(TELL_TYPE_HEX, "\x01\xfe", 2), "01fe");
	ck_assert_str_eq(show(TELL_TYPE_ID128, "0123456789abcdef", 16),
		"30313233343536373839616263646566");
	ck_assert_str_eq(show(TELL_TYPE_SECRET, NULL, 0), "[REDACTED]");
}
END_TEST

START_TEST(long_hex_is_cut_to_its_room)
{
	char bytes[200];
	memset(bytes, 0xab, sizeof(bytes));
	ck_assert_uint_eq(
		strlen(show(TELL_TYPE_HEX, bytes, sizeof(bytes))), TELL_OPERAND_ROOM);
}
END_TEST

START_TEST(addresses_are_shown_as_people_write_them)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr = { htonl(0xc0000201) } };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(65535) };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t head = offsetof(struct sockaddr_un, sun_path);
	in6.sin6_addr.s6_addr[0] = 0x20;
	in6.sin6_addr.s6_addr[15] = 1;
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &in, sizeof(in)), "192.0.2.1:80");
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &in6, sizeof(in6)), "[2000::1]:65535");
	memset(in6.sin6_addr.s6_addr, 0xee, 16);
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &in6, sizeof(in6)),
		"[eeee:eeee:eeee:eeee:eeee:eeee:eeee:eeee]:65535");
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &un, head), "unix:");
	memcpy(un.sun_path, "/run/x", 7);
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &un, sizeof(un)), "unix:/run/x");
	memcpy(un.sun_path, "\0bus", 4);
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &un, head + 4), "unix:@bus");
	memset(un.sun_path, 'p', sizeof(un.sun_path));
	ck_assert_uint_eq(strlen(show(TELL_TYPE_SOCKADDR, &un, sizeof(un))),
		5 + sizeof(un.sun_path));
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, &in, 3), "020000");
	ck_assert_str_eq(show(TELL_TYPE_SOCKADDR, "", 0), "");
}
END_TEST

/* a and b as text, or as numbers when they are written with a '#' in front. */
static void set(struct tell_operand *to, const char *s)
{
	size_t n = strlen(s);
	if (*s != '#') {
		tell_operand_text(to, s, n);
		return;
	}
	struct tell_operand from;
	tell_operand_text(&from, s + 1, n - 1);
	ck_assert(tell_operand_number(&from, &to->number));
	to->kind = TELL_OPERAND_NUMBER;
}

START_TEST(order_and_equality_follow_the_kinds)
{
	static const struct {
		const char *a, *b;
		enum tell_order order;
		bool equal;
	} rows[] = { { "#1", "#2", TELL_LESS, false }, { "#2", "#2.0", TELL_EQUAL, true },
		{ "#-1", "#18446744073709551615", TELL_LESS, false },
		{ "#9007199254740993", "#9007199254740992", TELL_GREATER, false },
		{ "#18446744073709551615", "#18446744073709551614", TELL_GREATER, false },
		{ "#10", "9", TELL_GREATER, false }, { "10", "#10", TELL_EQUAL, true },
		{ "#10", "ten", TELL_UNORDERED, false },
		{ "10", "9", TELL_GREATER, false }, { "1.0", "1", TELL_EQUAL, false },
		{ "abc", "abd", TELL_LESS, false }, { "abc", "abcd", TELL_LESS, false },
		{ "", "", TELL_EQUAL, true }, { "9", "a", TELL_LESS, false },
		{ "\xff", "a", TELL_GREATER, false } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tell_operand a, b;
		set(&a, rows[i].a);
		set(&b, rows[i].b);
		ck_assert_msg(tell_operand_order(&a, &b) == rows[i].order,
			"%s and %s: order", rows[i].a, rows[i].b);
		ck_assert_msg(tell_operand_equal(&a, &b) == rows[i].equal,
			"%s and %s: equal", rows[i].a, rows[i].b);
		enum tell_order turned = rows[i].order == TELL_LESS ? TELL_GREATER
			: rows[i].order == TELL_GREATER		    ? TELL_LESS
								    : rows[i].order;
		ck_assert_int_eq(tell_operand_order(&b, &a), turned);
	}
}
END_TEST

START_TEST(truth_is_what_people_take_for_it)
{
	static const struct {
		const char *text;
		bool yes;
	} rows[] = { { "", false }, { "0", false }, { "0.0", false }, { "false", false },
		{ "no", true }, { "False", true }, { "x", true }, { "1", true },
		{ "#0", false }, { "#-1", true }, { "#0.5", true } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(&o, rows[i].text);
		ck_assert_msg(tell_operand_true(&o) == rows[i].yes, "%s", rows[i].text);
	}
	o.kind = TELL_OPERAND_NONE;
	ck_assert(!tell_operand_true(&o));
}
END_TEST

static Suite *expr_value_suite(void)
{
	Suite *s = suite_create("record/expr_value");
	tell_check_add(s, "text", each_type_has_its_text, long_hex_is_cut_to_its_room,
		addresses_are_shown_as_people_write_them, NULL);
	tell_check_add(s, "comparing", order_and_equality_follow_the_kinds,
		truth_is_what_people_take_for_it, NULL);
	return s;
}
TELL_CHECK_MAIN(expr_value_suite)
