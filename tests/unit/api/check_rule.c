#include "api/rule.h"
#include <errno.h>
#include <string.h>
#include "base/buf.h"
#include "support/check_main.h"

static struct tell_level_rule rule;
static const struct tell_site cart = {
	.file = "src/shop/cart.c", .func = "cart_pay", .logger = "shop.cart", .line = 50
};

static int parse(const char *text)
{
	memset(&rule, 'x', sizeof(rule));
	return tell_rule_parse(&rule, text, strlen(text));
}

static bool matches(const char *text)
{
	ck_assert_int_eq(parse(text), 0);
	return tell_rule_match(&rule, &cart);
}

START_TEST(a_level_alone_speaks_of_every_site)
{
	ck_assert(matches("debug"));
	ck_assert_int_eq(rule.level, TELL_DEBUG);
	ck_assert(matches("off"));
	ck_assert_int_eq(rule.level, TELL_RULE_OFF);
	ck_assert(matches(" reset "));
	ck_assert_int_eq(rule.level, TELL_RULE_RESET);
}
END_TEST

START_TEST(a_file_is_matched_by_name_or_by_the_end_of_its_path)
{
	ck_assert(matches("file:cart.c debug"));
	ck_assert(matches("file:c*t.? debug"));
	ck_assert(matches("file:shop/cart.c debug"));
	ck_assert(matches("file:src/shop/*.c debug"));
	ck_assert(matches("file:*/cart.c debug"));
	ck_assert(!matches("file:art.c debug"));
	ck_assert(!matches("file:hop/cart.c debug"));
	ck_assert(!matches("file:cart debug"));
}
END_TEST

START_TEST(functions_lines_and_loggers_are_matched)
{
	ck_assert(matches("func:cart_* debug"));
	ck_assert(!matches("func:pay debug"));
	ck_assert(matches("line:50 debug"));
	ck_assert(matches("line:40-80 debug"));
	ck_assert(!matches("line:51-80 debug"));
	ck_assert(!matches("line:49 debug"));
	ck_assert(matches("logger:shop debug"));
	ck_assert(matches("logger:shop.cart debug"));
	ck_assert(!matches("logger:shop.ca debug"));
	ck_assert(!matches("logger:shop.cart.x debug"));
	ck_assert(matches("debug line:40-80 func:cart_pay file:cart.c logger:shop"));
	ck_assert(!matches("file:cart.c line:1 debug"));
}
END_TEST

START_TEST(what_is_no_rule_is_refused)
{
	static const char *const wrong[] = { "", "file:cart.c", "loud", "debug info",
		"line:0 debug", "line:x debug", "line:9-3 debug", "line:1-2-3 debug",
		"line:4294967296 debug", "file: debug", "logger: debug",
		"module:x debug" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(parse(wrong[i]) == -EINVAL, "taken: %s", wrong[i]);
	char longer[200] = "file:";
	memset(longer + 5, 'a', 150);
	memcpy(longer + 155, " debug", 7);
	ck_assert_int_eq(parse(longer), -EINVAL);
}
END_TEST

START_TEST(of_a_list_the_first_piece_that_is_none_is_told)
{
	const char *bad = NULL;
	size_t n = 0;
	ck_assert_int_eq(tell_rules_check("debug", &bad, &n), 0);
	ck_assert_int_eq(tell_rules_check("info,file:a.c debug,off", &bad, &n), 0);
	ck_assert_ptr_null(bad);
	ck_assert_int_eq(tell_rules_check("info,loud,worse", &bad, &n), -EINVAL);
	ck_assert_uint_eq(n, 4);
	ck_assert_int_eq(strncmp(bad, "loud", n), 0);
	ck_assert_int_eq(tell_rules_check("info,", &bad, &n), -EINVAL);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(tell_rules_check("", &bad, &n), -EINVAL);
}
END_TEST

START_TEST(a_rule_is_written_as_it_is_read)
{
	static const char *const texts[] = { "debug", "off", "reset",
		"file:a/b*.c warning", "file:x func:y logger:z line:3-9 info",
		"line:7 emerg", "line:3-4294967295 debug" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tell_level_rule one;
		struct tell_buf out = { 0 };
		ck_assert_int_eq(tell_rule_parse(&one, texts[i], strlen(texts[i])), 0);
		tell_rule_put(&out, &one);
		ck_assert_str_eq(tell_buf_cstr(&out), texts[i]);
		tell_buf_done(&out);
	}
}
END_TEST

static Suite *rule_suite(void)
{
	Suite *s = suite_create("api/rule");
	tell_check_add(s, "rules", a_level_alone_speaks_of_every_site,
		a_file_is_matched_by_name_or_by_the_end_of_its_path,
		functions_lines_and_loggers_are_matched, what_is_no_rule_is_refused,
		of_a_list_the_first_piece_that_is_none_is_told,
		a_rule_is_written_as_it_is_read, NULL);
	return s;
}
TELL_CHECK_MAIN(rule_suite)
