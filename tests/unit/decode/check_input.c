#include "decode/input.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "record/record.h"
#include "encode/encode.h"
#include "support/check_main.h"

static struct tell_input *input;

static void setup(void)
{
	input = calloc(1, sizeof(*input));
	ck_assert_ptr_nonnull(input);
	tell_input_init(input);
	input->parse = TELL_INPUT_AUTO;
	input->prefix = true;
}

static void teardown(void)
{
	tell_input_done(input);
	free(input);
}

/* What the line says, as "level|message|fields in JSON, without the braces". */
static void expect_n(const char *line, size_t len, const char *want)
{
	struct tell_buf got = { 0 };
	struct tell_record r = { 0 };
	struct tell_value v;
	/* In a block of its size: a step too far is seen. */
	char *copy = malloc(len ? len : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, line, len);
	tell_input_read(input, copy, len);
	tell_buf_printf(&got, "%d|", input->level);
	tell_buf_put(&got, input->message, input->message_len);
	tell_buf_putc(&got, '|');
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_add(&r, input->fields, input->n_fields, 0, NULL);
	for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);) {
		tell_buf_printf(&got, "%s%.*s:", got.data[got.len - 1] == '|' ? "" : ",",
			(int)v.name_len, v.name);
		tell_encode_json_value(&got, &v);
	}
	ck_assert_msg(got.len == strlen(want) && memcmp(got.data, want, got.len) == 0,
		"got  %s\nwant %s", tell_buf_cstr(&got), want);
	tell_record_done(&r);
	tell_buf_done(&got);
	free(copy);
}

static void expect(const char *line, const char *want)
{
	expect_n(line, strlen(line), want);
}

START_TEST(a_plain_line_is_the_message)
{
	expect("hello world", "-1|hello world|");
	expect("", "-1||");
	expect("100% %s %n", "-1|100% %s %n|");
	expect("windows\r", "-1|windows|");
}
END_TEST

START_TEST(a_prefix_is_the_level)
{
	expect("<3>disk full", "3|disk full|");
	expect("<0>x", "0|x|");
	expect("<30>daemon.info", "6|daemon.info|");
	expect("<191>x", "7|x|");
	expect("<192>x", "-1|<192>x|");
	expect("<>x", "-1|<>x|");
	expect("<a>x", "-1|<a>x|");
	expect("<3x", "-1|<3x|");
	expect("<3> <4>x", "3| <4>x|");
	input->prefix = false;
	expect("<3>disk full", "-1|<3>disk full|");
}
END_TEST

START_TEST(logfmt_follows_the_words)
{
	expect("<3>disk full path=/var n=3", "3|disk full|path:\"/var\",n:3");
	expect("paid user=ann cents=4200 ok=true",
		"-1|paid|user:\"ann\",cents:4200,ok:true");
	expect("x a=\"b c\" d=\"3\" e=\"q\\\"\\n\\\\\"",
		"-1|x|a:\"b c\",d:\"3\",e:\"q\\\"\\n\\\\\"");
	expect("x  a=1   b=2  ", "-1|x|a:1,b:2");
	expect("x a=", "-1|x|a:\"\"");
	expect("x n=007 m=1.50 f=0.5 g=-7", "-1|x|n:\"007\",m:\"1.50\",f:0.5,g:-7");
	expect("level=warn msg=\"hi there\" n=3", "4|hi there|n:3");
	expect("x a=1 a=2", "-1|x|a:2");
	expect("x level=error", "3|x|");
	expect("x msg=y", "-1|x|msg:\"y\"");
}
END_TEST

START_TEST(words_behind_the_pairs_make_a_message_of_all)
{
	expect("a=1 then words", "-1|a=1 then words|");
	expect("see http://host/?a=b", "-1|see http://host/?a=b|");
	expect("1=2", "-1|1=2|");
	expect("x =y", "-1|x =y|");
	expect("pid=23587", "-1|pid=23587|");
	expect("x a=\"open", "-1|x a=\"open|");
	expect("x a=\"b\"c", "-1|x a=\"b\"c|");
	expect("<4>n=3", "4|n=3|");
}
END_TEST

