#include <string.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/unit.h"

#define SEC(n) ((uint64_t)(n)*TELL_NS_PER_SEC)

START_TEST(known_texts_give_known_times)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.000000001Z", 1 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "1969-12-31T23:59:00-00:01", 0 },
		{ "2026-11-21T02:06:07Z", SEC(1795226767) },
		{ "2026-11-21t02:06:07z", SEC(1795226767) },
		{ "2026-11-21 02:06:07-00:00", SEC(1795226767) },
		{ "2026-11-21T02:06:07.1Z", SEC(1795226767) + 100000000 },
		{ "2026-11-21T02:06:07.123456789Z", SEC(1795226767) + 123456789 },
		{ "2026-11-21T07:36:07+05:30", SEC(1795226767) },
		{ "2026-11-20T18:06:07-08:00", SEC(1795226767) },
		{ "2000-02-29T00:00:00Z", SEC(951782400) },
		{ "2016-12-31T23:59:60Z", SEC(1483228800) },
		{ "2554-07-21T23:34:33.709551615Z", UINT64_MAX },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t ns = 7;
		tell_unit_expect(
			tell_parse_rfc3339(rows[i].text, strlen(rows[i].text), &ns), "%s",
			rows[i].text);
		tell_unit_expect(ns == rows[i].ns, "%s: %" PRIu64, rows[i].text, ns);
	}
}
END_TEST

START_TEST(texts_that_are_no_times_are_refused)
{
	static const char *const texts[] = { "", "2026", "2026-11-21",
		"2026-11-21T02:06:07", "2026-11-21T02:06Z", "2026-11-21T02:06:07.Z",
		"2026-11-21T02:06:07.1234567890Z", "2026-11-21T24:00:00Z",
		"2026-11-21T02:60:00Z", "2026-11-21T02:06:61Z", "2026-00-21T02:06:07Z",
		"2026-13-21T02:06:07Z", "2026-11-00T02:06:07Z", "2026-11-31T02:06:07Z",
		"2026-02-29T02:06:07Z", "2100-02-29T00:00:00Z",
		"2026-11-21T02:06:07+24:00", "2026-11-21T02:06:07+01:60",
		"2026-11-21T02:06:07+0100", "2026-11-21T02:06:07Zx",
		" 2026-11-21T02:06:07Z", "2026-11-21X02:06:07Z", "2026/11/21T02:06:07Z",
		"20261121T020607Z", "+026-11-21T02:06:07Z", "1969-12-31T23:59:59Z",
		"0000-01-01T00:00:00Z", "1970-01-01T00:00:00+00:01",
		"2554-07-21T23:34:33.709551616Z", "2554-07-21T23:34:34Z",
		"9999-12-31T23:59:59Z" };
	uint64_t ns = 7;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		tell_unit_expect(!tell_parse_rfc3339(texts[i], strlen(texts[i]), &ns),
			"%s", texts[i]);
	static const char whole[] = "2026-11-21T02:06:07.123456Z";
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		tell_unit_expect(!tell_parse_rfc3339(whole, n, &ns), "%zu bytes", n);
	ck_assert(!tell_parse_rfc3339(whole, sizeof(whole), &ns)); /* its NUL */
	ck_assert_uint_eq(ns, 7);
}
END_TEST

START_TEST(what_is_written_is_read_back_to_the_microsecond)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 200000; i++) {
		char text[TELL_RFC3339_CHARS];
		uint64_t ns = tell_unit_random(&state), back = 7;
		tell_put_rfc3339(text, ns);
		tell_unit_expect(tell_parse_rfc3339(text, sizeof(text), &back) &&
				back == ns - ns % 1000,
			"%" PRIu64 " became %" PRIu64, ns, back);
	}
}
END_TEST

START_TEST(durations_are_short_and_cut)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0ns" },
		{ 999, "999ns" },
		{ 1000, "1us" },
		{ 850000, "850us" },
		{ 999999, "999.9us" },
		{ 1000000, "1ms" },
		{ 1234567, "1.2ms" },
		{ 999999999, "999.9ms" },
		{ SEC(1), "1s" },
		{ SEC(3) + 590000000, "3.5s" },
		{ SEC(60) - 1, "59.9s" },
		{ SEC(60), "1m" },
		{ SEC(125), "2m5s" },
		{ SEC(3600) - 1, "59m59s" },
		{ SEC(3600), "1h" },
		{ SEC(3729), "1h2m" },
		{ SEC(86400), "1d" },
		{ SEC(86400) * 3 + SEC(4 * 3600 + 59), "3d4h" },
		{ UINT64_MAX, "213503d23h" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[TELL_DURATION_MAX_CHARS + 1];
		*tell_put_duration_ns(text, rows[i].ns) = '\0';
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

static Suite *clock_parse_suite(void)
{
	Suite *s = suite_create("base/clock_parse");
	tell_check_add(s, "clock_parse", known_texts_give_known_times,
		texts_that_are_no_times_are_refused,
		what_is_written_is_read_back_to_the_microsecond,
		durations_are_short_and_cut, NULL);
	return s;
}

TELL_CHECK_MAIN(clock_parse_suite)
