#include "redact/style.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "record/record.h"
#include "redact/mask.h"
#include "redact/module.h"
#include "redact/text.h"
#include "stack/args.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"
#include "unit/redact/made.h"

static struct tell_refusal why;

/* A line with these values for its options, by name. */
static int open_line(void **ret, const struct tell_module *m, unsigned style,
	const char *key, const char *file)
{
	struct tell_arg_value values[8] = { { 0 } };
	size_t n = 0;
	for (const struct tell_option *o = m->options; o->name; o++, n++) {
		if (strcmp(o->name, "style") == 0)
			values[n].number = style;
		if (strcmp(o->name, "key") == 0)
			values[n].text = key;
		if (strcmp(o->name, "file") == 0)
			values[n].text = file;
	}
	struct tell_args args = {
		.options = m->options, .n_options = n, .values = values
	};
	return m->open(ret, &args, &why);
}

static const char *write_file(const char *name, const char *text, mode_t mode)
{
	const char *path = tell_scratch_path(name);
	tell_scratch_write(path, text);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

static const char *put(const struct tell_style *style, const char *secret)
{
	static struct tell_buf out;
	tell_buf_clear(&out);
	tell_style_put(style, &out, "card", secret, strlen(secret));
	const char *text = tell_buf_cstr(&out);
	ck_assert_uint_eq(tell_text_mask(text, strlen(text), 0), strlen(text));
	return text;
}

START_TEST(each_style_writes_its_mask)
{
	struct tell_style style = { .kind = TELL_STYLE_KIND };
	ck_assert_str_eq(put(NULL, "4111"), "[REDACTED:card]");
	ck_assert_str_eq(put(&style, "4111"), "[REDACTED:card]");
	style.kind = TELL_STYLE_FIXED;
	ck_assert_str_eq(put(&style, "4111"), "[REDACTED]");
	style.kind = TELL_STYLE_PARTIAL;
	ck_assert_str_eq(put(&style, "0000222244441111"), "[REDACTED:card:1111]");
	ck_assert_str_eq(put(&style, "000022224444111"), "[REDACTED:card]");
	ck_assert_str_eq(put(&style, "000022224444 1-1"), "[REDACTED:card]");
	style.kind = TELL_STYLE_HMAC;
	tell_hmac_init(&style.hmac, "Jefe", 4);
	/* 5bdcc146bf60754e of RFC 4231, case 2, in a to p */
	ck_assert_str_eq(put(&style, "what do ya want for nothing?"),
		"[REDACTED:card:flnmmbeglpgahfeo]");
}
END_TEST

START_TEST(a_key_must_be_its_owners_alone)
{
	void *line;
	const struct tell_module *m = &tell_redact_detect;
	tell_scratch_make();
	ck_assert_int_eq(open_line(&line, m, TELL_STYLE_HMAC, NULL, NULL), -EINVAL);
	ck_assert_int_eq(
		open_line(&line, m, TELL_STYLE_HMAC, "/nowhere/x", NULL), -ENOENT);
	const char *key = write_file("short", "fifteen bytes..", 0600);
	ck_assert_int_eq(open_line(&line, m, TELL_STYLE_HMAC, key, NULL), -EINVAL);
	key = write_file("open", "sixteen bytes...", 0640);
	ck_assert_int_eq(open_line(&line, m, TELL_STYLE_HMAC, key, NULL), -EPERM);
	ck_assert_str_eq(why.arg, "key");
	key = write_file("good", "sixteen bytes...", 0600);
	ck_assert_int_eq(open_line(&line, m, TELL_STYLE_HMAC, key, NULL), 0);
	m->close(line);
	tell_scratch_remove();
}
END_TEST

static struct tell_record r;
static struct tell_buf out, work;

static void run(const struct tell_module *m, void *line)
{
	struct tell_run run = { .record = &r, .out = &out, .work = &work };
	ck_assert_int_eq(m->run(line, &run), TELL_SUCCESS);
}

static void begin(void)
{
	tell_buf_done(&out);
	tell_buf_done(&work);
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
	struct tell_field fields[] = { tell_str("note", "password=canary1 x"),
		tell_str("user", "ann"), tell_str("api_key", "canary2canary2canary2"),
		tell_i64("pin", -1234), tell_secret("told", "canary3") };
	tell_record_message(&r, "token=canary4 y", 15);
	tell_record_add(&r, fields, 5, 0, NULL);
}

static const char *text_of(const char *name)
{
	static char text[200];
	struct tell_value v;
	if (!tell_record_get(&r, name, strlen(name), &v))
		return NULL;
	(void)snprintf(text, sizeof(text), "%.*s", (int)v.len, (const char *)v.data);
	return v.type == TELL_TYPE_SECRET ? "secret" : text;
}

START_TEST(drop_leaves_no_field_and_keeps_the_message)
{
	void *keys, *detect;
	begin();
	ck_assert_int_eq(
		open_line(&keys, &tell_redact_keys, TELL_STYLE_DROP, NULL, NULL), 0);
	ck_assert_int_eq(
		open_line(&detect, &tell_redact_detect, TELL_STYLE_DROP, NULL, NULL), 0);
	run(&tell_redact_keys, keys);
	run(&tell_redact_detect, detect);
	ck_assert_ptr_null(text_of("note"));
	ck_assert_ptr_null(text_of("api_key"));
	ck_assert_ptr_null(text_of("pin"));
	ck_assert_str_eq(text_of("user"), "ann");
	ck_assert_str_eq(text_of("told"), "secret");
	size_t len;
	const char *text = tell_record_text(&r, &len);
	ck_assert_uint_eq(len, 18);
	ck_assert_mem_eq(text, "token=[REDACTED] y", 18);
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
	tell_redact_keys.close(keys);
	tell_redact_detect.close(detect);
}
END_TEST

START_TEST(hmac_makes_the_same_of_the_same_and_nothing_of_a_mask)
{
	void *keys;
	char first[200], pin[200];
	tell_scratch_make();
	const char *key = write_file("key", "sixteen bytes...", 0600);
	ck_assert_int_eq(
		open_line(&keys, &tell_redact_keys, TELL_STYLE_HMAC, key, NULL), 0);
	for (int i = 0; i < 2; i++) {
		begin();
		run(&tell_redact_keys, keys);
		ck_assert_uint_eq(strlen(text_of("api_key")), 31);
		if (i) {
			ck_assert_str_eq(text_of("api_key"), first);
			ck_assert_str_eq(text_of("pin"), pin);
		}
		(void)snprintf(first, sizeof(first), "%s", text_of("api_key"));
		(void)snprintf(pin, sizeof(pin), "%s", text_of("pin"));
		run(&tell_redact_keys, keys); /* a second pass */
		ck_assert_str_eq(text_of("api_key"), first);
		ck_assert_str_eq(text_of("told"), "secret");
	}
	ck_assert_str_ne(first, pin);
	tell_redact_keys.close(keys);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_second_pass_of_any_style_changes_nothing)
{
	uint64_t seed = tell_unit_seed();
	struct tell_style styles[5];
	for (int k = 0; k < 5; k++) {
		styles[k].kind = (enum tell_style_kind)k;
		tell_hmac_init(&styles[k].hmac, "a key for tests.", 16);
	}
	for (int i = 0; i < 600; i++) {
		struct made m;
		made_secret(&m, (enum made_kind)(i % MADE_KINDS), &seed);
		struct tell_mask mask;
		struct tell_buf again;
		bool whole;
		tell_buf_init(&again, 0);
		tell_mask_init(&mask, &out, &work);
		mask.style = &styles[i % 5];
		ck_assert_int_eq(
			tell_mask_text(&mask, m.whole, strlen(m.whole), &whole), 1);
		ck_assert_msg(!strstr(tell_buf_cstr(&out), m.secret), "%s", m.secret);
		tell_buf_put(&again, out.data, out.len);
		ck_assert_int_eq(tell_mask_text(&mask, again.data, again.len, &whole), 0);
		tell_mask_done(&mask);
		tell_buf_done(&again);
	}
}
END_TEST

static Suite *style_suite(void)
{
	Suite *s = suite_create("redact/style");
	tell_check_add(s, "style", each_style_writes_its_mask,
		a_key_must_be_its_owners_alone,
		drop_leaves_no_field_and_keeps_the_message,
		hmac_makes_the_same_of_the_same_and_nothing_of_a_mask,
		a_second_pass_of_any_style_changes_nothing, NULL);
	return s;
}
TELL_CHECK_MAIN(style_suite)