START_TEST(a_json_object_is_a_record)
{
	expect("{\"level\":\"info\",\"message\":\"hi\",\"n\":3}", "6|hi|n:3");
	expect("{\"LEVEL\":\"x\",\"severity\":\"CRITICAL\",\"msg\":\"m\"}",
		"2|m|user_level:\"x\"");
	expect("{\"lvl\":50,\"msg\":\"pino\"}", "3|pino|");
	expect("{\"level\":7}", "7||");
	expect("{\"message\":\"a\",\"msg\":\"b\"}", "-1|a|msg:\"b\"");
	expect("{\"message\":3}", "-1||user_message:3");
	expect("{}", "-1||");
	expect("{\"a\":1,\"a\":2}", "-1||a:2");
	expect("{\"s\":\"q\\\"\\u0000\\n\",\"n\":null,\"t\":true,\"o\":{\"p\":[1,2]}}",
		"-1||s:\"q\\\"\\u0000\\n\",n:null,t:true,o:{\"p\":[1,2]}");
	expect("<3>{\"message\":\"x\"}", "3|x|");
	expect("<3>{\"level\":\"debug\",\"message\":\"x\"}", "3|x|user_level:\"debug\"");
}
END_TEST

START_TEST(numbers_of_json_are_exact)
{
	expect("{\"a\":123456789012345678901234567890}",
		"-1||a:123456789012345678901234567890");
	expect("{\"a\":18446744073709551615,\"b\":-9223372036854775808}",
		"-1||a:18446744073709551615,b:-9223372036854775808");
	expect("{\"a\":1.50,\"b\":1e3,\"c\":0.1}", "-1||a:1.5,b:1000.0,c:0.1");
	expect("{\"a\":3.14159265358979323846}", "-1||a:3.14159265358979323846");
	expect("{\"a\":-0,\"b\":1e400}", "-1||a:-0,b:1e400");
}
END_TEST

START_TEST(half_json_is_the_message)
{
	expect("{\"a\":1", "-1|{\"a\":1|");
	expect("{\"a\":1} tail", "-1|{\"a\":1} tail|");
	expect("[1,2]", "-1|[1,2]|");
	expect("\"text\"", "-1|\"text\"|");
	input->parse = TELL_INPUT_NONE;
	expect("{\"a\":1}", "-1|{\"a\":1}|");
	expect("x a=1", "-1|x a=1|");
	input->parse = TELL_INPUT_LOGFMT;
	expect("{\"a\":1}", "-1|{\"a\":1}|");
	expect("a=1", "-1||a:1");
}
END_TEST

START_TEST(times_are_understood)
{
	static const struct {
		const char *line;
		uint64_t ns;
	} rows[] = {
		{ "{\"timestamp\":\"2026-11-21T02:06:07.5Z\"}",
			UINT64_C(1795226767500000000) },
		{ "{\"time\":1795226767}", UINT64_C(1795226767000000000) },
		{ "{\"ts\":1795226767.25}", UINT64_C(1795226767250000000) },
		{ "{\"time\":1795226767250}", UINT64_C(1795226767250000000) },
		{ "{\"time\":1795226767250000}", UINT64_C(1795226767250000000) },
		{ "{\"@timestamp\":1795226767250000000}", UINT64_C(1795226767250000000) },
		{ "{\"time\":\"noon\"}", 0 },
		{ "{\"time\":0}", 0 },
		{ "ts=2026-11-21T02:06:07Z msg=x", UINT64_C(1795226767000000000) },
		{ "ts=2026-11-21T02:06:07Z", 0 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tell_input_read(input, rows[i].line, strlen(rows[i].line));
		ck_assert_msg(input->time_ns == rows[i].ns, "%s", rows[i].line);
	}
}
END_TEST

START_TEST(our_own_members_are_heads_when_asked)
{
	static const char line[] =
		"{\"timestamp\":\"2026-11-21T02:06:07Z\",\"level\":\"info\","
		"\"service\":\"shop\",\"logger\":\"shop.db\",\"message\":\"m\","
		"\"pid\":42,\"seq\":\"0000abcd.1.7\",\"caller\":{\"file\":"
		"\"db.c\",\"line\":7,\"function\":\"q\"}}";
	input->heads = true;
	tell_input_read(input, line, sizeof(line) - 1);
	ck_assert_str_eq(input->service, "shop");
	ck_assert_str_eq(input->logger, "shop.db");
	ck_assert_str_eq(input->seq, "0000abcd.1.7");
	ck_assert_str_eq(input->file, "db.c");
	ck_assert_str_eq(input->func, "q");
	ck_assert_uint_eq(input->file_line, 7);
	ck_assert_uint_eq(input->pid, 42);
	ck_assert_uint_eq(input->n_fields, 0);

	static const char other[] = "{\"caller\":\"a/b.go:12\",\"pid\":\"x\"}";
	tell_input_read(input, other, sizeof(other) - 1);
	ck_assert_str_eq(input->file, "a/b.go");
	ck_assert_uint_eq(input->file_line, 12);
	ck_assert_ptr_null(input->service);
	ck_assert_uint_eq(input->n_fields, 1);
}
END_TEST

static void put_fields(struct tell_buf *got, const struct tell_field *fields, size_t n)
{
	struct tell_record r = { 0 };
	struct tell_value v;
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_add(&r, fields, n, 0, NULL);
	tell_buf_putc(got, '|');
	for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);) {
		tell_buf_printf(got, "%s%.*s:", got->data[got->len - 1] == '|' ? "" : ",",
			(int)v.name_len, v.name);
		tell_encode_json_value(got, &v);
	}
	tell_record_done(&r);
}

