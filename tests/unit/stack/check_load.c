#include "stack/stack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "record/record.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"

static const struct tell_identity who = { .service = "shop", .host = "box", .pid = 7 };
static struct tell_stack *stack;
static struct tell_report report;

static void begin(void)
{
	tell_scratch_make();
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path(""), 1);
}

static void end(void)
{
	stack = tell_stack_free(stack);
	tell_report_done(&report);
	tell_scratch_remove();
}

static void write_file(const char *name, const char *text)
{
	tell_scratch_write(tell_scratch_path(name), text);
}

static int load(unsigned flags)
{
	stack = tell_stack_free(stack);
	tell_report_done(&report);
	return tell_stack_load(&stack, &who, flags | TELL_STACK_NO_TERMINAL, &report);
}

/* The modules of a type, in order: "level match". */
static const char *modules(const char *type)
{
	static char text[256];
	struct tell_line_stats line;
	size_t pos = 0;
	text[0] = '\0';
	while (tell_stack_next_line(stack, &pos, &line)) {
		if (strcmp(line.type, type) != 0)
			continue;
		if (*text)
			strncat(text, " ", sizeof(text) - strlen(text) - 1);
		strncat(text, line.module, sizeof(text) - strlen(text) - 1);
	}
	return text;
}

START_TEST(each_type_falls_back_by_itself)
{
	begin();
	write_file("shop", "sink required permit\n");
	write_file("other", "sink required deny\nfilter required permit\n");
	ck_assert_int_eq(load(0), 0);
	ck_assert_str_eq(modules("sink"), "permit");
	ck_assert_str_eq(modules("filter"), "permit");
	ck_assert_str_eq(modules("redact"), "keys detect");
	ck_assert_str_eq(modules("enrich"), "");
	ck_assert_str_eq(tell_stack_source(stack), tell_scratch_path("/shop"));
	end();
}
END_TEST

START_TEST(without_files_the_built_in_default_holds_and_is_without_fault)
{
	begin();
	ck_assert_int_eq(load(0), 0);
	ck_assert_uint_eq(report.n, 0);
	ck_assert_str_eq(modules("filter"), "level");
	ck_assert_str_eq(modules("redact"), "keys detect");
	ck_assert_ptr_nonnull(strstr(modules("sink"), "stderr"));
	ck_assert_str_eq(tell_stack_source(stack), "built-in default");
	ck_assert_int_eq(tell_stack_threshold(stack), TELL_INFO);
	ck_assert_uint_eq(tell_stack_limit(stack), TELL_RECORD_LIMIT);
	ck_assert(!tell_stack_env_legacy(stack));
	end();
}
END_TEST

/* Who was not asked keeps its stderr: the default has no line that writes there. */
START_TEST(the_default_of_a_foreign_process_leaves_stderr_alone)
{
	begin();
	ck_assert_int_eq(load(TELL_STACK_NO_STDERR), 0);
	ck_assert_uint_eq(report.n, 0);
	ck_assert_ptr_null(strstr(modules("sink"), "stderr"));
	ck_assert_str_ne(modules("sink"), "");
	end();
}
END_TEST

START_TEST(an_empty_service_file_behaves_as_other)
{
	begin();
	write_file("shop", "# nothing\n");
	write_file("other", "sink required deny\n");
	ck_assert_int_eq(load(0), 0);
	ck_assert_str_eq(modules("sink"), "deny");
	end();
}
END_TEST

START_TEST(what_the_stack_says_about_itself_is_read)
{
	begin();
	write_file("shop",
		"service required settings limit=1MiB env=legacy\n"
		"filter sufficient level min=debug\nfilter required level min=err\n");
	ck_assert_int_eq(load(0), 0);
	ck_assert_uint_eq(tell_stack_limit(stack), 1 << 20);
	ck_assert(tell_stack_env_legacy(stack));
	ck_assert_int_eq(tell_stack_threshold(stack), TELL_DEBUG);
	ck_assert_str_eq(tell_stack_identity(stack)->service, "shop");
	end();
}
END_TEST

START_TEST(a_limit_that_is_refused_does_not_hold)
{
	static const char *const wrong[] = { "0", "1", "16GiB", "17179869185GiB" };
	begin();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char text[128];
		(void)snprintf(text, sizeof(text),
			"service required settings limit=2MiB\n"
			"service required settings limit=%s\n",
			wrong[i]);
		write_file("shop", text);
		ck_assert_int_eq(load(TELL_STACK_FIRST), 0);
		ck_assert_uint_eq(report.n_errors, 1);
		ck_assert_uint_eq(tell_stack_limit(stack), 2 << 20);
	}
	end();
}
END_TEST

