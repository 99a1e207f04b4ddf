#include "stack/parse.h"

#include <errno.h>
#include <string.h>

#include "support/check_main.h"

static struct tell_pool pool;
static struct tell_report report;
static struct tell_parse parse;
static const char *included; /* what "inc" holds; NULL: it is missing */

static int find(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret)
{
	(void)arg;
	if (strcmp(name, "inc") != 0 || !included) {
		tell_report_error(&report, at, NULL, "cannot find '%s'", name);
		return -ENOENT;
	}
	*ret = (struct tell_text){ "inc", included, strlen(included) };
	return 0;
}

static int parse_text(const char *text)
{
	struct tell_text file = { "file", text, strlen(text) };
	tell_parse_done(&parse);
	tell_report_done(&report);
	tell_pool_done(&pool);
	parse = (struct tell_parse){ .pool = &pool, .report = &report, .find = find };
	return tell_parse_text(&parse, &file);
}

static const struct tell_line *line_at(enum tell_chain_type type, size_t i)
{
	ck_assert_uint_lt(i, parse.lines[type].n);
	return &parse.lines[type].list[i];
}

START_TEST(lines_are_sorted_by_type)
{
	ck_assert_int_eq(parse_text("SINK required stdout format=json [x=a b]\n"
				    "-filter optional level\n"),
		0);
	const struct tell_line *line = line_at(TELL_CHAIN_SINK, 0);
	ck_assert_str_eq(line->module, "stdout");
	ck_assert_str_eq(line->control, "required");
	ck_assert_uint_eq(line->n_args, 2);
	ck_assert_str_eq(line->args[1].text, "x=a b");
	ck_assert_uint_eq(line->args[1].at.column, 34);
	ck_assert(!line->silent && line_at(TELL_CHAIN_FILTER, 0)->silent);
	ck_assert_uint_eq(report.n, 0);
}
END_TEST

START_TEST(a_line_of_no_type_must_fail_where_it_hurts_most)
{
	ck_assert_int_eq(parse_text("bogus required x\n"), 0);
	ck_assert_int_eq(line_at(TELL_CHAIN_REDACT, 0)->rule.kind, TELL_RULE_MUST_FAIL);
	ck_assert_uint_eq(report.n_errors, 1);
	included = "bogus required x\nredact required y\n";
	ck_assert_int_eq(parse_text("sink include inc\n"), 0);
	ck_assert_int_eq(line_at(TELL_CHAIN_SINK, 0)->rule.kind, TELL_RULE_MUST_FAIL);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_REDACT].n, 0);
}
END_TEST

START_TEST(what_is_missing_is_said)
{
	static const char *const rows[][2] = { { "sink\n", "control word is missing" },
		{ "sink required\n", "module is missing" },
		{ "sink include\n", "no file to include" }, { "@include\n", "no file" },
		{ "sink required x [a\n", "never closed" } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)parse_text(rows[i][0]); /* some abort, some go on */
		ck_assert_uint_eq(report.n, 1);
		ck_assert_msg(strstr(report.faults[0].message, rows[i][1]) != NULL,
			"%s: %s", rows[i][0], report.faults[0].message);
	}
}
END_TEST

START_TEST(includes_bring_one_type_or_all)
{
	included = "sink required a\nfilter required b\n";
	ck_assert_int_eq(parse_text("sink include inc\n"), 0);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_SINK].n, 1);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_FILTER].n, 0);
	ck_assert_int_eq(parse_text("sink substack inc\n"), 0);
	ck_assert_int_eq(line_at(TELL_CHAIN_SINK, 0)->rule.kind, TELL_RULE_FRAME);
	ck_assert_uint_eq(line_at(TELL_CHAIN_SINK, 1)->rule.level, 1);
	ck_assert_int_eq(parse_text("@include inc\n"), 0);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_SINK].n, 1);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_FILTER].n, 1);
}
END_TEST

START_TEST(a_missing_include_must_fail_and_a_missing_at_include_aborts)
{
	included = NULL;
	ck_assert_int_eq(parse_text("sink include inc\nsink required x\n"), 0);
	ck_assert_int_eq(line_at(TELL_CHAIN_SINK, 0)->rule.kind, TELL_RULE_MUST_FAIL);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_SINK].n, 2);
	ck_assert_int_eq(parse_text("sink required x\n@include inc\n"), -EBADMSG);
	ck_assert_uint_eq(parse.lines[TELL_CHAIN_SINK].n, 1);
}
END_TEST

START_TEST(a_file_that_includes_itself_twice_ends)
{
	included = "@include inc\n@include inc\nsink required x\n";
	ck_assert_int_eq(parse_text("@include inc\n"), -EBADMSG);
	included = "sink include inc\nsink include inc\nsink required x\n";
	ck_assert_int_eq(parse_text("@include inc\n"), 0);
	ck_assert_uint_le(parse.n_lines, TELL_LINES_MAX);
	ck_assert_uint_gt(report.n_errors, 0);
}
END_TEST

START_TEST(too_many_lines_are_refused)
{
	static char text[8 * (TELL_LINES_MAX + 2)];
	text[0] = '\0';
	for (size_t i = 0; i <= TELL_LINES_MAX; i++)
		memcpy(text + 7 * i, "sink a\n", 8);
	ck_assert_int_eq(parse_text(text), -EBADMSG);
}
END_TEST

static Suite *parse_suite(void)
{
	Suite *s = suite_create("stack/parse");
	tell_check_add(s, "lines", lines_are_sorted_by_type,
		a_line_of_no_type_must_fail_where_it_hurts_most, what_is_missing_is_said,
		NULL);
	tell_check_add(s, "includes", includes_bring_one_type_or_all,
		a_missing_include_must_fail_and_a_missing_at_include_aborts, NULL);
	tell_check_add(s, "limits", a_file_that_includes_itself_twice_ends,
		too_many_lines_are_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(parse_suite)
