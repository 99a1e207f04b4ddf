#include "record/directive.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "record/deferred.h"
#include "support/check_main.h"

static struct tell_directive d;

/* The whole text is one directive that can be kept. */
static void keep(const char *text)
{
	const char *at = text;
	ck_assert_msg(tell_directive_read(&d, &at), "%%%s", text);
	ck_assert_msg(*at == '\0', "%%%s: at \"%s\"", text, at);
}

static void refuse(const char *text)
{
	const char *at = text;
	ck_assert_msg(!tell_directive_read(&d, &at), "%%%s", text);
}

START_TEST(all_its_parts_are_read)
{
	keep("-+ #0*.*lld");
	ck_assert_str_eq(d.flags, "-+ #0");
	ck_assert_int_eq(d.width, TELL_DIRECTIVE_STAR);
	ck_assert_int_eq(d.precision, TELL_DIRECTIVE_STAR);
	ck_assert_int_eq(d.length, 'L');
	ck_assert_int_eq(d.conversion, 'd');
	keep("08.3x");
	ck_assert_str_eq(d.flags, "0");
	ck_assert_int_eq(d.width, 8);
	ck_assert_int_eq(d.precision, 3);
	keep("s");
	ck_assert_int_eq(d.width, TELL_DIRECTIVE_NONE);
	ck_assert_int_eq(d.precision, TELL_DIRECTIVE_NONE);
	keep(".s"); /* a point alone is a zero */
	ck_assert_int_eq(d.precision, 0);
}
END_TEST

START_TEST(a_length_says_how_many_bytes)
{
	static const struct {
		const char *text;
		size_t bytes;
		char length; /* as deferred_text.c has it: one letter each */
	} rows[] = { { "hhd", sizeof(char), 'H' }, { "hd", sizeof(short), 'h' },
		{ "d", sizeof(int), '\0' }, { "ld", sizeof(long), 'l' },
		{ "lld", sizeof(long long), 'L' }, { "jd", sizeof(intmax_t), 'j' },
		{ "zu", sizeof(size_t), 'z' }, { "td", sizeof(ptrdiff_t), 't' } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		keep(rows[i].text);
		ck_assert_uint_eq(d.bytes, rows[i].bytes);
		ck_assert_int_eq(d.length, rows[i].length);
	}
}
END_TEST

START_TEST(it_ends_where_the_text_goes_on)
{
	const char *at = "d of %d";
	ck_assert(tell_directive_read(&d, &at));
	ck_assert_str_eq(at, " of %d");
}
END_TEST

START_TEST(widths_have_a_limit)
{
	char text[32];
	(void)snprintf(
		text, sizeof(text), "%d.%dd", TELL_DEFERRED_WIDTH, TELL_DEFERRED_WIDTH);
	keep(text);
	(void)snprintf(text, sizeof(text), "%dd", TELL_DEFERRED_WIDTH + 1);
	refuse(text);
	(void)snprintf(text, sizeof(text), ".%dd", TELL_DEFERRED_WIDTH + 1);
	refuse(text);
	refuse("99999999999999999999d"); /* more than an int has */
	keep("-------d");		 /* seven flags have room */
	refuse("--------d");
}
END_TEST

START_TEST(what_cannot_be_kept_is_refused)
{
	static const char *const texts[] = { "", "5", "l", "n", "ls", "lc", "Lf", "hf",
		"1$d", "'d", "hs", "lp", "y", "lm", "%", "lllx", ".-1d" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refuse(texts[i]);
	keep("lf"); /* says nothing */
	keep("m");
	keep("p");
}
END_TEST

static Suite *directive_suite(void)
{
	Suite *s = suite_create("record/directive");
	tell_check_add(s, "directive", all_its_parts_are_read,
		a_length_says_how_many_bytes, it_ends_where_the_text_goes_on,
		widths_have_a_limit, what_cannot_be_kept_is_refused, NULL);
	return s;
}

TELL_CHECK_MAIN(directive_suite)
