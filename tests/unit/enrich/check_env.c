#include <stdlib.h>
#include "support/trial.h"

static void put(const char *name, const char *value)
{
	ck_assert_int_eq(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

START_TEST(variables_become_fields)
{
	struct tell_rig t;
	char room[256];
	put("TRIAL_NODE", "n1");
	put("TRIAL_POD", "007");
	put("TRIAL_EMPTY", "");
	put("TRIAL_GONE", NULL);
	trial_open(&t,
		"enrich optional env names=TRIAL_NODE,TRIAL_POD,TRIAL_EMPTY,TRIAL_GONE");
	put("TRIAL_NODE", "n2"); /* read once */
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&t, "trial_node", room), "n1");
	ck_assert_str_eq(trial_text(&t, "trial_pod", room), "007");
	ck_assert_str_eq(trial_text(&t, "trial_empty", room), "");
	ck_assert_str_eq(trial_text(&t, "trial_gone", room), "(missing)");
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_prefix_goes_in_front)
{
	struct tell_rig t;
	char room[256];
	put("TRIAL_POD", "p1");
	trial_open(
		&t, "enrich optional env prefix=k8s. [names=, TRIAL_POD ,,TRIAL_POD ]");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&t, "k8s_trial_pod", room), "p1");
	ck_assert_uint_eq(t.record.head->n_slots, 2); /* the message and it */
	tell_rig_close(&t);
}
END_TEST

START_TEST(names_are_needed_and_have_an_end)
{
	char line[400] = "enrich optional env names=";
	memset(line + strlen(line), 'A', 300);
	trial_refused("enrich optional env", "names", "");
	trial_refused(line, "longer than", "shorter");
}
END_TEST

static Suite *env_suite(void)
{
	Suite *s = suite_create("enrich/env");
	tell_check_add(s, "env", variables_become_fields, a_prefix_goes_in_front,
		names_are_needed_and_have_an_end, NULL);
	return s;
}
TELL_CHECK_MAIN(env_suite)
