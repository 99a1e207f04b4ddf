/* Each stack file beside this test says in its "#= " lines which sink lines a record reaches,
 * what they answer, what that does, and the chain's verdict at the end. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"

static char names[64][64];
static int n_names;

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

/* The sources' owner may be anybody: a copy in a directory of our own is trusted. */
static void copy_files(void)
{
	const char *top = getenv("top_srcdir");
	char dir_path[512], path[1024];
	(void)snprintf(dir_path, sizeof(dir_path), "%s/tests/stack", top ? top : ".");
	DIR *dir = opendir(dir_path);
	ck_assert_msg(dir != NULL, "cannot read %s", dir_path);
	n_names = 0;
	for (struct dirent *e; (e = readdir(dir));) {
		bool stack = ends_in(e->d_name, ".stack");
		if (!stack && !ends_in(e->d_name, ".part"))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir_path, e->d_name);
		size_t len;
		char *text = tell_scratch_read(path, &len);
		tell_scratch_write(tell_scratch_path(e->d_name), text);
		free(text);
		if (stack && n_names < 64)
			(void)snprintf(names[n_names++], 64, "%.63s", e->d_name);
	}
	(void)closedir(dir);
}

static void expected(const char *text, struct tell_buf *out)
{
	for (const char *s = text; (s = strstr(s, "#= ")); s += 3)
		tell_buf_printf(out, "%.*s\n", (int)strcspn(s + 3, "\n"), s + 3);
}

static void note_step(void *arg, const struct tell_step *step)
{
	struct tell_buf *out = arg;
	if (strcmp(step->type, "sink") != 0)
		return;
	tell_buf_printf(out, "%u %s %s\n", step->line, tell_verdict_word(step->verdict),
		step->action);
	if (step->last)
		tell_buf_printf(out, "%s\n", tell_verdict_word(step->result));
}

static void try_file(const char *name)
{
	struct tell_buf want, got;
	struct tell_rig rig;
	size_t len;
	char *text = tell_scratch_read(tell_scratch_path(name), &len);
	tell_buf_init(&want, 0);
	tell_buf_init(&got, 0);
	expected(text, &want);
	tell_rig_open(&rig, "sink required permit");
	tell_stack_free(rig.stack);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path(""), 1);
	struct tell_report report = { 0 };
	int r = tell_stack_load_text(
		&rig.stack, &rig.who, name, text, len, TELL_STACK_NO_TERMINAL, &report);
	ck_assert_msg(r == 0, "%s: %s", name, report.n ? report.faults[0].message : "?");
	ck_assert_int_eq(tell_record_begin(&rig.record, 6, TELL_KIND_LOG), 0);
	(void)tell_stack_explain(rig.stack, &rig.run, false, note_step, &got);
	ck_assert_msg(strcmp(tell_buf_cstr(&want), tell_buf_cstr(&got)) == 0,
		"%s: wanted\n%sgot\n%s", name, tell_buf_cstr(&want), tell_buf_cstr(&got));
	ck_assert_uint_gt(want.len, 0);
	tell_report_done(&report);
	tell_buf_done(&want);
	tell_buf_done(&got);
	tell_rig_close(&rig);
	free(text);
}

START_TEST(every_file_takes_the_steps_it_says)
{
	tell_scratch_make();
	copy_files();
	ck_assert_int_ge(n_names, 13);
	for (int i = 0; i < n_names; i++)
		try_file(names[i]);
	tell_scratch_remove();
}
END_TEST

static Suite *files_suite(void)
{
	Suite *s = suite_create("stack/files");
	tell_check_add(s, "files", every_file_takes_the_steps_it_says, NULL);
	return s;
}
TELL_CHECK_MAIN(files_suite)
