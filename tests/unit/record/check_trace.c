#include "record/trace.h"
#include <string.h>
#include <telltale.h>
#include "support/check_main.h"

#define ID    "0af7651916cd43dd8448eb211c80319c"
#define OTHER "4bf92f3577b34da6a3ce929d0e0e4736"

static char id[TELL_TRACE_NOW_CHARS + 1];

START_TEST(without_scopes_there_is_none)
{
	ck_assert(!tell_trace_now(id));
	TELL_SCOPE(tell_kv("request_id", ID));
	ck_assert(!tell_trace_now(id));
}
END_TEST

START_TEST(the_innermost_trace_counts)
{
	TELL_SCOPE(tell_kv("trace_id", ID), tell_kv("trace_flags", "01"));
	ck_assert(tell_trace_now(id));
	ck_assert_str_eq(id, ID);
	{
		TELL_SCOPE(tell_kv("trace_id", OTHER));
		ck_assert(tell_trace_now(id));
		ck_assert_str_eq(id, OTHER);
		TELL_SCOPE(tell_kv("trace_flags", "00"));
		ck_assert(!tell_trace_now(id));
	}
	ck_assert(tell_trace_now(id));
	ck_assert_str_eq(id, ID);
}
END_TEST

START_TEST(flags_are_hex_digits_or_a_number)
{
	static const char *const sampled[] = { "01", "03", "0b", "F" },
				 *const not_sampled[] = { "00", "02", "0a", "C", "" };
	for (size_t i = 0; i < 4; i++) {
		TELL_SCOPE(tell_kv("trace_id", ID), tell_kv("trace_flags", sampled[i]));
		ck_assert_msg(tell_trace_now(id), "%s", sampled[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		TELL_SCOPE(
			tell_kv("trace_id", ID), tell_kv("trace_flags", not_sampled[i]));
		ck_assert_msg(!tell_trace_now(id), "%s", not_sampled[i]);
	}
	TELL_SCOPE(tell_kv("trace_id", ID), tell_kv("trace_flags", 1));
	ck_assert(tell_trace_now(id));
	TELL_SCOPE(tell_kv("trace_flags", 0));
	ck_assert(!tell_trace_now(id));
}
END_TEST

START_TEST(only_ids_are_taken)
{
	static const uint8_t bytes[16] = { 0x0a, 0xf7, 0x65 };
	char longer[TELL_TRACE_NOW_CHARS + 2];
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	{
		TELL_SCOPE(tell_id128("trace_id", bytes));
		ck_assert(tell_trace_now(id));
		ck_assert_str_eq(id, "0af76500000000000000000000000000");
	}
	{
		TELL_SCOPE(tell_kv("trace_id", "4BF9-2f"));
		ck_assert(tell_trace_now(id));
	}
	{
		TELL_SCOPE(tell_kv("trace_id", longer + 1));
		ck_assert(tell_trace_now(id));
	}
	const char *const bad[] = { "", "xyz", "a b", longer, "a\"" };
	for (size_t i = 0; i < 5; i++) {
		TELL_SCOPE(tell_kv("trace_id", bad[i]));
		ck_assert_msg(!tell_trace_now(id), "%s", bad[i]);
	}
	TELL_SCOPE(tell_kv("trace_id", 17));
	ck_assert(!tell_trace_now(id));
}
END_TEST

static Suite *trace_suite(void)
{
	Suite *s = suite_create("record/trace");
	tell_check_add(s, "trace", without_scopes_there_is_none,
		the_innermost_trace_counts, flags_are_hex_digits_or_a_number,
		only_ids_are_taken, NULL);
	return s;
}
TELL_CHECK_MAIN(trace_suite)
