#include "api/service.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"
#include "support/check_main.h"
#include "unit/api/service_fixture.h"

START_TEST(a_services_stack_file_is_read)
{
	tell_info("hello");
	ck_assert_uint_eq(count("a", "\"service\":\"shop\""), 1);
}
END_TEST

START_TEST(a_reload_takes_the_new_stack)
{
	tell_info("old");
	write_stack("shop", "path", "b");
	tell_info("old still");
	ck_assert_int_eq(tell_reload(), 0);
	tell_info("new");
	ck_assert_uint_eq(count("a", "old"), 2);
	ck_assert_uint_eq(count("b", "\"new\""), 1);
}
END_TEST

START_TEST(a_wrong_stack_is_refused_and_the_old_one_stays)
{
	write_stack("shop", "pth", "b");
	ck_assert_int_lt(tell_reload(), 0);
	tell_info("still here");
	ck_assert_uint_eq(count("a", "still here"), 1);
	ck_assert_uint_ge(count("a", "did you mean"), 1);
	ck_assert_uint_ge(count("a", "\"logger\":\"telltale\""), 1);
}
END_TEST

START_TEST(a_stack_others_may_write_is_refused)
{
	char path[128];
	in_dir(path, sizeof(path), "shop");
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert_int_lt(tell_reload(), 0);
	tell_info("still here");
	ck_assert_uint_eq(count("a", "still here"), 1);
}
END_TEST

START_TEST(several_services_live_in_one_process)
{
	write_stack("billing", "path", "billing.log");
	struct tell *t, *bound;
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	bound = tell_with(t, tell_kv("invoice", 7));
	t = tell_free(t);
	tell_to(bound, TELL_INFO, "billed");
	tell_info("not billed");
	ck_assert_uint_eq(count("billing.log", "\"service\":\"billing\""), 1);
	ck_assert_uint_eq(count("billing.log", "\"invoice\":7"), 1);
	ck_assert_uint_eq(count("billing.log", ".0.1\""), 1); /* counts by itself */
	ck_assert_uint_eq(count("a", "not billed"), 1);
	bound = tell_free(bound);
	ck_assert_ptr_null(tell_process.services);
}
END_TEST

START_TEST(the_environment_may_name_the_service)
{
	write_stack("other_name", "path", "named");
	(void)setenv("TELLTALE_SERVICE", "other_name", 1);
	ck_assert_int_eq(tell_init("shop"), 0);
	tell_info("hello");
	ck_assert_uint_eq(count("named", "\"service\":\"other_name\""), 1);
	ck_assert_int_eq(tell__init_tool("shop"), 0); /* `log -t` means what it says */
	tell_info("tool");
	ck_assert_uint_eq(count("a", "tool"), 1);
}
END_TEST

START_TEST(a_call_after_close_opens_the_same_service)
{
	tell_close();
	ck_assert_ptr_null(tell__stack());
	tell_info("late");
	ck_assert_uint_eq(count("a", "late"), 1);
}
END_TEST

START_TEST(reopen_follows_a_renamed_file)
{
	char from[128], to[128];
	tell_info("one");
	in_dir(from, sizeof(from), "a");
	in_dir(to, sizeof(to), "a.1");
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(tell_reopen(), 0);
	tell_info("two");
	ck_assert_uint_eq(count("a.1", "\"one\""), 1);
	ck_assert_uint_eq(count("a", "\"two\""), 1);
}
END_TEST

static bool stop;

static void *log_until_stopped(void *arg)
{
	(void)arg;
	size_t n = 0;
	for (; !__atomic_load_n(&stop, __ATOMIC_RELAXED); n++)
		tell_info("under way");
	return (void *)n;
}

START_TEST(reloads_lose_and_double_nothing)
{
	pthread_t t[3];
	size_t logged = 0;
	stop = false;
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_until_stopped, NULL), 0);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(tell_reload(), 0);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++) {
		void *n;
		(void)pthread_join(t[i], &n);
		logged += (size_t)n;
	}
	/* A record may have met its deadline on a busy machine: then the ledger has it. */
	struct tell_stack_stats stats;
	tell_service_stats(&tell_process.main, &stats);
	ck_assert_uint_eq(stats.records, logged);
	ck_assert_uint_eq(stats.records, stats.delivered + stats.undelivered);
	ck_assert_uint_eq(count("a", "under way"), stats.delivered);
	ck_assert_uint_lt(stats.undelivered, logged / 10 + 1);
}
END_TEST

