#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/trial.h"

static uint64_t number(struct tell_rig *t, const char *name)
{
	struct tell_value v;
	ck_assert_msg(tell_record_get(&t->record, name, strlen(name), &v), "no %s", name);
	ck_assert_int_eq(v.type, TELL_TYPE_U64);
	ck_assert_int_eq(v.flags, TELL_SLOT_ADDED | TELL_SLOT_SAFE);
	return tell_value_u64(&v);
}

START_TEST(program_name_user_and_parent_are_there)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, "enrich optional process");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_uint_eq(number(&t, "uid"), geteuid());
	ck_assert_uint_eq(number(&t, "ppid"), (uint64_t)getppid());
	const char *exe = trial_text(&t, "exe", room);
	ck_assert_int_eq(exe[0], '/');
	ck_assert_ptr_nonnull(strstr(exe, "check_process"));

	FILE *f = fopen("/proc/self/comm", "re");
	char line[64];
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	ck_assert_int_eq(fclose(f), 0);
	line[strcspn(line, "\n")] = '\0';
	ck_assert_str_eq(trial_text(&t, "comm", room), line);
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_forked_child_has_its_own_parent)
{
	struct tell_rig t;
	trial_open(&t, "enrich optional process");
	pid_t parent = getpid(), child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		trial_begin(&t, TELL_INFO);
		bool same = trial_run(&t) == TELL_SUCCESS &&
			number(&t, "ppid") == (uint64_t)parent;
		_exit(same ? 0 : 1);
	}
	int status;
	while (waitpid(child, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_calls_own_fields_win)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, "enrich optional process");
	trial_begin(&t, TELL_INFO);
	trial_add(&t, tell_str("uid", "ann"));
	trial_add(&t, tell_str("comm", "other"));
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&t, "uid", room), "ann");
	ck_assert_str_eq(trial_text(&t, "comm", room), "other");
	tell_rig_close(&t);
}
END_TEST

static Suite *process_suite(void)
{
	Suite *s = suite_create("enrich/process");
	tell_check_add(s, "process", program_name_user_and_parent_are_there,
		a_forked_child_has_its_own_parent, the_calls_own_fields_win, NULL);
	return s;
}
TELL_CHECK_MAIN(process_suite)
