#include "encode/encode.h"
#include <string.h>
#include "encode/parts.h"
#include "support/check_main.h"
#include "support/encoding.h"

START_TEST(knows_six_formats)
{
	ck_assert(tell_encoder_of("journal") == tell_encode_journal);
	ck_assert(tell_encoder_of("json") == tell_encode_json);
	ck_assert(tell_encoder_of("logfmt") == tell_encode_logfmt);
	ck_assert(tell_encoder_of("text") == tell_encode_text);
	ck_assert(tell_encoder_of("rfc5424") == tell_encode_rfc5424);
	ck_assert(tell_encoder_of("rfc3164") == tell_encode_rfc3164);
	ck_assert(!tell_encoder_of("xml"));
	ck_assert(!tell_encoder_of("jso"));
}
END_TEST

START_TEST(numbers_are_run_lane_and_count)
{
	struct encoding e;
	encoding_begin(&e, NULL);
	tell_encode_seq(&e.out, e.r.head);
	ck_assert_str_eq(tell_buf_cstr(&e.out), "1a2b3c4d.0.42");
	tell_buf_clear(&e.out);
	e.r.head->run = 7;
	e.r.head->lane = 65535;
	e.r.head->seq = UINT64_MAX;
	tell_encode_seq(&e.out, e.r.head);
	ck_assert_str_eq(tell_buf_cstr(&e.out), "00000007.65535.18446744073709551615");
	tell_buf_clear(&e.out);
	e.r.head->seq = 0;
	tell_encode_seq(&e.out, e.r.head);
	ck_assert_str_eq(tell_buf_cstr(&e.out), "");
	encoding_end(&e);
}
END_TEST

START_TEST(priorities_are_facility_and_level)
{
	struct encoding e;
	encoding_begin(&e, NULL);
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 3 * 8 + 6);
	e.who.facility = 23;
	e.r.head->level = 7;
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 191);
	e.who.facility = 24;
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 15);
	e.who.facility = 3;
	e.r.head->facility = 1; /* kern, plus one */
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 7);
	e.r.head->facility = 11;
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 10 * 8 + 7);
	e.l.facility_given = true; /* the stack's word */
	ck_assert_uint_eq(tell_pri_of(e.r.head, &e.l), 3 * 8 + 7);
	encoding_end(&e);
}
END_TEST

/* In every exit, once, and nowhere as a field. */
START_TEST(a_record_may_be_of_another_service)
{
	static const struct {
		const char *format, *want;
	} exits[] = {
		{ "journal", "\nSYSLOG_IDENTIFIER=cron: \"x\"\n" },
		{ "json", ",\"service\":\"cron: \\\"x\\\"\",\"" },
		{ "logfmt", " service=\"cron: \\\"x\\\"\" " },
		{ "rfc5424", "Z host1 cron:_\"x\" 4711 - [" },
		{ "rfc3164", " cron__\"x\"[4711]: paid" },
	};
	struct encoding e;
	encoding_begin(&e, "paid");
	encoding_add(&e, 0, tell_str("user", "ann"));
	tell_record_service(&e.r, "cron: \"x\"", 9);
	e.l.message_full = true;
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		const char *got = encoding_text(&e, exits[i].format);
		const char *at = strstr(got, "cron");
		ck_assert_msg(strstr(got, exits[i].want) != NULL, "%s: %s",
			exits[i].format, got);
		ck_assert_ptr_null(strstr(at + 1, "cron"));
		ck_assert_ptr_null(strstr(got, "shop\n"));
	}
	e.l.template_text = "{service}|{fields}";
	ck_assert_str_eq(encoding_text(&e, "text"), "cron: \"x\"|user=ann");
	encoding_end(&e);
}
END_TEST

START_TEST(kinds_have_words)
{
	ck_assert_str_eq(tell_kind_word(TELL_KIND_LOG), "log");
	ck_assert_str_eq(tell_kind_word(TELL_KIND_LOSS), "loss");
	ck_assert_str_eq(tell_kind_word(99), "log");
}
END_TEST

/* A batch: each record behind the one before; one that does not fit leaves no trace. */
START_TEST(exits_append_and_cut_whole_records)
{
	static const char *const formats[] = { "journal", "json", "logfmt", "text",
		"rfc5424", "rfc3164" };
	static char big[9000];
	memset(big, 'x', sizeof(big));
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct encoding e;
		encoding_begin(&e, "first");
		e.l.limit = 10000;
		tell_encoder *encode = tell_encoder_of(formats[i]);
		tell_buf_init(&e.out, 8192);
		encode(&e.out, &e.r, &e.l);
		size_t len = e.out.len;
		encode(&e.out, &e.r, &e.l);
		ck_assert_uint_eq(e.out.len, 2 * len);
		ck_assert_mem_eq(e.out.data, e.out.data + len, len);
		ck_assert(!e.out.cut);

		ck_assert_int_eq(tell_record_begin(&e.r, TELL_INFO, 0), 0);
		tell_record_message(&e.r, big, sizeof(big));
		encode(&e.out, &e.r, &e.l);
		ck_assert_msg(e.out.cut && e.out.len == 2 * len, "%s", formats[i]);
		encoding_end(&e);
	}
}
END_TEST

static Suite *encode_suite(void)
{
	Suite *s = suite_create("encode/encode");
	tell_check_add(s, "parts", knows_six_formats, numbers_are_run_lane_and_count,
		priorities_are_facility_and_level, kinds_have_words,
		a_record_may_be_of_another_service, exits_append_and_cut_whole_records,
		NULL);
	return s;
}
TELL_CHECK_MAIN(encode_suite)