START_TEST(a_service_of_a_child_is_its_own)
{
	struct tell *t;
	write_stack("billing", "path", "billing.log");
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	tell_to(t, TELL_INFO, "parent");
	pid_t pid = fork();
	if (pid == 0) {
		tell_to(t, TELL_INFO, "child");
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(count("billing.log", ".0.1\""), 2);
	char want[32];
	(void)snprintf(want, sizeof(want), "\"pid\":%d,", pid);
	ck_assert_uint_eq(count("billing.log", want), 1);
	tell_free(t);
}
END_TEST

START_TEST(a_childs_ledger_begins_at_zero)
{
	ck_assert_int_eq(tell__init_text("shop", "sink required deny"), 0);
	tell_info("lost");
	tell_process.lost.nested = 2;
	ck_assert_int_eq(tell_reload(), 0); /* the loss is one of a stack before */
	tell_info("parent's");
	pid_t pid = fork();
	if (pid == 0) {
		struct tell_stack_stats stats;
		tell_info("child's");
		tell_service_stats(&tell_process.main, &stats);
		_exit(stats.records == 1 && stats.delivered == 1 &&
					stats.undelivered == 0 &&
					tell_process.lost.nested == 0
				? 0
				: 1);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	struct tell_stack_stats stats;
	tell_service_stats(&tell_process.main, &stats);
	ck_assert_uint_eq(stats.undelivered, 1);
	ck_assert_uint_eq(tell_process.lost.nested, 2);
}
END_TEST

START_TEST(a_child_that_frees_a_handle_leaves_the_parents_lines_alone)
{
	struct tell *t;
	write_stack_with("billing", "", "buffer=64KiB path", "billing.log");
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	tell_to(t, TELL_INFO, "parent");
	pid_t pid = fork();
	if (pid == 0) {
		tell_free(t);
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(count("billing.log", "parent"), 0);
	tell_free(t);
	ck_assert_uint_eq(count("billing.log", "parent"), 1);
}
END_TEST

/* Does a debug call do more than a load and a branch? */
static bool debug_is_on(void)
{
	int asked = 0;
	for (int i = 0; i < 2; i++) /* the first one finds out */
		tell_debug("details", tell_kv("asked", ++asked));
	return asked == 2;
}

START_TEST(a_service_takes_its_verbosity_with_it)
{
	struct tell *t;
	write_stack_with("billing", "filter required level min=debug\n", "path", "b");
	ck_assert(!debug_is_on());
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	ck_assert(debug_is_on());
	t = tell_free(t);
	ck_assert(!debug_is_on());
	/* One that is closed may open again, and what it wants to hear does it. */
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	tell_close();
	write_stack("till", "path", "till.log");
	struct tell *other;
	ck_assert_int_eq(tell_new(&other, "till"), 0);
	tell_to(t, TELL_DEBUG, "late");
	ck_assert_uint_eq(count("b", "late"), 1);
	tell_free(other);
	tell_free(t);
}
END_TEST

START_TEST(names_are_made_fit)
{
	struct tell_service s = { 0 };
	tell_service_name(&s, "[kworker/0]");
	ck_assert_str_eq(s.name, "_kworker_0_");
	tell_service_name(&s, ".hidden");
	ck_assert_str_eq(s.name, "_hidden");
	char longer[200];
	memset(longer, 'a', sizeof(longer) - 1);
	longer[199] = '\0';
	tell_service_name(&s, longer);
	ck_assert_uint_eq(strlen(s.name), TELL_SERVICE_MAX);
	ck_assert(!tell_service_name_ok(longer));
	ck_assert(tell_service_name_ok("a-b_c.d9"));
}
END_TEST

static Suite *service_suite(void)
{
	Suite *s = suite_create("api/service");
	TCase *tc = tcase_create("services");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_services_stack_file_is_read);
	tcase_add_test(tc, a_reload_takes_the_new_stack);
	tcase_add_test(tc, a_wrong_stack_is_refused_and_the_old_one_stays);
	tcase_add_test(tc, a_stack_others_may_write_is_refused);
	tcase_add_test(tc, several_services_live_in_one_process);
	tcase_add_test(tc, the_environment_may_name_the_service);
	tcase_add_test(tc, a_call_after_close_opens_the_same_service);
	tcase_add_test(tc, reopen_follows_a_renamed_file);
	tcase_add_test(tc, reloads_lose_and_double_nothing);
	tcase_add_test(tc, a_service_of_a_child_is_its_own);
	tcase_add_test(tc, a_childs_ledger_begins_at_zero);
	tcase_add_test(tc, a_child_that_frees_a_handle_leaves_the_parents_lines_alone);
	tcase_add_test(tc, a_service_takes_its_verbosity_with_it);
	tcase_add_test(tc, names_are_made_fit);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(service_suite)
