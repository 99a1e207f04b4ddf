#include "api/reload.h"
#include "unit/api/reload_fixture.h"

/* ---- looks by hand, in the test's own thread: no time passes ---- */

static uint64_t now_ns;

static void look(void)
{
	now_ns += 2 * TELL_NS_PER_SEC;
	(void)tell_reload_due(&tell_process.main, now_ns);
}

static void begin(const char *more)
{
	now_ns = tell_clock_monotonic_ns();
	write_stack("shop", more, "a");
	ck_assert_int_eq(tell_init("shop"), 0);
}

static const char *log_of_next(void)
{
	size_t before = tell_scratch_lines(tell_scratch_path("b"));
	tell_info("next");
	return tell_scratch_lines(tell_scratch_path("b")) > before ? "b" : "a";
}

START_TEST(a_changed_file_is_loaded_once_it_rests)
{
	begin("");
	look();
	ck_assert_uint_eq(tell_process.main.reload.n, 0);
	write_stack("shop", "", "b");
	look();
	ck_assert_str_eq(log_of_next(), "a"); /* it may still be written */
	look();
	ck_assert_str_eq(log_of_next(), "b");
	look();
	look();
	ck_assert_uint_eq(tell_process.main.reload.n, 1);
}
END_TEST

START_TEST(a_file_that_is_being_written_is_left_alone)
{
	begin("");
	for (int i = 0; i < 5; i++) {
		write_stack("shop", "", "b");
		look();
		ck_assert_str_eq(log_of_next(), "a");
	}
	look();
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

START_TEST(an_included_file_and_other_count_as_well)
{
	write_stack("common", "", "a");
	write_file("shop", "@include common\n");
	now_ns = tell_clock_monotonic_ns();
	ck_assert_int_eq(tell_init("shop"), 0);
	write_stack("common", "", "b");
	look();
	look();
	ck_assert_str_eq(log_of_next(), "b");
	ck_assert_uint_eq(tell_process.main.reload.n, 1);
	write_file("other", "filter required level min=info\n"); /* was not there */
	look();
	look();
	ck_assert_uint_eq(tell_process.main.reload.n, 2);
	write_file("other", "filter required level min=debug\n");
	look();
	look();
	ck_assert_uint_eq(tell_process.main.reload.n, 3);
	ck_assert_int_eq(tell_process.main.threshold, TELL_DEBUG);
}
END_TEST

START_TEST(a_file_that_is_gone_changes_nothing)
{
	begin("");
	ck_assert_int_eq(unlink(tell_scratch_path("conf/shop")), 0);
	look();
	look();
	look();
	ck_assert_uint_eq(tell_process.main.reload.n, 0);
	write_stack("shop", "", "b");
	look();
	look();
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

START_TEST(a_wrong_file_is_refused_whole_and_tried_once)
{
	begin("");
	write_stack("shop", "redact required nonsense\n", "b");
	look();
	look();
	ck_assert_str_eq(log_of_next(), "a");
	uint64_t refused_ns = tell_process.main.refused_ns;
	ck_assert_uint_ne(refused_ns, 0);
	ck_assert_ptr_nonnull(strstr(tell_process.main.refusal, "shop:1:17: error: "));
	look();
	look();
	ck_assert_uint_eq(tell_process.main.refused_ns, refused_ns);
	write_stack("shop", "", "b");
	look();
	look();
	ck_assert_uint_eq(tell_process.main.refused_ns, 0);
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

/* chmod(1) mends it without a change of its text. */
START_TEST(a_file_that_may_be_trusted_again_is_read)
{
	begin("");
	write_stack("shop", "", "b");
	ck_assert_int_eq(chmod(tell_scratch_path("conf/shop"), 0666), 0);
	look();
	look();
	ck_assert_uint_ne(tell_process.main.refused_ns, 0);
	ck_assert_int_eq(chmod(tell_scratch_path("conf/shop"), 0600), 0);
	look();
	look();
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

START_TEST(reload_no_looks_at_nothing)
{
	begin("service required settings reload=no\n");
	write_stack("shop", "", "b");
	look();
	look();
	look();
	ck_assert_str_eq(log_of_next(), "a");
	ck_assert_int_eq(tell_reload(), 0); /* told is told */
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

/* ---- by itself ---- */

static int two_reloaded(void)
{
	const struct tell_service *s = tell_process.services;
	bool has = true;
	(void)pthread_mutex_lock(&tell_process.lock);
	has = s->reload.n == 1 && s->next->reload.n == 1;
	(void)pthread_mutex_unlock(&tell_process.lock);
	return has;
}

static struct tell *one, *two;

/* A record starts the thread, unless somebody has the lock just then. */
static int both_run(void)
{
	tell_to(one, TELL_INFO, "first");
	tell_to(two, TELL_INFO, "first");
	return ask_threads() == 2;
}

START_TEST(each_handles_service_notices_its_own_file)
{
	write_stack("one", "service required settings reload=auto\n", "a");
	write_stack("two", "queue required ring\n", "a");
	ck_assert_int_eq(tell_new(&one, "one"), 0);
	ck_assert_int_eq(tell_new(&two, "two"), 0);
	ask_until(both_run, "each has a thread");
	write_stack("one", "service required settings reload=auto\n", "b");
	write_stack("two", "queue required ring\n", "c");
	ask_until(two_reloaded, "both notice");
	tell_to(one, TELL_INFO, "second");
	tell_to(two, TELL_INFO, "second");
	ck_assert_int_eq(tell_flush(5000), 0);
	ck_assert_uint_eq(tell_scratch_lines(tell_scratch_path("b")), 2); /* it says so */
	ck_assert_uint_eq(tell_scratch_lines(tell_scratch_path("c")), 2);
	tell_free(one);
	tell_free(two);
}
END_TEST

/* ---- SIGHUP ---- */

#define SIGHUP_YES "service required settings sighup=yes reload=no\n"

static int host_heard;

static void host_hears(int signal)
{
	(void)signal;
	host_heard++;
}

static void (*handler(void))(int)
{
	struct sigaction now;
	ck_assert_int_eq(sigaction(SIGHUP, NULL, &now), 0);
	return now.sa_handler;
}

static int was_reloaded(void)
{
	return __atomic_load_n(&tell_process.main.reload.n, __ATOMIC_RELAXED) == 1;
}

START_TEST(sighup_reloads_where_the_stack_says_so)
{
	begin(SIGHUP_YES);
	write_stack("shop", SIGHUP_YES, "b");
	look();
	ck_assert_str_eq(log_of_next(), "a");
	ck_assert_int_eq(raise(SIGHUP), 0);
	ask_until(was_reloaded, "it is obeyed");
	ck_assert_str_eq(log_of_next(), "b");
}
END_TEST

START_TEST(sighup_wakes_the_thread)
{
	begin("queue required ring\n" SIGHUP_YES);
	tell_info("it starts");
	ck_assert_int_eq(raise(SIGHUP), 0);
	ask_until(was_reloaded, "it is obeyed");
}
END_TEST

START_TEST(sighup_is_not_touched_unasked_and_given_back)
{
	begin("");
	ck_assert(handler() == SIG_DFL);
	write_stack("shop", SIGHUP_YES, "a");
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert(handler() != SIG_DFL);
	write_stack("shop", "", "a");
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert(handler() == SIG_DFL);
	write_stack("shop", SIGHUP_YES, "a");
	ck_assert_int_eq(tell_reload(), 0);
	tell_close();
	ck_assert(handler() == SIG_DFL);
}
END_TEST

static size_t n_warned(void)
{
	size_t len, n = 0;
	char *text = tell_scratch_read(tell_scratch_path("a"), &len);
	for (char *p = text; (p = strstr(p, "sighup=yes does nothing")); p++)
		n++;
	free(text);
	return n;
}

START_TEST(the_hosts_own_handler_stays)
{
	(void)signal(SIGHUP, host_hears);
	begin(SIGHUP_YES);
	ck_assert(handler() == host_hears);
	ck_assert_uint_eq(n_warned(), 1);
	ck_assert_int_eq(raise(SIGHUP), 0);
	ck_assert_int_eq(host_heard, 1);
	tell_close();
	ck_assert(handler() == host_hears);
	(void)signal(SIGHUP, SIG_IGN); /* nohup(1) */
	ck_assert_int_eq(tell_init("shop"), 0);
	ck_assert(handler() == SIG_IGN);
	(void)signal(SIGHUP, SIG_DFL);
	ck_assert_int_eq(tell_init("shop"), 0);
	(void)signal(SIGHUP, host_hears); /* later than ours */
	tell_close();
	ck_assert(handler() == host_hears);
}
END_TEST

static Suite *reload_suite(void)
{
	const TTest *tests[] = { a_changed_file_is_loaded_once_it_rests,
		a_file_that_is_being_written_is_left_alone,
		an_included_file_and_other_count_as_well,
		a_file_that_is_gone_changes_nothing,
		a_wrong_file_is_refused_whole_and_tried_once,
		a_file_that_may_be_trusted_again_is_read, reload_no_looks_at_nothing,
		each_handles_service_notices_its_own_file,
		sighup_reloads_where_the_stack_says_so, sighup_wakes_the_thread,
		sighup_is_not_touched_unasked_and_given_back,
		the_hosts_own_handler_stays };
	Suite *s = suite_create("api/reload");
	TCase *tc = tcase_create("reload");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(reload_suite)
