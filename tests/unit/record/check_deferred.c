#include "record/deferred.h"
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record/directive.h"
#include "record/place.h"
#include "record/slot.h"
#include "record/walk.h"
#include "support/check_main.h"
#include "support/unit.h"

/* What was kept becomes the text that vsnprintf() makes at once: libc is the oracle. */
#define ROOM 8192

static char kept[ROOM] __attribute__((aligned(8)));
static struct tell_buf text;
static unsigned n_compared;

static void set_up(void)
{
	memset(kept, 0xa5, sizeof(kept));
	tell_buf_init(&text, 0);
	n_compared = 0;
}

static void tear_down(void)
{
	tell_buf_done(&text);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* forms made here */
static void both(const char *form, ...)
{
	struct tell_deferred d;
	char at_once[ROOM];
	va_list ap, again;
	ck_assert_msg(tell_deferred_parse(&d, form), "not for keeping: %s", form);
	va_start(ap, form);
	va_copy(again, ap);
	errno = ENOENT;
	int n = vsnprintf(at_once, sizeof(at_once), form, ap);
	const char *end = tell_deferred_keep(
		&d, kept, kept + sizeof(kept), ENOENT, again);
	va_end(again);
	va_end(ap);
	ck_assert_msg(end && (end - kept) % 8 == 0, "not kept: %s", form);
	tell_buf_clear(&text);
	tell_deferred_text(&text, form, kept, (size_t)(end - kept));
	ck_assert_msg(text.len == (size_t)n && memcmp(text.data, at_once, text.len) == 0,
		"%s: '%s', not '%s'", form, tell_buf_cstr(&text), at_once);
	n_compared++;
}
#pragma GCC diagnostic pop

START_TEST(forms_of_services_become_their_text)
{
	both("ready");
	both("100%%");
	both("%%%d%%", 7);
	both("listening on %s:%d", "::1", 8080);
	both("%s", "");
	both("%-10s|%10s|%.2s|%.0s|%c|%-3c|%3c", "left", "right", "cut", "none", 'x', 'y',
		'z');
	both("%*s|%-*s|%.*s|%*.*s", 8, "a", 8, "b", 1, "cut", -6, 2, "both");
	both("%.*s", -1, "a negative precision is none");
	both("open %s: %m", "/nowhere");
	both("%20m|%-20m|%.3m");
	both("%hhd %hd %d %ld %lld %jd %zd %td", 300, 70000, -1, -2L, -3LL, (intmax_t)-4,
		(size_t)-5, (ptrdiff_t)-6);
	both("%hhu %hu %u %lu %llu %ju %zu", 300, 70000, -1, -2L, -3LL, (intmax_t)-4,
		(size_t)-5);
	both("%p %p %20p|%-20p|", (void *)kept, NULL, (void *)kept, (void *)kept);
	both("%a %e %f %g %.3f %10.2f|%-10.2f|%+f % f %#.0f %lf", 1.5, 1e10, 0.1, 1e-7,
		2.0, 3.14159, 2.71828, 1.0, 1.0, 3.0, 4.0);
	both("%f %F %e %g %G", INFINITY, -INFINITY, NAN, DBL_MAX, DBL_MIN);
	both("%1024d|%.1024d|%1024s", 1, 2, "wide");
	both("%.1024f", DBL_MAX);
}
END_TEST

static void all_values(const char *form, const char *length)
{
	static const long long values[] = { 0, 1, -1, 7, 42, 127, 128, -129, 255, 256,
		32767, -32769, 65536, INT_MAX, INT_MIN, LLONG_MAX, LLONG_MIN,
		0x123456789abcdef };
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (*length == '\0' || *length == 'h')
			both(form, (int)values[i]);
		else
			both(form, values[i]); /* of 8 bytes all of them, on LP64 */
	}
}