/* What the line says with a preamble, as "level|message|preamble|fields|file:line:function logger". */
static void expect_preamble(const char *line, const char *want)
{
	struct tell_buf got = { 0 };
	tell_input_read(input, line, strlen(line));
	tell_buf_printf(
		&got, "%d|%.*s", input->level, (int)input->message_len, input->message);
	put_fields(&got, input->preamble, input->n_preamble);
	put_fields(&got, input->fields, input->n_fields);
	tell_buf_printf(&got, "|%s:%u:%s %s", input->file ? input->file : "",
		input->file_line, input->func ? input->func : "",
		input->logger ? input->logger : "");
	ck_assert_str_eq(tell_buf_cstr(&got), want);
	tell_buf_done(&got);
}

START_TEST(a_preamble_becomes_level_place_and_fields)
{
	expect_preamble("2026-11-21 03:54:27 [12] ERROR cart.c:42:add: full path=/var",
		"3|full|line_time:\"2026-11-21 03:54:27\",line_pid:12|path:\"/var\"|cart."
		"c:42:add ");
	expect_preamble("[WARN] x", "4|x|||:0: ");
	expect_preamble("[FATAL] x", "2|x|line_level:\"FATAL\"||:0: ");
	expect_preamble("ERROR:root:x", "3|x|||:0: root");
	expect_preamble("Nov 21 03:54:27 h p[007]: x",
		"-1|x|line_time:\"Nov 21 03:54:27\",line_host:\"h\",line_program:\"p\",line_pid:"
		"\"007\"||:0: ");
	expect_preamble("cart.c:42:10: x", "-1|x|line_column:10||cart.c:42: ");
	input->own_pid = 12;
	expect_preamble("03:54:27 [12] x", "-1|x|line_time:\"03:54:27\"||:0: ");
	expect_preamble(
		"03:54:27 [13] x", "-1|x|line_time:\"03:54:27\",line_pid:13||:0: ");
	input->parse = TELL_INPUT_LOGFMT;
	expect_preamble("[WARN] x a=1", "-1|[WARN] x||a:1|:0: ");
	input->parse = TELL_INPUT_PRINTF;
	expect_preamble("[WARN] x a=1", "4|x a=1|||:0: ");
}
END_TEST

START_TEST(a_prefix_is_the_level_and_the_preambles_word_a_field)
{
	expect_preamble("<6>[ERROR] x", "6|x|line_level:\"ERROR\"||:0: ");
	expect_preamble("<3>[ERROR] x", "3|x|||:0: ");
}
END_TEST

