#include "encode/value.h"
#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include "support/check_main.h"
#include "support/encoding.h"

/* The field as plain text; valid until the next call. */
static const char *plain(struct tell_field f)
{
	static struct encoding e;
	struct tell_value v;
	encoding_end(&e);
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, f);
	uint32_t pos = 0;
	ck_assert(tell_record_next(&e.r, &pos, &v));
	tell_encode_value(&e.out, &v);
	return tell_buf_cstr(&e.out);
}

START_TEST(writes_numbers_exactly)
{
	ck_assert_str_eq(plain(tell_i64("x", INT64_MIN)), "-9223372036854775808");
	ck_assert_str_eq(plain(tell_u64("x", UINT64_MAX)), "18446744073709551615");
	ck_assert_str_eq(plain(tell_f64("x", 0.1)), "0.1");
	ck_assert_str_eq(plain(tell_f64("x", 2)), "2.0");
	ck_assert_str_eq(plain(tell_f64("x", -HUGE_VAL)), "-inf");
	ck_assert_str_eq(plain(tell_bool("x", true)), "true");
	ck_assert_str_eq(plain(tell_null("x")), "null");
	ck_assert_str_eq(plain(tell_ptr("x", (void *)0xbeef)), "0xbeef");
	ck_assert_str_eq(plain(tell_ptr("x", NULL)), "0x0");
}
END_TEST

START_TEST(writes_durations_as_seconds)
{
	ck_assert_str_eq(plain(tell_ns("x", 0)), "0.0");
	ck_assert_str_eq(plain(tell_ns("x", 1)), "0.000000001");
	ck_assert_str_eq(plain(tell_ns("x", 1500000000)), "1.5");
	ck_assert_str_eq(plain(tell_ns("x", 3000000000)), "3.0");
	ck_assert_str_eq(plain(tell_ns("x", UINT64_MAX)), "18446744073.709551615");
}
END_TEST

START_TEST(writes_times_from_1677_to_2262)
{
	struct timespec t = { 1795226767, 123456000 };
	ck_assert_str_eq(plain(tell_time("x", t)), "2026-11-21T02:06:07.123456Z");
	t.tv_nsec = 123456789;
	ck_assert_str_eq(plain(tell_time("x", t)), "2026-11-21T02:06:07.123456789Z");
	t = (struct timespec){ 0, 0 };
	ck_assert_str_eq(plain(tell_time("x", t)), "1970-01-01T00:00:00.000000Z");
	t = (struct timespec){ -1, 999999999 };
	ck_assert_str_eq(plain(tell_time("x", t)), "1969-12-31T23:59:59.999999999Z");
	t = (struct timespec){ -5000000000, 0 };
	ck_assert_str_eq(plain(tell_time("x", t)), "1811-07-23T15:06:40.000000Z");
	t = (struct timespec){ INT64_MIN, 0 };
	ck_assert_str_eq(plain(tell_time("x", t)), "1677-09-21T00:12:43.145224192Z");
	t = (struct timespec){ INT64_MAX, 0 };
	ck_assert_str_eq(plain(tell_time("x", t)), "2262-04-11T23:47:16.854775807Z");
}
END_TEST

START_TEST(writes_bytes_as_base64_and_hex)
{
	ck_assert_str_eq(plain(tell_bytes("x", "\0\xff!", 3)), "AP8h");
	ck_assert_str_eq(plain(tell_hex("x", "\0\xff!", 3)), "00ff21");
	ck_assert_str_eq(plain(tell_bytes("x", "", 0)), "");
	ck_assert_str_eq(plain(tell_id128("x", (const uint8_t *)"0123456789abcdef")),
		"30313233343536373839616263646566");
}
END_TEST

START_TEST(writes_socket_addresses)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(80) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(443) };
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
	ck_assert_int_eq(inet_pton(AF_INET, "192.0.2.1", &in.sin_addr), 1);
	ck_assert_int_eq(inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr), 1);
	ck_assert_str_eq(
		plain(tell_sockaddr("x", (void *)&in, sizeof(in))), "192.0.2.1:80");
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&in6, sizeof(in6))),
		"[2001:db8::1]:443");
	in6.sin6_scope_id = 2;
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&in6, sizeof(in6))),
		"[2001:db8::1%2]:443");
	ck_assert_str_eq(
		plain(tell_sockaddr("x", (void *)&un, sizeof(un))), "unix:/run/x");
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&un, 2)), "unix:");
	memcpy(un.sun_path, "\0ab", 3);
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&un, 5)), "unix:@ab");
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&in, 7)), "family:2");
	ck_assert_str_eq(plain(tell_sockaddr("x", (void *)&in, 1)), "family:0");
	memset(un.sun_path, 'p', sizeof(un.sun_path));
	ck_assert_uint_eq(strlen(plain(tell_sockaddr("x", (void *)&un, sizeof(un)))),
		5 + sizeof(un.sun_path));
}
END_TEST

START_TEST(writes_lists_as_json_and_no_secrets)
{
	const struct tell_field list[] = { tell_i64("", 1), tell_str("", "a\"b"),
		tell_secret("", "sesame") };
	ck_assert_str_eq(
		plain(tell_list_of("x", list, 3)), "[1,\"a\\\"b\",\"[REDACTED]\"]");
	ck_assert_str_eq(plain(tell_list_of("x", list, 0)), "[]");
	ck_assert_str_eq(plain(tell_secret("x", "sesame")), "[REDACTED]");
}
END_TEST

static Suite *value_suite(void)
{
	Suite *s = suite_create("encode/value");
	tell_check_add(s, "types", writes_numbers_exactly, writes_durations_as_seconds,
		writes_times_from_1677_to_2262, writes_bytes_as_base64_and_hex,
		writes_socket_addresses, writes_lists_as_json_and_no_secrets, NULL);
	return s;
}
TELL_CHECK_MAIN(value_suite)
