#include "base/size.h"

#include <errno.h>
#include <inttypes.h>

#include "support/check_main.h"

struct row {
	const char *text;
	int result;
	uint64_t value;
};

static void expect(
	int (*parse)(const char *, uint64_t *), const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t v = 7;
		int r = parse(rows[i].text, &v);
		ck_assert_msg(r == rows[i].result, "'%s' gives %d", rows[i].text, r);
		uint64_t want = r ? 7 : rows[i].value;
		ck_assert_msg(v == want, "'%s' is %" PRIu64, rows[i].text, v);
	}
}

START_TEST(sizes_tell_decimal_and_binary_units_apart)
{
	static const struct row rows[] = {
		{ "0", 0, 0 },
		{ "1", 0, 1 },
		{ "512", 0, 512 },
		{ "512B", 0, 512 },
		{ "64KiB", 0, 65536 },
		{ "64KB", 0, 64000 },
		{ "64kB", 0, 64000 },
		{ "64K", 0, 65536 },
		{ "64k", 0, 65536 },
		{ "1MiB", 0, 1048576 },
		{ "500MB", 0, 500000000 },
		{ "1.5GiB", 0, 1610612736 },
		{ "1.5GB", 0, 1500000000 },
		{ "0.1KiB", 0, 102 },
		{ "0.000000001PB", 0, 1000000 },
		{ "0.999999999PiB", 0, UINT64_C(1125899905716724) },
		{ "2T", 0, UINT64_C(2199023255552) },
		{ "16383PiB", 0, UINT64_C(16383) << 50 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "16384PiB", -ERANGE, 0 },
		{ "16383.999999999PiB", 0, UINT64_C(18446744073708425716) },
		{ "99999999999999999999KiB", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "KiB", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1 KiB", -EINVAL, 0 },
		{ " 1KiB", -EINVAL, 0 },
		{ "1KiB ", -EINVAL, 0 },
		{ "1KiB1", -EINVAL, 0 },
		{ "1KiBs", -EINVAL, 0 },
		{ "1.KiB", -EINVAL, 0 },
		{ ".5KiB", -EINVAL, 0 },
		{ "1,5KiB", -EINVAL, 0 },
		{ "1.0000000001KiB", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "10%", -EINVAL, 0 },
		{ "10s", -EINVAL, 0 },
	};
	expect(tell_parse_size, rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

START_TEST(durations_need_a_unit_and_may_be_sums)
{
	static const struct row rows[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "1ns", 0, 1 },
		{ "2us", 0, 2000 },
		{ "50ms", 0, 50000000 },
		{ "10s", 0, UINT64_C(10000000000) },
		{ "5m", 0, UINT64_C(300000000000) },
		{ "5min", 0, UINT64_C(300000000000) },
		{ "1h", 0, UINT64_C(3600000000000) },
		{ "10d", 0, UINT64_C(864000000000000) },
		{ "1w", 0, UINT64_C(604800000000000) },
		{ "1h30m", 0, UINT64_C(5400000000000) },
		{ "1.5s", 0, UINT64_C(1500000000) },
		{ "0.5ns", 0, 0 },
		{ "213503d", 0, UINT64_C(18446659200000000000) },
		{ "213504d", -ERANGE, 0 },
		{ "213503d24h", -ERANGE, 0 },
		{ "99999999999999999999s", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "10", -EINVAL, 0 },
		{ "00", -EINVAL, 0 },
		{ "1h30", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "10S", -EINVAL, 0 },
		{ "10M", -EINVAL, 0 },
		{ "10 s", -EINVAL, 0 },
		{ "-10s", -EINVAL, 0 },
		{ "10sec", -EINVAL, 0 },
		{ "10KiB", -EINVAL, 0 },
	};
	expect(tell_parse_duration, rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

START_TEST(percentages_are_from_0_to_100)
{
	static const struct {
		const char *text;
		int result;
		double ratio;
	} rows[] = {
		{ "0%", 0, 0 },
		{ "10%", 0, 0.1 },
		{ "0.5%", 0, 0.005 },
		{ "100%", 0, 1 },
		{ "100.1%", -ERANGE, 0 },
		{ "101%", -ERANGE, 0 },
		{ "%", -EINVAL, 0 },
		{ "10", -EINVAL, 0 },
		{ "10%%", -EINVAL, 0 },
		{ "-1%", -EINVAL, 0 },
		{ "1e1%", -EINVAL, 0 },
		{ ".%", -EINVAL, 0 },
		{ "1.2.3%", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double ratio = 7;
		ck_assert_int_eq(
			tell_parse_percent(rows[i].text, &ratio), rows[i].result);
		ck_assert_msg(ratio == (rows[i].result ? 7 : rows[i].ratio), "%s",
			rows[i].text);
	}
}
END_TEST

static Suite *size_suite(void)
{
	Suite *s = suite_create("base/size");
	tell_check_add(s, "size", sizes_tell_decimal_and_binary_units_apart,
		durations_need_a_unit_and_may_be_sums, percentages_are_from_0_to_100,
		NULL);
	return s;
}

TELL_CHECK_MAIN(size_suite)
