#include <stdio.h>
#include <stdlib.h>
#include "encode/encode.h"
#include "enrich/parsed.h"
#include "unit/enrich/parse_trial.h"

START_TEST(over_a_limit_all_of_the_text_stays)
{
	struct tell_rig t;
	static char text[300 * 16], name[700];
	trial_open(&t, LINE);
	for (int n = TELL_PARSED_MAX; n <= TELL_PARSED_MAX + 1; n++) {
		size_t len = 0;
		for (int i = 0; i < n; i++)
			len += (size_t)sprintf(
				text + len, "%s\"k%d\":%d", i ? "," : "{", i, i);
		text[len++] = '}';
		text[len] = '\0';
		(void)parse(&t, text, NULL);
		bool fits = n == TELL_PARSED_MAX;
		size_t kept;
		(void)tell_record_text(&t.record, &kept);
		ck_assert_uint_eq(n_fields(&t), fits ? (size_t)n : 0);
		ck_assert_uint_eq(kept, fits ? 0 : len);
		ck_assert_uint_eq(not_enriched(&t), !fits);
	}
	memset(name, 'x', sizeof(name));
	(void)snprintf(text, sizeof(text), "{\"a\":1,\"%.600s\":2}", name);
	(void)parse(&t, text, NULL);
	ck_assert_uint_eq(n_fields(&t), 0);
	(void)snprintf(text, sizeof(text), "{\"a\":{\"%.511s\":2}}", name);
	(void)parse(&t, text, NULL);
	ck_assert_uint_eq(n_fields(&t), 0);
	ck_assert_uint_eq(not_enriched(&t), 3);
	tell_rig_close(&t);
}
END_TEST

/* The record's own limit is met half way. */
START_TEST(a_record_without_room_keeps_its_text)
{
	struct tell_rig t;
	static char text[12000];
	char value[100];
	memset(value, 'v', sizeof(value));
	trial_open(&t, LINE);
	size_t len = (size_t)sprintf(text, "{\"a\":1");
	for (int i = 0; i < 90; i++)
		len += (size_t)sprintf(text + len, ",\"f%d\":\"%.100s\"", i, value);
	(void)sprintf(text + len, "}");
	t.record.limit = 8192;
	(void)parse(&t, text, NULL);
	size_t kept;
	(void)tell_record_text(&t.record, &kept);
	ck_assert_uint_gt(kept, 6000); /* trimmed at the end, by whoever trims */
	ck_assert_uint_eq(n_fields(&t), 0);
	ck_assert_uint_eq(not_enriched(&t), 1);
	tell_rig_close(&t);
}
END_TEST

/* What an encoder of ours wrote of random fields comes back as these fields. */
START_TEST(json_of_random_fields_comes_back)
{
	struct tell_rig t;
	trial_open(&t, LINE);
	unsigned seed = 7;
	for (int round = 0; round < 500; round++) {
		struct tell_record r = { 0 };
		struct tell_buf out = { 0 };
		char texts[8][16], names[8][8];
		int n = 1 + rand_r(&seed) % 8;
		ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
		tell_buf_puts(&out, "{");
		for (int i = 0; i < n; i++) {
			int len = rand_r(&seed) % 16;
			for (int k = 0; k < len; k++)
				texts[i][k] = (char)(rand_r(&seed) % 127 + 1);
			(void)sprintf(names[i], "f%d", i);
			struct tell_field f = rand_r(&seed) % 2
				? tell_strn(names[i], texts[i], (size_t)len)
				: tell_i64(names[i], rand_r(&seed) - 1000);
			tell_record_add(&r, &f, 1, 0, NULL);
		}
		struct tell_value v, w;
		for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);) {
			tell_buf_printf(&out, "%s\"%.*s\":", out.len > 1 ? "," : "",
				v.name_len, v.name);
			tell_encode_json_value(&out, &v);
		}
		tell_buf_putc(&out, '}');
		tell_buf_putc(&out, '\0');
		ck_assert_int_eq(parse(&t, out.data, NULL), TELL_SUCCESS);
		ck_assert_uint_eq(n_fields(&t), (size_t)n);
		for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);) {
			ck_assert(tell_record_get(&t.record, v.name, v.name_len, &w));
			ck_assert_int_eq(w.type, v.type);
			ck_assert_uint_eq(w.len, v.len);
			ck_assert(v.len == 0 || memcmp(w.data, v.data, v.len) == 0);
		}
		tell_buf_done(&out);
		tell_record_done(&r);
	}
	tell_rig_close(&t);
}
END_TEST

static Suite *parsed_suite(void)
{
	Suite *s = suite_create("enrich/parsed");
	tell_check_add(s, "limits", over_a_limit_all_of_the_text_stays,
		a_record_without_room_keeps_its_text, NULL);
	tell_check_add(s, "random", json_of_random_fields_comes_back, NULL);
	return s;
}
TELL_CHECK_MAIN(parsed_suite)
