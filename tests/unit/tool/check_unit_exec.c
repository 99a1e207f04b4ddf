#include "tool/unit_exec.h"
#include <errno.h>
#include <string.h>
#include "support/check_main.h"

static const char *const options[] = { "-t", "shop", NULL };
static const struct tell_unit_wrap wrap = { "/usr/bin/telltale", options };

static void expect(const char *value, const char *want)
{
	struct tell_buf got = { 0 };
	int n = tell_unit_wrap(&got, value, strlen(value), &wrap);
	ck_assert_msg(n >= 0, "%s: %d", value, n);
	ck_assert_str_eq(tell_buf_cstr(&got), want);
	tell_buf_done(&got);
}

static void refused(const char *value, int why)
{
	struct tell_buf got = { 0 };
	ck_assert_int_eq(tell_unit_wrap(&got, value, strlen(value), &wrap), why);
	tell_buf_done(&got);
}

#define OURS "/usr/bin/telltale cat -t shop"

START_TEST(words_stay_as_they_were_written)
{
	expect("/usr/bin/shop", "ExecStart=" OURS " -- /usr/bin/shop\n");
	expect("/usr/bin/shop  --port   80 ",
		"ExecStart=" OURS " -- /usr/bin/shop --port 80\n");
	expect("/usr/bin/shop \"a b\" 'c \"d' \\x20 ${HOME} $ARGS %i $$",
		"ExecStart=" OURS
		" -- /usr/bin/shop \"a b\" 'c \"d' \\x20 ${HOME} $ARGS %i $$\n");
	expect("\"/opt/my shop/bin\" x",
		"ExecStart=" OURS " -- \"/opt/my shop/bin\" x\n");
	expect("/bin/sh -c 'a; b'", "ExecStart=" OURS " -- /bin/sh -c 'a; b'\n");
	expect("/bin/echo a\\ b", "ExecStart=" OURS " -- /bin/echo a\\ b\n");
}
END_TEST

START_TEST(prefixes_go_in_front_of_us)
{
	expect("-/bin/a", "ExecStart=-" OURS " -- /bin/a\n");
	expect("+/bin/a", "ExecStart=+" OURS " -- /bin/a\n");
	expect("!!-/bin/a", "ExecStart=!!-" OURS " -- /bin/a\n");
	expect(":/bin/a $x", "ExecStart=:" OURS " -- /bin/a $x\n");
	expect("-@/bin/a b c", "ExecStart=-" OURS " --argv0 b -- /bin/a c\n");
	expect("@-/bin/a \"b c\"", "ExecStart=-" OURS " --argv0 \"b c\" -- /bin/a\n");
	expect("\"-/bin/my a\" b", "ExecStart=-" OURS " -- \"/bin/my a\" b\n");
}
END_TEST

START_TEST(a_dollar_in_the_path_is_no_variable)
{
	expect("/opt/$x/a $y", "ExecStart=" OURS " -- /opt/$$x/a $y\n");
	expect(":/opt/$x/a $y", "ExecStart=:" OURS " -- /opt/$x/a $y\n");
}
END_TEST

START_TEST(several_commands_in_one_line)
{
	expect("/bin/a 1 ; -/bin/b 2 ;/bin/c",
		"ExecStart=" OURS " -- /bin/a 1\nExecStart=-" OURS
		" -- /bin/b 2 ;/bin/c\n");
	expect("/bin/a \\; ;", "ExecStart=" OURS " -- /bin/a \\;\n");
	expect("", "");
}
END_TEST

START_TEST(our_own_words_are_quoted)
{
	static const char *const odd[] = { "-F", "x=a \"b\" \\ 100% $c\n", NULL };
	static const struct tell_unit_wrap w = { "/opt/tell tale", odd };
	struct tell_buf got = { 0 };
	ck_assert_int_eq(tell_unit_wrap(&got, "/bin/a", 6, &w), 1);
	ck_assert_str_eq(tell_buf_cstr(&got),
		"ExecStart=\"/opt/tell tale\" cat -F \"x=a \\\"b\\\" \\\\ 100%% $$c\\n\" -- /bin/a\n");
	tell_buf_clear(&got);
	ck_assert_int_eq(tell_unit_wrap(&got, ":/bin/a", 7, &w), 1);
	ck_assert_ptr_nonnull(strstr(tell_buf_cstr(&got), "100%% $c"));
	tell_buf_done(&got);
}
END_TEST

START_TEST(what_is_no_command_line_is_refused)
{
	refused("/bin/a \"b", -EINVAL);
	refused("-", -EINVAL);
	refused("@/bin/a", -EINVAL);
	refused("; /bin/a", -EINVAL);
	refused("/usr/bin/telltale cat -t x -- /bin/a", -EALREADY);
	refused("-\"/usr/bin/telltale\" cat /bin/a", -EALREADY);
	expect("/usr/bin/telltale log x",
		"ExecStart=" OURS " -- /usr/bin/telltale log x\n");
	expect("/bin/nottelltale cat x",
		"ExecStart=" OURS " -- /bin/nottelltale cat x\n");
}
END_TEST

static Suite *unit_exec_suite(void)
{
	Suite *s = suite_create("tool/unit_exec");
	tell_check_add(s, "wrap", words_stay_as_they_were_written,
		prefixes_go_in_front_of_us, a_dollar_in_the_path_is_no_variable,
		several_commands_in_one_line, our_own_words_are_quoted,
		what_is_no_command_line_is_refused, NULL);
	return s;
}

TELL_CHECK_MAIN(unit_exec_suite)
