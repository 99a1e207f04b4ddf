#include "stack/args.h"

#include <errno.h>
#include <string.h>

#include "support/check_main.h"

static const struct tell_option options[] = {
	{ "path", TELL_OPTION_TEXT, NULL, NULL, "where it is", true },
	{ "count", TELL_OPTION_COUNT, "3", NULL, "", false },
	{ "size", TELL_OPTION_SIZE, "64KiB", NULL, "", false },
	{ "wait", TELL_OPTION_DURATION, "50ms", NULL, "", false },
	{ "ratio", TELL_OPTION_RATIO, "10%", NULL, "", false },
	{ "fast", TELL_OPTION_BOOL, "no", NULL, "", false },
	{ "min", TELL_OPTION_LEVEL, "info", NULL, "", false },
	{ "proto", TELL_OPTION_CHOICE, "unix", "unix udp tcp", "", false },
	{ "mode", TELL_OPTION_MODE, "0640", NULL, "", false },
	{ "port", TELL_OPTION_PORT, NULL, NULL, "", false },
	{ "when", TELL_OPTION_EXPR, NULL, NULL, "", false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};
static const struct tell_option any[] = {
	{ "*", TELL_OPTION_TEXT, NULL, NULL, "fields", false },
	{ "own", TELL_OPTION_TEXT, NULL, NULL, "", false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};
static const struct tell_module module = {
	.type = "sink", .name = "mod", .options = options
};
static const struct tell_module free_module = {
	.type = "sink", .name = "set", .options = any
};
static const struct tell_module bare = { .type = "sink", .name = "bare" };

static struct tell_pool pool;
static struct tell_report report;
static struct tell_args args;

static int build(const struct tell_module *m, size_t n, const char *const *texts)
{
	static struct tell_arg list[8];
	struct tell_line line = { .args = list, .n_args = n };
	tell_report_done(&report);
	line.module_at.file = "f";
	for (size_t i = 0; i < n; i++)
		list[i] = (struct tell_arg){ texts[i], { "f", 1, 10, NULL } };
	return tell_args_build(&args, m, &line, "shop", &pool, &report);
}
#define BUILD(m, ...)                                                                    \
	build(m, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *),          \
		(const char *const[]){ __VA_ARGS__ })

START_TEST(what_is_not_given_has_its_default)
{
	ck_assert_int_eq(BUILD(&module, "path=/x=y"), 0);
	ck_assert_str_eq(tell_args_text(&args, "path"), "/x=y");
	ck_assert_uint_eq(tell_args_u64(&args, "count"), 3);
	ck_assert_uint_eq(tell_args_u64(&args, "size"), 65536);
	ck_assert_uint_eq(tell_args_u64(&args, "wait"), 50000000);
	ck_assert(tell_args_f64(&args, "ratio") == 0.1);
	ck_assert(!tell_args_bool(&args, "fast"));
	ck_assert_uint_eq(tell_args_u64(&args, "min"), 6);
	ck_assert_uint_eq(tell_args_choice(&args, "proto"), 0);
	ck_assert_uint_eq(tell_args_u64(&args, "mode"), 0640);
	ck_assert_uint_eq(tell_args_u64(&args, "port"), 0);
	ck_assert_ptr_null(tell_args_text(&args, "port"));
	ck_assert(tell_args_given(&args, "path") && !tell_args_given(&args, "size"));
	ck_assert_str_eq(tell_args_service(&args), "shop");
}
END_TEST

START_TEST(values_are_read_by_their_kind)
{
	ck_assert_int_eq(BUILD(&module, "path=p", "count=0", "size=1.5KiB", "wait=1h30m",
				 "ratio=0.25", "fast", "min=WARN", "proto=TCP"),
		0);
	ck_assert_uint_eq(tell_args_u64(&args, "size"), 1536);
	ck_assert_uint_eq(tell_args_u64(&args, "wait"), UINT64_C(5400000000000));
	ck_assert(tell_args_f64(&args, "ratio") == 0.25);
	ck_assert(tell_args_bool(&args, "fast"));
	ck_assert_uint_eq(tell_args_u64(&args, "min"), 4);
	ck_assert_uint_eq(tell_args_choice(&args, "proto"), 2);
}
END_TEST

START_TEST(a_wrong_argument_says_what_to_write)
{
	static const struct {
		const char *arg, *what, *fix;
	} rows[] = {
		{ "pth=x", "unknown option 'pth' of module 'mod'",
			"did you mean 'path'?" },
		{ "zzz=x", "unknown option 'zzz'", "its options are path= count=" },
		{ "count=-1", "'-1' is no value for count", "whole number" },
		{ "size=big", "'big' is no value for size", "64KiB" },
		{ "wait=5", "'5' is no value for wait", "50ms" },
		{ "ratio=2", "ratio", "0.10" },
		{ "ratio=nan", "ratio", "0.10" },
		{ "fast=perhaps", "fast", "yes or no" },
		{ "min=loud", "min", "emerg alert" },
		{ "proto=tpc", "proto", "did you mean 'tcp'?" },
		{ "proto=carrier-pigeon", "proto", "write one of: unix udp tcp" },
		{ "mode=0999", "mode", "octal" },
		{ "mode=", "mode", "octal" },
		{ "port=0", "port", "1 to 65535" },
		{ "port=65536", "port", "1 to 65535" },
		{ "when=a >", "when: ", "" },
		{ "size", "option 'size' has no value", "name=value" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(BUILD(&module, "path=p", rows[i].arg), -EINVAL);
		ck_assert_uint_eq(report.n, 1);
		ck_assert_msg(strstr(report.faults[0].message, rows[i].what) != NULL,
			"%s: %s", rows[i].arg, report.faults[0].message);
		ck_assert_msg(strstr(report.faults[0].fix, rows[i].fix) != NULL, "%s: %s",
			rows[i].arg, report.faults[0].fix);
	}
}
END_TEST

START_TEST(twice_missing_and_needless_ones_are_refused_all_at_once)
{
	ck_assert_int_eq(BUILD(&module, "size=1", "size=2", "bogus=1"), -EINVAL);
	ck_assert_uint_eq(report.n, 3);
	ck_assert_ptr_nonnull(strstr(report.faults[0].message, "given twice"));
	ck_assert_ptr_nonnull(strstr(report.faults[2].message, "needs path="));
	ck_assert_str_eq(report.faults[2].fix, "where it is");
	ck_assert_int_eq(BUILD(&bare, "x=1"), -EINVAL);
	ck_assert_str_eq(report.faults[0].fix, "it takes none");
}
END_TEST

START_TEST(a_star_takes_what_has_no_other_name)
{
	const char *name, *value;
	size_t pos = 0;
	ck_assert_int_eq(BUILD(&free_module, "a=1", "own=2", "b=x=y"), 0);
	ck_assert(tell_args_next(&args, &pos, &name, &value));
	ck_assert_str_eq(name, "a");
	ck_assert(tell_args_next(&args, &pos, &name, &value));
	ck_assert_str_eq(name, "b");
	ck_assert_str_eq(value, "x=y");
	ck_assert(!tell_args_next(&args, &pos, &name, &value));
	ck_assert_str_eq(tell_args_text(&args, "own"), "2");
	ck_assert_int_eq(BUILD(&free_module, "bare"), -EINVAL);
	ck_assert_int_eq(BUILD(&free_module, "=x"), -EINVAL);
}
END_TEST

static Suite *args_suite(void)
{
	Suite *s = suite_create("stack/args");
	tell_check_add(s, "values", what_is_not_given_has_its_default,
		values_are_read_by_their_kind, a_star_takes_what_has_no_other_name, NULL);
	tell_check_add(s, "faults", a_wrong_argument_says_what_to_write,
		twice_missing_and_needless_ones_are_refused_all_at_once, NULL);
	return s;
}
TELL_CHECK_MAIN(args_suite)
