/* Records of every shape through every exit: tests/golden/<exit>/<case>. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/golden.h"

static void plain(struct encoding *e)
{
	encoding_begin(e, "paid");
	encoding_add(e, TELL_SLOT_SCOPE, tell_str("request_id", "r1"));
	encoding_add(e, 0, tell_str("user", "ann"));
	encoding_add(e, 0, tell_i64("cents", 4200));
	encoding_add(e, TELL_SLOT_ADDED, tell_str("env", "test"));
}

static void full(struct encoding *e)
{
	plain(e);
	e->l.message_full = true;
}

static void minimal(struct encoding *e)
{
	encoding_begin(e, NULL);
	e->r.head->place = 0;
	e->r.head->seq = 0;
	e->r.head->tid = 0;
}

static void types(struct encoding *e)
{
	const struct timespec t = { 1795226767, 5 };
	encoding_begin(e, "every type");
	e->l.message_full = true;
	encoding_add(e, 0, tell_null("nothing"));
	encoding_add(e, 0, tell_bool("ok", true));
	encoding_add(e, 0, tell_i64("low", INT64_MIN));
	encoding_add(e, 0, tell_u64("high", UINT64_MAX));
	encoding_add(e, 0, tell_f64("ratio", 0.1));
	encoding_add(e, 0, tell_f64("nan", (double)NAN));
	encoding_add(e, 0, tell_bytes("raw", "\0\xff\n", 3));
	encoding_add(e, 0, tell_hex("digest", "\xde\xad", 2));
	encoding_add(e, 0, tell_jsonn("args", "{\"a\": [1, null]}", 16));
	encoding_add(e, 0, tell_jsonn("broken", "{\"a\":", 5));
	encoding_add(e, 0, tell_ns("took", 1234567));
	encoding_add(e, 0, tell_time("when", t));
	encoding_add(e, 0, tell_ptr("at", (void *)0x7fff1234));
	encoding_add(e, 0, tell_id128("id", (const uint8_t *)"0123456789abcdef"));
	encoding_add(e, 0, tell_errno(13));
	encoding_add(e, 0, tell_secret("token", "not kept"));
}

static void lists(struct encoding *e)
{
	const struct tell_field l[] = { tell_str("", "a b"), tell_i64("", 2),
		tell_null(""), tell_f64("", HUGE_VAL) };
	encoding_begin(e, "lists");
	e->l.message_full = true;
	encoding_add(e, 0, tell_list_of("tags", l, 4));
	encoding_add(e, 0, tell_list_of("none", l, 0));
}

static void lines(struct encoding *e)
{
	encoding_begin(e, "first line\n\tsecond \"line\"\r\n\x1b[31mred\x1b[0m");
	e->l.message_full = true;
	encoding_add(e, 0, tell_str("stack", "at a()\nat b()\n"));
	encoding_add(e, 0, tell_str("rtl", "\xe2\x80\xaetxt.exe"));
	encoding_add(e, 0, tell_strn("mixed", "\xc3\xa4\xff\0]", 5));
}

static void trace(struct encoding *e)
{
	encoding_begin(e, "traced");
	encoding_add(e, 0, tell_str("trace_id", "0af7651916cd43dd8448eb211c80319c"));
	encoding_add(e, 0, tell_str("span_id", "b7ad6b7169203331"));
	encoding_add(e, 0, tell_str("trace_flags", "01"));
	encoding_add(e, 0, tell_str("a_field_with_a_name_of_more_than_32_bytes", "v"));
}

static void recovered(struct encoding *e)
{
	encoding_begin(e, "from a ring");
	e->r.head->level = TELL_CRIT;
	e->r.head->kind = TELL_KIND_LOSS;
	e->r.head->flags = TELL_RECORD_LATE | TELL_RECORD_RECOVERED;
	e->r.head->lane = 3;
	encoding_add(e, 0, tell_i64("lost", 12));
}

static void cut(struct encoding *e)
{
	static char big[3000];
	memset(big, 'x', sizeof(big));
	encoding_begin(e, "cut");
	e->r.limit = 1024;
	e->l.limit = 600;
	encoding_add(e, 0, tell_strn("body", big, sizeof(big)));
	encoding_add(e, 0, tell_i64("n", 1));
	tell_record_trim(&e->r);
}

static void levels(struct encoding *e)
{
	encoding_begin(e, "debug, in colour, with its place");
	e->r.head->level = TELL_DEBUG;
	e->l.color = true;
	e->l.caller = true;
}

static const struct {
	const char *name;
	void (*make)(struct encoding *e);
} cases[] = {
	{ "plain", plain },
	{ "full", full },
	{ "minimal", minimal },
	{ "types", types },
	{ "lists", lists },
	{ "lines", lines },
	{ "trace", trace },
	{ "recovered", recovered },
	{ "cut", cut },
	{ "levels", levels },
};
#define N_CASES ((int)(sizeof(cases) / sizeof(cases[0])))

START_TEST(every_exit_writes_known_bytes)
{
	static const char *const exits[] = { "journal", "json", "logfmt", "text",
		"rfc5424", "rfc3164" };
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		struct encoding e;
		char path[64];
		cases[_i].make(&e);
		(void)snprintf(path, sizeof(path), "%s/%s", exits[i], cases[_i].name);
		ck_assert_ptr_nonnull(encoding_text(&e, exits[i]));
		const char *fault = golden_fault(path, e.out.data, e.out.len);
		ck_assert_msg(!fault, "%s", fault);
		encoding_end(&e);
	}
}
END_TEST

static Suite *golden_suite(void)
{
	Suite *s = suite_create("golden/exits");
	TCase *tc = tcase_create("cases");
	tcase_add_loop_test(tc, every_exit_writes_known_bytes, 0, N_CASES);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(golden_suite)
