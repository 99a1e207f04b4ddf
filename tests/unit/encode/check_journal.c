#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/journal_entry.h"

static struct encoding e;
static struct journal_entry entry;

/* Encode and read back; the fields are then in `entry`. */
static void encode(void)
{
	ck_assert_ptr_nonnull(encoding_text(&e, "journal"));
	ck_assert(journal_entry_read(&entry, e.out.data, e.out.len));
}

/* The only field of this name, as a C string; NULL: none. */
static const char *field(const char *name)
{
	static char text[4096];
	const struct journal_field *f = journal_entry_find(&entry, name, NULL);
	if (!f)
		return NULL;
	ck_assert_ptr_null(journal_entry_find(&entry, name, f));
	ck_assert_uint_lt(f->value_len, sizeof(text));
	memcpy(text, f->value, f->value_len);
	text[f->value_len] = '\0';
	return text;
}

START_TEST(an_entry_is_what_journald_wants)
{
	encoding_begin(&e, "paid");
	encoding_add(&e, 0, tell_str("user", "ann"));
	ck_assert_str_eq(encoding_text(&e, "journal"),
		"MESSAGE=paid\nPRIORITY=6\nSYSLOG_FACILITY=3\nTID=4712\n"
		"SYSLOG_IDENTIFIER=shop\nTELL_SEQ=1a2b3c4d.0.42\nLOGGER=shop.cart\n"
		"CODE_FILE=src/cart.c\nCODE_LINE=142\nCODE_FUNC=add_item\nUSER=ann\n");
}
END_TEST

START_TEST(line_feeds_take_the_binary_form)
{
	encoding_begin(&e, "a\nb");
	encoding_add(&e, 0, tell_strn("body", "x\0\n\xff", 4));
	encode();
	ck_assert_mem_eq(e.out.data, "MESSAGE\n\3\0\0\0\0\0\0\0a\nb\n", 20);
	const struct journal_field *f = journal_entry_find(&entry, "BODY", NULL);
	ck_assert_uint_eq(f->value_len, 4);
	ck_assert_mem_eq(f->value, "x\0\n\xff", 4);
}
END_TEST

START_TEST(message_full_shows_the_calls_own_fields)
{
	encoding_begin(&e, "paid");
	e.l.message_full = true;
	encode();
	ck_assert_str_eq(field("MESSAGE"), "paid");
	ck_assert_ptr_null(field("TELL_TEXT"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_str("request_id", "r1"));
	encoding_add(&e, 0, tell_str("user", "ann b"));
	encoding_add(&e, TELL_SLOT_ADDED, tell_str("env", "test"));
	encode();
	ck_assert_str_eq(field("MESSAGE"), "paid user=\"ann b\"");
	ck_assert_str_eq(field("TELL_TEXT"), "paid");
	ck_assert_str_eq(field("REQUEST_ID"), "r1");
	ck_assert_str_eq(field("ENV"), "test");
	e.l.message_all = true;
	encode();
	ck_assert_str_eq(field("MESSAGE"), "paid request_id=r1 user=\"ann b\" env=test");
	ck_assert_str_eq(field("TELL_TEXT"), "paid");
}
END_TEST

START_TEST(a_full_message_of_several_lines_has_its_length)
{
	encoding_begin(&e, "two\nlines");
	e.l.message_full = true;
	encoding_add(&e, 0, tell_i64("n", 1));
	encode();
	ck_assert_str_eq(field("MESSAGE"), "two\nlines n=1");
	ck_assert_str_eq(field("TELL_TEXT"), "two\nlines");
}
END_TEST

START_TEST(late_and_recovered_records_say_so)
{
	encoding_begin(&e, "m");
	encode();
	ck_assert_ptr_null(field("TELL_TIME"));
	ck_assert_ptr_null(field("SYSLOG_PID"));
	ck_assert_ptr_null(field("TELL_KIND"));
	e.r.head->flags = TELL_RECORD_LATE | TELL_RECORD_RECOVERED | TELL_RECORD_CUT;
	e.r.head->kind = TELL_KIND_LOSS;
	encode();
	ck_assert_str_eq(field("TELL_TIME"), "2026-11-21T02:06:07.123456Z");
	ck_assert_str_eq(field("TELL_RECOVERED"), "1");
	ck_assert_str_eq(field("SYSLOG_PID"), "4711");
	ck_assert_str_eq(field("TELL_KIND"), "loss");
	ck_assert_str_eq(field("TELL_CUT"), "1");
	e.r.head->flags = TELL_RECORD_OTHER_PID;
	encode();
	ck_assert_str_eq(field("SYSLOG_PID"), "4711");
	ck_assert_ptr_null(field("TELL_RECOVERED"));
}
END_TEST

START_TEST(lists_are_fields_of_one_name)
{
	const struct tell_field list[] = { tell_str("", "a"), tell_i64("", 2),
		tell_str("", "c\nd"), tell_hex("", "\xff", 1) };
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_list_of("tag", list, 4));
	encoding_add(&e, 0, tell_list_of("none", list, 0));
	encode();
	static const char *const want[] = { "a", "2", "c\nd", "ff" };
	const struct journal_field *f = NULL;
	for (int i = 0; i < 4; i++) {
		f = journal_entry_find(&entry, "TAG", f);
		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(f->value_len, strlen(want[i]));
		ck_assert_mem_eq(f->value, want[i], f->value_len);
	}
	ck_assert_ptr_null(journal_entry_find(&entry, "TAG", f));
	ck_assert_str_eq(field("NONE"), "[]");
}
END_TEST