START_TEST(integers_with_all_flags_widths_and_precisions)
{
	static const char *const flags[] = { "", "-", "+", " ", "0", "#", "-0", "+0",
		"# ", "-+#0 " };
	static const char *const widths[] = { "", "1", "12" };
	static const char *const precisions[] = { "", ".", ".0", ".1", ".9" };
	static const char *const lengths[] = { "", "hh", "h", "l", "ll", "j", "z", "t" };
	for (size_t f = 0; f < 10; f++)
		for (size_t w = 0; w < 3; w++)
			for (size_t p = 0; p < 5; p++)
				for (size_t l = 0; sizeof(long) == 8 && l < 8; l++)
					for (const char *c = "diouxX"; *c; c++) {
						char form[32];
						(void)snprintf(form, sizeof(form),
							"%%%s%s%s%s%c", flags[f],
							widths[w], precisions[p],
							lengths[l], *c);
						all_values(form, lengths[l]);
					}
	ck_assert_uint_gt(n_compared, sizeof(long) == 8 ? 100000 : 0);
}
END_TEST

START_TEST(doubles_with_all_flags_widths_and_precisions)
{
	static const char *const flags[] = { "", "-", "+", " ", "0", "#", "-+#0 " };
	static const char *const widths[] = { "", "1", "15" };
	static const char *const precisions[] = { "", ".", ".0", ".3", ".17" };
	const double values[] = { 0.0, -0.0, 1.0, -1.5, 0.1, 1e100, 1e-300, 123456.789,
		INFINITY, -INFINITY };
	for (size_t f = 0; f < 7; f++)
		for (size_t w = 0; w < 3; w++)
			for (size_t p = 0; p < 5; p++)
				for (const char *c = "aAeEfFgG"; *c; c++)
					for (size_t v = 0; v < 10; v++) {
						char form[32];
						(void)snprintf(form, sizeof(form),
							"%%%s%s%s%c", flags[f], widths[w],
							precisions[p], *c);
						both(form, values[v]);
					}
}
END_TEST