START_TEST(a_wrong_file_is_refused_whole_with_all_its_errors)
{
	begin();
	write_file("shop",
		"sink required file pth=/x\n"
		"snk required permit\n"
		"sink requird permit\n"
		"sink required stdot\n"
		"queue required rinq size=64KiB\n"
		"filter required level min=loud\n");
	stack = NULL;
	ck_assert_int_eq(load(0), -EBADMSG);
	ck_assert_ptr_null(stack);
	static const struct {
		unsigned line, column;
		const char *message, *fix;
	} want[] = {
		{ 2, 1, "unknown type 'snk'", "did you mean 'sink'?" },
		{ 3, 6, "unknown control word 'requird'", "did you mean 'required'?" },
		{ 6, 23, "'loud' is no value for min", "write one of: emerg" },
		{ 5, 16, "has no module 'rinq' of type queue", "ring" },
		{ 1, 20, "unknown option 'pth' of module 'file'",
			"did you mean 'path'?" },
		{ 4, 15, "has no module 'stdot' of type sink", "did you mean 'stdout'?" },
	};
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		bool found = false;
		for (size_t j = 0; j < report.n; j++) {
			const struct tell_fault *f = &report.faults[j];
			found |= f->line == want[i].line && f->column == want[i].column &&
				strstr(f->message, want[i].message) &&
				strstr(f->fix, want[i].fix) && !f->warning &&
				strcmp(f->file, tell_scratch_path("/shop")) == 0;
		}
		ck_assert_msg(found, "not said: %s", want[i].message);
	}
	end();
}
END_TEST

START_TEST(at_a_first_start_there_is_always_a_stack)
{
	begin();
	write_file("shop", "sink required file pth=/x\nfilter required permit\n");
	ck_assert_int_eq(load(TELL_STACK_FIRST), 0);
	ck_assert_str_eq(modules("filter"), "permit");
	ck_assert_uint_gt(report.n_errors, 0);

	ck_assert_int_eq(chmod(tell_scratch_path("shop"), 0666), 0);
	ck_assert_int_eq(load(0), -EPERM);
	ck_assert_int_eq(load(TELL_STACK_FIRST), 0);
	ck_assert_str_eq(modules("filter"), "level");
	ck_assert_str_eq(tell_stack_source(stack), "built-in default");
	ck_assert_uint_eq(report.n_errors, 1);
	end();
}
END_TEST

START_TEST(an_expression_is_checked_where_it_stands)
{
	begin();
	write_file("shop", "filter required match [when=level>=warning and and]\n");
	ck_assert_int_eq(load(0), -EBADMSG);
	ck_assert_uint_eq(report.faults[0].line, 1);
	ck_assert_uint_gt(report.faults[0].column, 40);
	end();
}
END_TEST

START_TEST(includes_are_looked_up_by_name_and_their_faults_are_theirs)
{
	begin();
	write_file("shop", "@include common\nsink required permit\n");
	write_file("common",
		"# all\nsink required debug verdct=x\nfilter required permit\n");
	ck_assert_int_eq(load(0), -EBADMSG);
	ck_assert_str_eq(report.faults[0].file, tell_scratch_path("/common"));
	ck_assert_uint_eq(report.faults[0].line, 2);
	write_file("common", "sink required deny\nfilter required permit\n");
	ck_assert_int_eq(load(0), 0);
	ck_assert_str_eq(modules("sink"), "deny permit");
	write_file("common", "@include common\n");
	ck_assert_int_eq(load(0), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(report.faults[0].fix, "itself"));
	end();
}
END_TEST

START_TEST(text_and_files_can_be_given_directly)
{
	const char *text = "sink required deny\n";
	begin();
	write_file("elsewhere", "sink required permit\n");
	ck_assert_int_eq(
		tell_stack_load_file(&stack, &who, tell_scratch_path("elsewhere"),
			TELL_STACK_NO_TERMINAL, &report),
		0);
	ck_assert_str_eq(modules("sink"), "permit");
	stack = tell_stack_free(stack);
	ck_assert_int_eq(tell_stack_load_file(
				 &stack, &who, tell_scratch_path("nowhere"), 0, &report),
		-ENOENT);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_int_eq(tell_stack_load_text(&stack, &who, "mine", text, strlen(text),
				 TELL_STACK_NO_TERMINAL, &report),
		0);
	ck_assert_str_eq(modules("sink"), "deny");
	end();
}
END_TEST

START_TEST(a_nul_byte_is_no_stack)
{
	begin();
	ck_assert_int_eq(tell_stack_load_text(&stack, &who, "mine", "sink\n\0 required",
				 15, 0, &report),
		-EBADMSG);
	ck_assert_uint_eq(report.faults[0].line, 2);
	end();
}
END_TEST

static Suite *load_suite(void)
{
	Suite *s = suite_create("stack/load");
	tell_check_add(s, "fall-back", each_type_falls_back_by_itself,
		without_files_the_built_in_default_holds_and_is_without_fault,
		the_default_of_a_foreign_process_leaves_stderr_alone,
		an_empty_service_file_behaves_as_other,
		what_the_stack_says_about_itself_is_read,
		a_limit_that_is_refused_does_not_hold, NULL);
	tell_check_add(s, "errors", a_wrong_file_is_refused_whole_with_all_its_errors,
		at_a_first_start_there_is_always_a_stack,
		an_expression_is_checked_where_it_stands,
		includes_are_looked_up_by_name_and_their_faults_are_theirs,
		a_nul_byte_is_no_stack, NULL);
	tell_check_add(s, "given", text_and_files_can_be_given_directly, NULL);
	return s;
}
TELL_CHECK_MAIN(load_suite)
