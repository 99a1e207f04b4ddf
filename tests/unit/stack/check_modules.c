#include <string.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/rig.h"

/* Every module of the build, through the list in src/builtin.c. */
START_TEST(every_module_is_fit_to_be_listed)
{
	for (const struct tell_module *const *m = tell_modules; *m; m++) {
		ck_assert_uint_eq((*m)->abi, TELL_MODULE_ABI);
		ck_assert((*m)->run != NULL);
		ck_assert_msg((*m)->summary && *(*m)->summary, "%s", (*m)->name);
		bool known = strcmp((*m)->type, "*") == 0;
		for (unsigned t = 0; t < TELL_N_CHAINS; t++)
			known |= strcmp((*m)->type,
					 tell_chain_word((enum tell_chain_type)t)) == 0;
		ck_assert_msg(known, "type %s of %s", (*m)->type, (*m)->name);
		for (const struct tell_module *const *n = m + 1; *n; n++)
			ck_assert_msg(strcmp((*m)->type, (*n)->type) != 0 ||
					strcmp((*m)->name, (*n)->name) != 0,
				"%s %s is there twice", (*m)->type, (*m)->name);
	}
}
END_TEST

START_TEST(every_default_of_an_option_is_a_value_of_it)
{
	for (const struct tell_module *const *m = tell_modules; *m; m++) {
		const struct tell_option *o = (*m)->options;
		for (; o && o->name; o++) {
			struct tell_arg_value value;
			struct tell_option_fault fault;
			ck_assert_msg(o->help != NULL, "%s %s=", (*m)->name, o->name);
			if (o->deflt)
				ck_assert_msg(tell_option_read(
						      o, o->deflt, &value, &fault) == 0,
					"%s %s=%s", (*m)->name, o->name, o->deflt);
		}
	}
}
END_TEST

START_TEST(permit_deny_and_debug_serve_every_type)
{
	static const char *const names[] = { "permit", "deny", "debug" };
	for (unsigned t = 0; t < TELL_N_CHAINS; t++) {
		for (size_t i = 0; i < 3; i++)
			ck_assert_ptr_nonnull(
				tell_module_of((enum tell_chain_type)t, names[i]));
		ck_assert_ptr_null(tell_module_of((enum tell_chain_type)t, "nosuch"));
	}
	ck_assert_ptr_null(tell_module_of(TELL_CHAIN_FILTER, "journald"));
}
END_TEST

START_TEST(debug_gives_any_verdict_and_refuses_what_is_none)
{
	struct tell_rig rig;
	for (unsigned v = 0; v < TELL_N_VERDICTS; v++) {
		if (v == TELL_IGNORE)
			continue; /* never a chain's answer */
		tell_rig_open(&rig, "sink [default=bad] debug verdict=%s",
			tell_verdict_word((enum tell_verdict)v));
		enum tell_verdict got = tell_rig_say(&rig, TELL_INFO, "x");
		ck_assert_int_eq(got, v ? (int)v : TELL_MUST_FAIL);
		tell_rig_close(&rig);
	}
	const char *said = tell_rig_refusal("sink required debug verdict=sucess");
	ck_assert_ptr_nonnull(strstr(said, "'sucess' is no verdict"));
	ck_assert_ptr_nonnull(strstr(said, "success"));
}
END_TEST

static Suite *modules_suite(void)
{
	Suite *s = suite_create("stack/modules");
	tell_check_add(s, "list", every_module_is_fit_to_be_listed,
		every_default_of_an_option_is_a_value_of_it, NULL);
	tell_check_add(s, "any type", permit_deny_and_debug_serve_every_type,
		debug_gives_any_verdict_and_refuses_what_is_none, NULL);
	return s;
}
TELL_CHECK_MAIN(modules_suite)
