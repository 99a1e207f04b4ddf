#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/flow.h"

START_TEST(the_same_values_give_the_same_site)
{
	char file[] = "widget.c";
	struct tell_site *a = tell_site_of("gtk", "widget.c", 42, "draw");
	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_eq(tell_site_of("gtk", file, 42, "draw"), a);
	ck_assert_ptr_ne(tell_site_of("gtk", file, 43, "draw"), a);
	ck_assert_ptr_ne(tell_site_of("gtk", "other.c", 42, "draw"), a);
	ck_assert_ptr_ne(tell_site_of("gtk", file, 42, "draw2"), a);
	ck_assert_ptr_ne(tell_site_of(NULL, file, 42, "draw"), a);
	ck_assert_ptr_eq(tell_site_of(NULL, NULL, 0, NULL), tell_site_of("", "", 0, ""));
	ck_assert_str_eq(a->file, "widget.c");
	ck_assert_ptr_ne(a->file, file);
}
END_TEST

START_TEST(a_record_says_the_place_and_is_switched_by_it)
{
	const struct tell_field field = tell_null("k");
	flow_start("");
	struct tell_site *site = tell_site_of("gtk.widget", "src/widget.c", 42, "draw");
	tell_log_at(site, TELL_INFO, "100% drawn", &field, 1);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"logger\":\"gtk.widget\""));
	ck_assert_ptr_nonnull(
		strstr(flow_last(), "\"message\":\"100% drawn\",\"k\":null"));
	ck_assert_ptr_nonnull(strstr(flow_last(),
		"\"caller\":{\"file\":\"src/widget.c\",\"line\":42,\"function\":\"draw\"}"));
	tell_log_at(site, TELL_DEBUG, "details", NULL, 0);
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(tell_level_set("file:widget.c line:40-50 debug"), 0);
	tell_log_at(site, TELL_DEBUG, "details", NULL, 0);
	tell_log_at(
		tell_site_of("", "src/widget.c", 60, "draw"), TELL_DEBUG, "x", NULL, 0);
	ck_assert_uint_eq(flow_count(), 2);
	ck_assert_int_eq(tell_level_set("reset"), 0);
	tell_log_at(site, TELL_DEBUG, "details", NULL, 0);
	ck_assert_uint_eq(flow_count(), 2);
	tell_log_at(NULL, TELL_INFO, "nowhere", NULL, 0);
	ck_assert_uint_eq(flow_count(), 3);
}
END_TEST

START_TEST(long_texts_are_cut_and_still_the_same)
{
	char file[600], again[600];
	memset(file, 'd', sizeof(file));
	(void)snprintf(file + 580, 20, "/end.c");
	memcpy(again, file, sizeof(file));
	struct tell_site *a = tell_site_of(file, file, 1, file);
	ck_assert_ptr_eq(tell_site_of(again, again, 1, again), a);
	ck_assert_uint_eq(strlen(a->file), 255);
	ck_assert_uint_eq(strlen(a->func), 255);
	ck_assert_str_eq(a->file + 249, "/end.c");
}
END_TEST

START_TEST(the_4097th_has_no_place)
{
	unsigned n = 0;
	while (n < 5000 && tell_site_of("", "loop.c", n + 1, ""))
		n++;
	ck_assert_uint_eq(n, 4096);
	ck_assert_ptr_nonnull(tell_site_of("", "loop.c", 4096, "")); /* still found */
	flow_start("");
	tell_log_at(tell_site_of("", "loop.c", 9999, ""), TELL_INFO, "x", NULL, 0);
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

static void *ask(void *arg)
{
	struct tell_site **ret = arg;
	for (unsigned i = 0; i < 500; i++)
		ret[i] = tell_site_of("", "thread.c", i, "");
	return NULL;
}

START_TEST(threads_get_one_site_each)
{
	static struct tell_site *got[4][500];
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, got[i]), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < 500; i++)
		for (int t = 1; t < 4; t++)
			ck_assert_ptr_eq(got[t][i], got[0][i]);
}
END_TEST

START_TEST(a_child_makes_its_own)
{
	flow_start("");
	tell_info("the process is watched");
	struct tell_site *a = tell_site_of("", "fork.c", 1, "");
	pid_t pid = fork();
	if (pid == 0)
		_exit(tell_site_of("", "fork.c", 1, "") == a &&
					tell_site_of("", "fork.c", 2, "") != NULL
				? 0
				: 1);
	int status = -1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *site_of_suite(void)
{
	Suite *s = suite_create("api/site_of");
	tell_check_add(s, "same", the_same_values_give_the_same_site,
		long_texts_are_cut_and_still_the_same, threads_get_one_site_each,
		a_child_makes_its_own, NULL);
	tell_check_add(s, "records", a_record_says_the_place_and_is_switched_by_it,
		the_4097th_has_no_place, NULL);
	return s;
}
TELL_CHECK_MAIN(site_of_suite)
