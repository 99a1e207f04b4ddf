#include <string.h>

#include "support/check_main.h"
#include "support/rig.h"

START_TEST(limit_is_from_one_kibibyte_to_four_mebibytes)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "service required settings limit=4MiB\nsink required permit");
	ck_assert_uint_eq(tell_stack_limit(rig.stack), TELL_RECORD_LIMIT_MAX);
	tell_rig_close(&rig);
	tell_rig_open(&rig, "service required settings limit=1024\nsink required permit");
	ck_assert_uint_eq(tell_stack_limit(rig.stack), 1024);
	tell_rig_close(&rig);
	const char *said = tell_rig_refusal("service required settings limit=5MiB");
	ck_assert_ptr_nonnull(strstr(said, "rig:"));
	ck_assert_ptr_nonnull(strstr(said, "limit=5MiB is out of range"));
	said = tell_rig_refusal("service required settings limit=1023");
	ck_assert_ptr_nonnull(strstr(said, "1KiB to 4MiB"));
}
END_TEST

START_TEST(old_environment_names_are_read_only_when_asked)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "service required settings env=legacy\nsink required permit");
	ck_assert(tell_stack_env_legacy(rig.stack));
	tell_rig_close(&rig);
	tell_rig_open(&rig, "service required settings\nsink required permit");
	ck_assert(!tell_stack_env_legacy(rig.stack));
	tell_rig_close(&rig);
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("service required settings env=old"), "own legacy"));
}
END_TEST

static bool wants_control(const char *stack)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "%s\nsink required permit", stack);
	bool wants = tell_stack_wants_control(rig.stack);
	tell_rig_close(&rig);
	return wants;
}

START_TEST(the_control_socket_comes_with_other_work_or_when_asked)
{
	ck_assert(!wants_control(""));
	ck_assert(!wants_control("service required settings"));
	ck_assert(wants_control("service required settings control=yes"));
	ck_assert(wants_control("queue required ring"));
	ck_assert(wants_control("metric optional permit"));
	ck_assert(wants_control("health optional permit"));
	ck_assert(wants_control("alert optional permit"));
	ck_assert(!wants_control("queue required ring\n"
				 "service required settings control=no"));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("service required settings control=maybe"),
			"yes or no"));
}
END_TEST

static Suite *settings_suite(void)
{
	Suite *s = suite_create("service/settings");
	tell_check_add(s, "settings", limit_is_from_one_kibibyte_to_four_mebibytes,
		old_environment_names_are_read_only_when_asked,
		the_control_socket_comes_with_other_work_or_when_asked, NULL);
	return s;
}
TELL_CHECK_MAIN(settings_suite)