/* As many as journald takes: lists are arrays before anything is lost. */
START_TEST(never_more_than_1024_fields)
{
	static struct tell_field many[1200];
	for (int i = 0; i < 1200; i++)
		many[i] = tell_i64("", i);
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_list_of("fits", many, 900));
	encoding_add(&e, 0, tell_list_of("not", many, 200));
	encode();
	ck_assert_uint_gt(entry.n, 900);
	ck_assert_mem_eq(field("NOT"), "[0,1,2,", 7);

	encoding_end(&e);
	encoding_begin(&e, "m");
	e.r.head->flags = 0x1f;
	e.r.head->kind = TELL_KIND_SPAN;
	e.l.message_full = true;
	for (int i = 0; i < 1200; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "n%d", i);
		encoding_add(&e, 0, tell_i64(name, i));
	}
	encode();
	ck_assert_uint_ge(entry.n, 1000);
	ck_assert_uint_le(entry.n, 1024);
}
END_TEST

START_TEST(all_types_are_readable)
{
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_bytes("raw", "\0\x01\xff", 3));
	encoding_add(&e, 0, tell_hex("digest", "\0\x01\xff", 3));
	encoding_add(&e, 0, tell_f64("ratio", 0.25));
	encoding_add(&e, 0, tell_null("nothing"));
	encoding_add(&e, 0, tell_secret("token", "sesame"));
	encoding_add(&e, 0, tell_jsonn("json", "{\n}", 3));
	encoding_add(&e, 0, tell_str("empty", ""));
	encode();
	const struct journal_field *f = journal_entry_find(&entry, "RAW", NULL);
	ck_assert_uint_eq(f->value_len, 3);
	ck_assert_mem_eq(f->value, "\0\x01\xff", 3);
	ck_assert_str_eq(field("DIGEST"), "0001ff");
	ck_assert_str_eq(field("RATIO"), "0.25");
	ck_assert_str_eq(field("NOTHING"), "null");
	ck_assert_str_eq(field("TOKEN"), "[REDACTED]");
	ck_assert_str_eq(field("JSON"), "{\n}");
	ck_assert_str_eq(field("EMPTY"), "");
}
END_TEST

static Suite *journal_suite(void)
{
	Suite *s = suite_create("encode/journal");
	tell_check_add(s, "entries", an_entry_is_what_journald_wants,
		line_feeds_take_the_binary_form, message_full_shows_the_calls_own_fields,
		a_full_message_of_several_lines_has_its_length,
		late_and_recovered_records_say_so, lists_are_fields_of_one_name,
		never_more_than_1024_fields, all_types_are_readable, NULL);
	return s;
}
TELL_CHECK_MAIN(journal_suite)
