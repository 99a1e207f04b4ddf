#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "record/record.h"
#include "redact/module.h"
#include "stack/args.h"
#include "support/check_main.h"

static struct tell_record r;
static struct tell_refusal why;

static int open_line(void **ret, const char *add, const char *except)
{
	struct tell_arg_value values[] = { { .text = add }, { .text = except } };
	struct tell_args args = {
		.options = tell_redact_keys.options, .n_options = 2, .values = values
	};
	return tell_redact_keys.open(ret, &args, &why);
}

static enum tell_verdict run(void *line)
{
	struct tell_run run = { .record = &r };
	return tell_redact_keys.run(line, &run);
}

static void begin(void)
{
	ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
}

static void put(struct tell_field f)
{
	tell_record_add(&r, &f, 1, 0, NULL);
}

static uint8_t type_of(const char *name)
{
	struct tell_value v;
	ck_assert_msg(tell_record_get(&r, name, strlen(name), &v), "%s", name);
	return v.type;
}

START_TEST(a_named_secret_goes_whatever_its_type)
{
	void *line;
	ck_assert_int_eq(open_line(&line, NULL, NULL), 0);
	for (int twice = 0; twice < 2; twice++) { /* the second time from memory */
		begin();
		tell_record_message(&r, "login", 5);
		struct tell_field list[] = { tell_str(NULL, "a"), tell_i64(NULL, 1) };
		put(tell_str("password", "canary-1"));
		put(tell_i64("pin", 1234));
		put(tell_f64("card_cvv", 1.5));
		put(tell_bytes("X-Api-Key", "canary-2", 8));
		put(tell_jsonn("credentials", "{\"a\":\"canary-3\"}", 16));
		put(tell_hex("session_key", "canary-4", 8));
		put(tell_list_of("cookies", list, 2));
		put(tell_null("token"));
		put(tell_str("user", "ann"));
		put(tell_i64("max_tokens", 5));
		ck_assert_int_eq(run(line), TELL_SUCCESS);
		static const char *const gone[] = { "password", "pin", "card_cvv",
			"x_api_key", "credentials", "session_key", "cookies" };
		for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
			ck_assert_int_eq(type_of(gone[i]), TELL_TYPE_SECRET);
		ck_assert_int_eq(type_of("token"), TELL_TYPE_NULL);
		ck_assert_int_eq(type_of("user"), TELL_TYPE_STR);
		ck_assert_int_eq(type_of("max_tokens"), TELL_TYPE_I64);
		ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
		size_t len;
		ck_assert_mem_eq(tell_record_text(&r, &len), "login", 5);
	}
	tell_redact_keys.close(line);
}
END_TEST

START_TEST(fields_of_scopes_and_modules_are_no_exception)
{
	void *line;
	ck_assert_int_eq(open_line(&line, NULL, NULL), 0);
	begin();
	struct tell_field f = tell_str("secret", "canary");
	tell_record_add(&r, &f, 1, TELL_SLOT_SCOPE | TELL_SLOT_SAFE, NULL);
	f = tell_str("client_secret", "canary");
	tell_record_add(&r, &f, 1, TELL_SLOT_ADDED, NULL);
	ck_assert_int_eq(run(line), TELL_SUCCESS);
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
	tell_redact_keys.close(line);
}
END_TEST

START_TEST(options_add_names_and_take_some_out)
{
	void *line;
	ck_assert_int_eq(open_line(&line, "licence,Account-Number", "csrf_token,pin"), 0);
	begin();
	put(tell_str("licence", "x"));
	put(tell_str("user_licence", "x"));
	put(tell_str("sublicence", "x"));
	put(tell_str("account_number", "x"));
	put(tell_str("csrf_token", "x"));
	put(tell_str("my_csrf_token", "x"));
	put(tell_i64("pin", 17));
	ck_assert_int_eq(run(line), TELL_SUCCESS);
	ck_assert_int_eq(type_of("licence"), TELL_TYPE_SECRET);
	ck_assert_int_eq(type_of("user_licence"), TELL_TYPE_SECRET);
	ck_assert_int_eq(type_of("sublicence"), TELL_TYPE_STR);
	ck_assert_int_eq(type_of("account_number"), TELL_TYPE_SECRET);
	ck_assert_int_eq(type_of("csrf_token"), TELL_TYPE_STR);
	ck_assert_int_eq(type_of("my_csrf_token"), TELL_TYPE_SECRET);
	ck_assert_int_eq(type_of("pin"), TELL_TYPE_I64);
	tell_redact_keys.close(line);
}
END_TEST

START_TEST(a_name_that_is_none_is_refused)
{
	void *line = NULL;
	static const char *const bad[] = { "", ",", "a,", "a,,b", "--" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(open_line(&line, bad[i], NULL), -EINVAL);
		ck_assert_str_eq(why.arg, "add");
		ck_assert_int_eq(open_line(&line, NULL, bad[i]), -EINVAL);
		ck_assert_str_eq(why.arg, "except");
		ck_assert_ptr_null(line);
	}
}
END_TEST

START_TEST(a_working_directory_is_no_password)
{
	void *line;
	ck_assert_int_eq(open_line(&line, NULL, NULL), 0);
	begin();
	put(tell_str("pwd", "/home/ann"));
	put(tell_str("db_pwd", "hunter2"));
	ck_assert_int_eq(run(line), TELL_SUCCESS);
	ck_assert_int_eq(type_of("pwd"), TELL_TYPE_STR);
	ck_assert_int_eq(type_of("db_pwd"), TELL_TYPE_SECRET);
	tell_redact_keys.close(line);
}
END_TEST

START_TEST(long_names_are_judged_by_their_end)
{
	void *line;
	char name[400];
	ck_assert_int_eq(open_line(&line, "licence", NULL), 0);
	for (size_t n = 50; n < 300; n += 7) {
		memset(name, 'x', n);
		(void)snprintf(name + n, sizeof(name) - n, "_%s",
			n % 2 ? "password" : "licence");
		begin();
		put(tell_str(name, "canary"));
		memcpy(name + n, "_plain", 7);
		put(tell_str(name, "shown"));
		ck_assert_int_eq(run(line), TELL_SUCCESS);
		ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
		ck_assert_ptr_nonnull(memmem(r.head, r.head->size, "shown", 5));
	}
	tell_redact_keys.close(line);
}
END_TEST

START_TEST(names_the_dictionary_has_no_room_for_are_judged_too)
{
	void *line;
	char name[64];
	ck_assert_int_eq(open_line(&line, NULL, NULL), 0);
	for (int i = 0; i < TELL_KEYS_MAX + 10; i++) {
		(void)snprintf(name, sizeof(name), "n%d_password", i);
		begin();
		put(tell_str(name, "canary"));
		put(tell_str("plain", "x"));
		ck_assert_int_eq(run(line), TELL_SUCCESS);
		ck_assert_int_eq(type_of(name), TELL_TYPE_SECRET);
		ck_assert_int_eq(type_of("plain"), TELL_TYPE_STR);
	}
	tell_redact_keys.close(line);
}
END_TEST

static Suite *keys_suite(void)
{
	Suite *s = suite_create("redact/keys");
	tell_check_add(s, "keys", a_named_secret_goes_whatever_its_type,
		fields_of_scopes_and_modules_are_no_exception,
		options_add_names_and_take_some_out, a_name_that_is_none_is_refused,
		a_working_directory_is_no_password, long_names_are_judged_by_their_end,
		names_the_dictionary_has_no_room_for_are_judged_too, NULL);
	return s;
}
TELL_CHECK_MAIN(keys_suite)
