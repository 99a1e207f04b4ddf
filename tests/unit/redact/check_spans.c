#include <string.h>
#include "base/buf.h"
#include "redact/spans.h"
#include "support/check_main.h"
#include "support/unit.h"

static struct tell_spans spans;

static void add(size_t from, size_t to, int kind)
{
	tell_spans_add(&spans,
		(struct tell_span){ .from = from, .to = to, .kind = (uint8_t)kind });
}

static void expect(const char *text, const char *after)
{
	struct tell_buf out;
	tell_buf_init(&out, 0);
	tell_spans_settle(&spans);
	ck_assert(tell_spans_apply(&spans, NULL, text, strlen(text), &out));
	ck_assert_str_eq(tell_buf_cstr(&out), after);
	tell_buf_done(&out);
	tell_spans_done(&spans);
}

START_TEST(spans_come_in_any_order_and_overlap)
{
	tell_spans_init(&spans);
	add(6, 8, TELL_SPAN_CARD);
	add(0, 2, TELL_SPAN_PAIR);
	add(7, 9, TELL_SPAN_CARD);
	add(4, 4, TELL_SPAN_JWT); /* empty */
	expect("0123456789", "[REDACTED:pair]2345[REDACTED:card]9");
}
END_TEST

START_TEST(the_longest_gives_its_name_and_else_the_more_telling)
{
	tell_spans_init(&spans);
	add(0, 9, TELL_SPAN_PAIR);
	add(2, 4, TELL_SPAN_JWT);
	expect("0123456789", "[REDACTED:pair]9");
	add(1, 4, TELL_SPAN_PAIR);
	add(1, 4, TELL_SPAN_BEARER);
	expect("0123456789", "0[REDACTED:bearer]456789");
}
END_TEST

START_TEST(a_number_in_json_becomes_a_string)
{
	tell_spans_init(&spans);
	tell_spans_add(&spans,
		(struct tell_span){ .from = 4,
			.to = 6,
			.kind = TELL_SPAN_PAIR,
			.quoted = true,
			.escapes = 1 });
	expect("a\\\":12}", "a\\\":\\\"[REDACTED:pair]\\\"}");
}
END_TEST

START_TEST(there_may_be_many)
{
	uint64_t seed = tell_unit_seed();
	bool gone[4000] = { false };
	static char text[4001], after[4001 * 17];
	memset(text, 'x', 4000);
	tell_spans_init(&spans);
	for (size_t i = 0; i < 4000; i += 2 + tell_unit_random(&seed) % 3) {
		add(i, i + 1, TELL_SPAN_URL);
		gone[i] = true;
		text[i] = 'S';
	}
	char *p = after;
	for (size_t i = 0; i < 4000; i++) {
		const char *put = gone[i] ? "[REDACTED:url]" : "x";
		memcpy(p, put, strlen(put));
		p += strlen(put);
	}
	expect(text, after);
}
END_TEST

START_TEST(without_room_it_says_so)
{
	struct tell_buf out;
	tell_buf_init(&out, 20);
	tell_spans_init(&spans);
	add(0, 1, TELL_SPAN_URL);
	add(2, 3, TELL_SPAN_URL);
	tell_spans_settle(&spans);
	ck_assert(!tell_spans_apply(&spans, NULL, "abcd", 4, &out));
	tell_buf_done(&out);
	tell_spans_done(&spans);
}
END_TEST

static Suite *spans_suite(void)
{
	Suite *s = suite_create("redact/spans");
	tell_check_add(s, "spans", spans_come_in_any_order_and_overlap,
		the_longest_gives_its_name_and_else_the_more_telling,
		a_number_in_json_becomes_a_string, there_may_be_many,
		without_room_it_says_so, NULL);
	return s;
}
TELL_CHECK_MAIN(spans_suite)