START_TEST(behind_a_preamble_all_forms_go_on)
{
	expect_preamble("03:54:27 {\"level\":\"warn\",\"msg\":\"x\",\"n\":1}",
		"4|x|line_time:\"03:54:27\"|n:1|:0: ");
	expect_preamble("[ERROR] {\"level\":\"warn\",\"msg\":\"x\"}",
		"3|x||user_level:\"warn\"|:0: ");
	expect_preamble("[ERROR] a=1 b=2", "3|a=1 b=2|||:0: ");
	expect_preamble(
		"{\"msg\":\"x\",\"caller\":\"a/b.c:12\",\"logger\":\"l\",\"pid\":3}",
		"-1|x||user_pid:3|a/b.c:12: l");
}
END_TEST

START_TEST(no_field_of_the_line_takes_the_place_of_its_preamble)
{
	expect_preamble("03:54:27 x line_time=1",
		"-1|x|line_time:\"03:54:27\"|user_line_time:1|:0: ");
	expect_preamble("03:54:27 x Line-Time=1",
		"-1|x|line_time:\"03:54:27\"|user_line_time:1|:0: ");
	expect_preamble("03:54:27 {\"_line.time\":1}",
		"-1||line_time:\"03:54:27\"|user_line_time:1|:0: ");
	expect_preamble(
		"03:54:27 x line_pid=1", "-1|x|line_time:\"03:54:27\"|line_pid:1|:0: ");
	expect_preamble("x line_time=1", "-1|x||line_time:1|:0: ");
}
END_TEST

START_TEST(of_joined_lines_the_first_says_level_and_fields)
{
	expect_preamble(
		"[ERROR] x a=1\n  more b=2\n  end", "3|x\n  more b=2\n  end||a:1|:0: ");
	expect_preamble("[ERROR] x\n  more b=2", "3|x\n  more b=2|||:0: ");
	expect_preamble("x\n [ERROR] y", "-1|x\n [ERROR] y|||:0: ");
	expect_preamble("[ERROR]\n  y", "-1|[ERROR]\n  y|||:0: ");
	expect_preamble("{\"a\":1}\n  y", "-1|{\"a\":1}\n  y|||:0: ");
}
END_TEST

START_TEST(a_place_can_be_a_field)
{
	expect_preamble("cart.c:42: x", "-1|x|||cart.c:42: ");
	tell_input_place_field(input);
	ck_assert_uint_eq(input->n_preamble, 1);
	ck_assert_str_eq(input->preamble[0].key, "line_place");
	ck_assert_uint_eq(input->preamble[0].len, 9);
	ck_assert_int_eq(memcmp(input->preamble[0].v.ptr, "cart.c:42", 9), 0);
}
END_TEST

START_TEST(too_many_fields_are_left_out_and_marked)
{
	struct tell_buf line = { 0 };
	tell_buf_putc(&line, '{');
	for (int i = 0; i < TELL_INPUT_FIELDS_MAX + 5; i++)
		tell_buf_printf(&line, "%s\"k%d\":%d", i ? "," : "", i, i);
	tell_buf_putc(&line, '}');
	tell_input_read(input, line.data, line.len);
	ck_assert_uint_eq(input->n_fields, TELL_INPUT_FIELDS_MAX);
	ck_assert(input->cut);
	tell_buf_done(&line);
}
END_TEST

static Suite *input_suite(void)
{
	Suite *s = suite_create("decode/input");
	TCase *tc = tcase_create("lines");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_plain_line_is_the_message);
	tcase_add_test(tc, a_prefix_is_the_level);
	tcase_add_test(tc, logfmt_follows_the_words);
	tcase_add_test(tc, words_behind_the_pairs_make_a_message_of_all);
	tcase_add_test(tc, a_json_object_is_a_record);
	tcase_add_test(tc, numbers_of_json_are_exact);
	tcase_add_test(tc, half_json_is_the_message);
	tcase_add_test(tc, times_are_understood);
	tcase_add_test(tc, our_own_members_are_heads_when_asked);
	tcase_add_test(tc, a_preamble_becomes_level_place_and_fields);
	tcase_add_test(tc, a_prefix_is_the_level_and_the_preambles_word_a_field);
	tcase_add_test(tc, behind_a_preamble_all_forms_go_on);
	tcase_add_test(tc, no_field_of_the_line_takes_the_place_of_its_preamble);
	tcase_add_test(tc, of_joined_lines_the_first_says_level_and_fields);
	tcase_add_test(tc, a_place_can_be_a_field);
	tcase_add_test(tc, too_many_fields_are_left_out_and_marked);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(input_suite)
