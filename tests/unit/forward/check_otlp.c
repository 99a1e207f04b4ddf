/* A record as OTLP's JSON: known bytes. A strict reader has them in tests/tool/forward_otlp.sh. */
#include <math.h>
#include <string.h>
#include "forward/otlp_record.h"
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/golden.h"

static struct encoding e;

static const char *request(void)
{
	const struct tell_parcel p = { &e.r, &e.who, UINT64_C(1795226767123456789),
		NULL };
	tell_buf_clear(&e.out);
	tell_otlp_origin(&e.out, &p);
	tell_otlp_record(&e.out, &p, &e.work);
	tell_buf_puts(&e.out, "]}]}\n");
	ck_assert(!e.out.cut);
	return tell_buf_cstr(&e.out);
}

static void golden(const char *path)
{
	const char *text = request();
	const char *fault = golden_fault(path, text, strlen(text));
	ck_assert_msg(!fault, "%s", fault);
	encoding_end(&e);
}

START_TEST(known_records_have_known_bytes)
{
	struct tell_field list[2] = { tell_u64("", 1), tell_str("", "two") };
	encoding_begin(&e, "paid \"4200\"\nby ann");
	encoding_add(&e, 0, tell_str("request_id", "r1"));
	encoding_add(&e, 0, tell_i64("cents", INT64_MIN));
	encoding_add(&e, 0, tell_u64("most", UINT64_MAX));
	encoding_add(&e, 0, tell_f64("ratio", 0.5));
	encoding_add(&e, 0, tell_f64("nothing", -HUGE_VAL));
	encoding_add(&e, 0, tell_bool("done", true));
	encoding_add(&e, 0, tell_null("gone"));
	encoding_add(&e, 0, tell_jsonn("cart", "{\"a\":[1]}", 9));
	encoding_add(&e, 0, tell_bytes("blob", "\x00\xff", 2));
	encoding_add(&e, 0, tell_list_of("shards", list, 2));
	encoding_add(&e, 0, tell_str("trace_id", "0af7651916cd43dd8448eb211c80319c"));
	encoding_add(&e, 0, tell_str("span_id", "b7ad6b7169203331"));
	golden("otlp/full");

	encoding_begin(&e, NULL);
	e.r.head->kind = TELL_KIND_SPAN;
	e.r.head->place = e.r.head->pid = e.r.head->tid = 0;
	e.r.head->seq = 0;
	e.who = (struct tell_identity){ .service = "", .host = "" };
	golden("otlp/bare");
}
END_TEST

START_TEST(what_is_no_id_stays_an_attribute)
{
	static const char *const wrong[] = { "0af7651916cd43dd8448eb211c80319",
		"0af7651916cd43dd8448eb211c80319x", "00000000000000000000000000000000" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		encoding_begin(&e, "m");
		encoding_add(&e, 0, tell_str("trace_id", wrong[i]));
		ck_assert_ptr_null(strstr(request(), "traceId"));
		ck_assert_ptr_nonnull(strstr(request(), "{\"key\":\"trace_id\""));
		encoding_end(&e);
	}
}
END_TEST

START_TEST(severities_are_those_of_the_data_model)
{
	static const char *const want[8] = { ":21,", ":19,", ":18,", ":17,", ":13,",
		":10,", ":9,", ":5," };
	encoding_begin(&e, "m");
	for (uint8_t level = 0; level < 8; level++) {
		e.r.head->level = level;
		const char *at = strstr(request(), "\"severityNumber\"");
		ck_assert_ptr_nonnull(at);
		ck_assert_int_eq(strncmp(at + 16, want[level], strlen(want[level])), 0);
	}
	encoding_end(&e);
}
END_TEST

static Suite *otlp_suite(void)
{
	Suite *s = suite_create("forward/otlp");
	tell_check_add(s, "record", known_records_have_known_bytes,
		what_is_no_id_stays_an_attribute, severities_are_those_of_the_data_model,
		NULL);
	return s;
}

TELL_CHECK_MAIN(otlp_suite)