START_TEST(what_is_not_for_keeping_is_formatted_at_once)
{
	static const char *const forms[] = { "%n", "%ls", "%lc", "%S", "%C", "%Lf",
		"%1$d", "%'d", "%Id", "%", "%5", "%y", "%d %n", "%1025d", "%.1025d",
		"%99999999999d", "%hs", "%lp", "%-------------d", "%5%" };
	static char long_form[TELL_DEFERRED_FORM + 2];
	struct tell_deferred d;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		ck_assert_msg(!tell_deferred_parse(&d, forms[i]), "%s", forms[i]);
	memset(long_form, 'x', TELL_DEFERRED_FORM);
	ck_assert(tell_deferred_parse(&d, long_form));
	long_form[TELL_DEFERRED_FORM] = 'x';
	ck_assert(!tell_deferred_parse(&d, long_form));
	ck_assert(tell_deferred_parse(&d, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"));
	ck_assert(!tell_deferred_parse(&d, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%*d"));
}
END_TEST

/* The end of what was kept, or NULL. */
static char *keep(size_t room, const char *form, ...)
{
	struct tell_deferred d;
	va_list ap;
	ck_assert(tell_deferred_parse(&d, form));
	va_start(ap, form);
	char *end = tell_deferred_keep(&d, kept, kept + room, 0, ap);
	va_end(ap);
	return end;
}

START_TEST(what_does_not_fit_is_refused_and_nothing_behind_the_end_is_written)
{
	for (size_t room = 0; room <= 64; room += 8) {
		memset(kept, 0xa5, sizeof(kept));
		char *end = keep(room, "%d %s", 1, "123456789"); /* 8 + 8 + 8 + 16 */
		ck_assert_int_eq(end != NULL, room >= 40);
		for (size_t i = room; i < room + 16; i++)
			ck_assert_int_eq((unsigned char)kept[i], 0xa5);
	}
	ck_assert_ptr_null(keep(ROOM, "%s", (char *)NULL));
	ck_assert_ptr_null(keep(ROOM, "%*d", TELL_DEFERRED_WIDTH + 1, 1));
	ck_assert_ptr_null(keep(ROOM, "%*d", INT_MIN, 1));
}
END_TEST

START_TEST(text_up_to_its_precision_need_not_end)
{
	char *text_without_end = malloc(5); /* ASan sees what reads on */
	memcpy(text_without_end, "abcde", 5);
	both("%.5s|%.3s", text_without_end, text_without_end);
	both("%.*s", 5, text_without_end);
	free(text_without_end);
}
END_TEST

START_TEST(fault_32_any_bytes_give_some_text)
{
	static const char *const forms[] = { "%d %s %f", "%*.*f", "%s%s%s", "%p %c %m",
		"no directive", "%*s|%-*s" };
	uint64_t seed = tell_unit_seed();
	for (int i = 0; i < 20000; i++) {
		uint64_t x = tell_unit_random(&seed);
		size_t n = (x & 15) * 8;
		char *bytes = malloc(n + 1);
		for (size_t at = 0; at < n; at += 8) {
			uint64_t word = tell_unit_random(&seed);
			if (x >> (8 + at / 8) & 1)
				word &= 31; /* a length that may be right */
			memcpy(bytes + at, &word, 8);
		}
		tell_buf_clear(&text);
		tell_deferred_text(&text, forms[x >> 32 & 7 ? x % 6 : 0], bytes, n);
		ck_assert_uint_lt(text.len, 64000);
		free(bytes);
	}
	tell_buf_clear(&text);
	tell_deferred_text(&text, "%d", "", 0);
	ck_assert_str_eq(tell_buf_cstr(&text), "0(?)");
	tell_buf_clear(&text);
	tell_deferred_text(&text, "%n", kept, 8); /* a form that nobody keeps */
	ck_assert_str_eq(tell_buf_cstr(&text), "(?)");
}
END_TEST

static struct tell_record record;

static const char *settled(uint32_t place, const void *value, size_t len)
{
	static char message[256];
	struct tell_value v;
	uint32_t pos = 0;
	ck_assert_int_eq(tell_record_begin(&record, 6, 0), 0);
	tell_record_message(&record, value, len);
	const struct tell_field f = tell_i64("n", 3);
	tell_record_add(&record, &f, 1, 0, NULL);
	record.head->place = place;
	record.head->flags |= TELL_RECORD_DEFERRED;
	ck_assert_int_eq(tell_deferred_settle(&record, &text), 0);
	ck_assert(!(record.head->flags & TELL_RECORD_DEFERRED));
	ck_assert(tell_walk_next(record.head, &pos, &v));
	ck_assert_int_eq(v.type, TELL_TYPE_STR);
	(void)snprintf(
		message, sizeof(message), "%.*s", (int)v.len, (const char *)v.data);
	ck_assert(tell_walk_next(record.head, &pos, &v) && v.name_len == 1);
	tell_record_done(&record);
	return message;
}

START_TEST(a_record_gets_its_message_and_keeps_its_fields)
{
	static struct tell_site
		site = { .line = 1, .file = "f.c", .func = "f", .logger = "" },
		plain = { .line = 2, .file = "f.c", .func = "f", .logger = "" };
	uint32_t place = tell_place_add_form(&site, "%s is %d");
	char *end = keep(ROOM, "%s is %d", "seven", 7);
	ck_assert_str_eq(settled(place, kept, (size_t)(end - kept)), "seven is 7");
	ck_assert_str_eq(settled(tell_place_add(&plain), kept, (size_t)(end - kept)),
		"(a message whose form is not known)");
}
END_TEST

START_TEST(two_versions_of_a_place_have_two_forms)
{
	struct tell_site a = { .line = 9, .file = "v.c", .func = "f", .logger = "" },
			 b = a, c = a;
	uint32_t first = tell_place_add_form(&a, "%d"),
		 second = tell_place_add_form(&b, "%s");
	ck_assert_uint_ne(first, second);
	ck_assert_uint_eq(tell_place_add_form(&c, "%d"), first);
	ck_assert_str_eq(tell_place(second)->form, "%s");
}
END_TEST

static Suite *deferred_suite(void)
{
	Suite *s = suite_create("record/deferred");
	TCase *c = tcase_create("deferred");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, forms_of_services_become_their_text);
	tcase_add_test(c, integers_with_all_flags_widths_and_precisions);
	tcase_add_test(c, doubles_with_all_flags_widths_and_precisions);
	tcase_add_test(c, what_is_not_for_keeping_is_formatted_at_once);
	tcase_add_test(
		c, what_does_not_fit_is_refused_and_nothing_behind_the_end_is_written);
	tcase_add_test(c, text_up_to_its_precision_need_not_end);
	tcase_add_test(c, fault_32_any_bytes_give_some_text);
	tcase_add_test(c, a_record_gets_its_message_and_keeps_its_fields);
	tcase_add_test(c, two_versions_of_a_place_have_two_forms);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(deferred_suite)
