#include "sink/shape.h"

#include <string.h>

#include "stack/args.h"
#include "support/check_main.h"

static const struct tell_option options[] = {
	TELL_SHAPE_MESSAGE,
	TELL_SHAPE_FACILITY,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

static struct tell_arg_value values[2];
static const struct tell_args args = { "shop", options, 2, values, NULL, 0 };

/* The facility that a word of the option becomes. */
static int facility(const char *word)
{
	struct tell_option_fault fault;
	struct tell_shape s;
	memset(values, 0, sizeof(values));
	ck_assert_int_eq(tell_option_read(&options[1], word, &values[1], &fault), 0);
	values[1].given = true;
	tell_shape_init(&s, &args, tell_encode_journal, true, true);
	return s.facility;
}

START_TEST(facilities_have_the_numbers_of_rfc_5424)
{
	ck_assert_int_eq(facility("kern"), 0);
	ck_assert_int_eq(facility("user"), 1);
	ck_assert_int_eq(facility("daemon"), 3);
	ck_assert_int_eq(facility("authpriv"), 10);
	ck_assert_int_eq(facility("ftp"), 11);
	ck_assert_int_eq(facility("local0"), 16);
	ck_assert_int_eq(facility("local7"), 23);
}
END_TEST

START_TEST(the_message_is_as_the_sink_has_it_unless_the_stack_says_so)
{
	struct tell_option_fault fault;
	struct tell_shape s;
	memset(values, 0, sizeof(values));
	tell_shape_init(&s, &args, tell_encode_journal, true, true);
	ck_assert(s.layout.message_full);
	ck_assert_int_eq(s.facility, -1);
	tell_shape_init(&s, &args, tell_encode_json, false, false);
	ck_assert(!s.layout.message_full);
	ck_assert_int_eq(tell_option_read(&options[0], "bare", &values[0], &fault), 0);
	values[0].given = true;
	tell_shape_init(&s, &args, tell_encode_journal, true, true);
	ck_assert(!s.layout.message_full);
	ck_assert_int_eq(tell_option_read(&options[0], "full", &values[0], &fault), 0);
	tell_shape_init(&s, &args, tell_encode_json, false, true);
	ck_assert(s.layout.message_full && !s.layout.message_all);
	ck_assert_int_eq(tell_option_read(&options[0], "all", &values[0], &fault), 0);
	tell_shape_init(&s, &args, tell_encode_json, false, true);
	ck_assert(s.layout.message_full && s.layout.message_all);
}
END_TEST

static Suite *shape_suite(void)
{
	Suite *s = suite_create("sink/shape");
	tell_check_add(s, "shape", facilities_have_the_numbers_of_rfc_5424,
		the_message_is_as_the_sink_has_it_unless_the_stack_says_so, NULL);
	return s;
}

TELL_CHECK_MAIN(shape_suite)
