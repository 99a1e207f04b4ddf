#include "enrich/resource.h"
#include <errno.h>
#include <stdlib.h>
#include "support/trial.h"

static void put(const char *name, const char *value)
{
	ck_assert_int_eq(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

/* Open `enrich resource ...`, run it on an empty record. */
static void try(
	struct tell_rig *t, const char *line, const char *name, const char *attributes)
{
	put("OTEL_SERVICE_NAME", name);
	put("OTEL_RESOURCE_ATTRIBUTES", attributes);
	trial_open(t, line);
	trial_begin(t, TELL_INFO);
	ck_assert_int_eq(trial_run(t), TELL_SUCCESS);
}

START_TEST(options_name_the_service)
{
	struct tell_rig t;
	char room[256];
	try(&t, "enrich optional resource version=1.2.3 environment=prod namespace=shop instance=a7",
		NULL, NULL);
	ck_assert_str_eq(trial_text(&t, "service_version", room), "1.2.3");
	ck_assert_str_eq(trial_text(&t, "deployment_environment_name", room), "prod");
	ck_assert_str_eq(trial_text(&t, "service_namespace", room), "shop");
	ck_assert_str_eq(trial_text(&t, "service_instance_id", room), "a7");
	ck_assert_str_eq(trial_text(&t, "service_name", room), "(missing)");
	tell_rig_close(&t);
}
END_TEST

START_TEST(attributes_of_the_environment_are_read)
{
	struct tell_rig t;
	char room[256];
	try(&t, "enrich optional resource", NULL,
		"service.version=2.0 , k8s.pod.name=web%2D1,team=a%20b%2Cc%3Dd,eq=x=y,plus=a+b,");
	ck_assert_str_eq(trial_text(&t, "service_version", room), "2.0");
	ck_assert_str_eq(trial_text(&t, "k8s_pod_name", room), "web-1");
	ck_assert_str_eq(trial_text(&t, "team", room), "a b,c=d");
	ck_assert_str_eq(trial_text(&t, "eq", room), "x=y");
	ck_assert_str_eq(trial_text(&t, "plus", room), "a+b");
	ck_assert_uint_eq(t.notes.n, 0);
	tell_rig_close(&t);
}
END_TEST

START_TEST(values_stay_text)
{
	struct tell_rig t;
	char room[256];
	try(&t, "enrich optional resource", NULL, "n=7,empty=");
	ck_assert_str_eq(trial_text(&t, "n", room), "7");
	ck_assert_str_eq(trial_text(&t, "empty", room), "");
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_line_wins_then_the_name_then_the_attributes)
{
	struct tell_rig t;
	char room[256];
	try(&t, "enrich optional resource version=3", "cart",
		"service.name=other,service.version=2,service.namespace=shop");
	ck_assert_str_eq(trial_text(&t, "service_version", room), "3");
	ck_assert_str_eq(trial_text(&t, "service_name", room), "cart");
	ck_assert_str_eq(trial_text(&t, "service_namespace", room), "shop");
	tell_rig_close(&t);
	try(&t, "enrich optional resource", "", "service.name=other");
	ck_assert_str_eq(trial_text(&t, "service_name", room), "other");
	tell_rig_close(&t);
}
END_TEST

START_TEST(wrong_attributes_are_dropped_whole_and_said_once)
{
	static const char *const wrong[] = { "a", "a=1,b", "=1", "a=%", "a=%4", "a=%zz",
		"a=1,b=%2", "a b=1", "a=1,%61=2", "\"a\"=1" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct tell_rig t;
		char room[256];
		try(&t, "enrich optional resource version=3", NULL, wrong[i]);
		ck_assert_msg(strcmp(trial_text(&t, "a", room), "(missing)") == 0, "%s",
			wrong[i]);
		ck_assert_str_eq(trial_text(&t, "service_version", room), "3");
		ck_assert_msg(t.notes.n == 1, "%s: %zu notes", wrong[i], t.notes.n);
		ck_assert_str_eq(t.notes.list[0].cause, "resource-attributes");
		ck_assert_int_eq(t.notes.list[0].level, TELL_WARNING);
		trial_begin(&t, TELL_INFO);
		ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
		ck_assert_uint_eq(t.notes.n, 0);
		tell_rig_close(&t);
	}
}
END_TEST

START_TEST(bytes_that_are_no_text_stay_for_the_encoders)
{
	struct tell_fixed *f;
	struct tell_record record = { .limit = TELL_RECORD_LIMIT };
	struct tell_run run = { .record = &record };
	struct tell_value v;
	ck_assert_int_eq(tell_fixed_new(&f), 0);
	ck_assert_int_eq(tell_resource_parse(f, "a=%ff%00b"), 0);
	ck_assert_int_eq(tell_record_begin(&record, TELL_INFO, TELL_KIND_LOG), 0);
	ck_assert_int_eq(tell_fixed_run(f, &run), TELL_SUCCESS);
	ck_assert(tell_record_get(&record, "a", 1, &v));
	ck_assert_uint_eq(v.len, 3);
	ck_assert_mem_eq(v.data, "\xff\0b", 3);
	ck_assert_int_eq(tell_resource_parse(f, ""), 0);
	ck_assert_int_eq(tell_resource_parse(f, " , "), 0);
	ck_assert_int_eq(tell_resource_parse(f, "x"), -EBADMSG);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

static Suite *resource_suite(void)
{
	Suite *s = suite_create("enrich/resource");
	tell_check_add(s, "module", options_name_the_service,
		attributes_of_the_environment_are_read, values_stay_text,
		the_line_wins_then_the_name_then_the_attributes,
		wrong_attributes_are_dropped_whole_and_said_once, NULL);
	tell_check_add(s, "parse", bytes_that_are_no_text_stay_for_the_encoders, NULL);
	return s;
}
TELL_CHECK_MAIN(resource_suite)
