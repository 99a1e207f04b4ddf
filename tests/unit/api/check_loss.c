#include "api/loss.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale.h>
#include <telltale/capture.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"
#include "base/clock.h"
#include "support/check_main.h"
#include "support/scratch.h"

/* Warnings and worse are delivered, the rest is lost: `deny` is the sink that fails. */
#define LOSING                                                                           \
	"sink [success=done default=ignore] capture min=warning\n"                       \
	"sink required deny\n"

static struct tell_service *const service = &tell_process.main;
static uint64_t now_ns;

static void start(const char *stack)
{
	tell_capture_clear();
	ck_assert_int_eq(tell__init_text("loss", stack), 0);
	now_ns = tell_clock_monotonic_ns();
}

static void sum_up(void)
{
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = tell_service_enter(service, t);
	(void)pthread_mutex_lock(&tell_process.lock);
	tell_loss_sum_up(service, t, stack);
	(void)pthread_mutex_unlock(&tell_process.lock);
	tell_service_leave(t);
}

static long losses(const char *where)
{
	char expr[200];
	(void)snprintf(expr, sizeof(expr), "kind=loss%s%s", *where ? " and " : "", where);
	long n = tell_capture_count(expr);
	ck_assert_int_ge(n, 0);
	return n;
}

START_TEST(nothing_lost_is_nothing_said)
{
	start("sink required capture\n");
	tell_info("x");
	ck_assert_uint_eq(tell_loss_due(service, now_ns), now_ns + 5 * TELL_NS_PER_SEC);
	sum_up();
	ck_assert_int_eq(losses(""), 0);
}
END_TEST

START_TEST(a_loss_says_how_many_who_and_why)
{
	start(LOSING);
	for (int i = 0; i < 3; i++)
		tell_info("lost");
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses("message=\"records were not delivered\" and lost=3 and "
				"lost_total=3 and records_total=3"),
		1);
	ck_assert_int_eq(losses("sink=deny and reason=denied and dropped=3 and "
				"dropped_total=3 and level=warning and logger=telltale"),
		1);
	ck_assert_int_eq(losses(""), 2);
	ck_assert_ptr_nonnull(strstr(tell_capture_json(0), "\"kind\":\"loss\""));
}
END_TEST

START_TEST(it_is_said_once_a_minute_and_only_what_is_new)
{
	start(LOSING);
	tell_info("lost");
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 2);
	now_ns += 5 * TELL_NS_PER_SEC;
	tell_info("lost");
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 2); /* not yet */
	now_ns += 60 * TELL_NS_PER_SEC;
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 4);
	ck_assert_int_eq(losses("lost=1 and lost_total=2"), 1);
	ck_assert_int_eq(losses("dropped=1 and dropped_total=2"), 1);
	now_ns += 60 * TELL_NS_PER_SEC;
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 4); /* nothing is new */
}
END_TEST

START_TEST(a_close_says_what_is_left)
{
	start(LOSING);
	tell_info("lost");
	(void)tell_loss_due(service, now_ns);
	tell_info("lost");
	sum_up();
	ck_assert_int_eq(losses("lost=1 and lost_total=2"), 1);
	long before = losses("");
	sum_up();
	ck_assert_int_eq(losses(""), before);
}
END_TEST

START_TEST(what_another_sink_took_over_is_no_loss)
{
	start("sink sufficient deny\nsink required capture\n");
	tell_info("taken over");
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 0);
}
END_TEST

/* The sink that fails fails for our report, too: that is not news. */
START_TEST(a_report_does_not_feed_itself)
{
	start("sink [success=ok default=ignore] capture\nsink required deny\n");
	tell_info("lost");
	(void)tell_loss_due(service, now_ns);
	tell_info("lost");
	now_ns += 61 * TELL_NS_PER_SEC;
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses("lost=1 and lost_total=4"), 1); /* two were reports */
	ck_assert_int_eq(losses("dropped=1 and dropped_total=4"), 1);
	long before = losses("");
	for (int i = 0; i < 5; i++) {
		now_ns += 61 * TELL_NS_PER_SEC;
		(void)tell_loss_due(service, now_ns);
	}
	ck_assert_int_eq(losses(""), before);
}
END_TEST

START_TEST(records_that_never_were_are_told)
{
	start("sink required capture\n");
	__atomic_fetch_add(&tell_process.lost.nested, 4, __ATOMIC_RELAXED);
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses("reason=nested and lost=4"), 1);
	now_ns += 61 * TELL_NS_PER_SEC;
	(void)tell_loss_due(service, now_ns);
	ck_assert_int_eq(losses(""), 1);
}
END_TEST

START_TEST(where_no_sink_works_the_last_word_is_on_stderr)
{
	tell_scratch_make();
	const char *log = tell_scratch_path("stderr");
	int fd = open(log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	start("sink required deny\n");
	tell_info("lost");
	tell_info("lost");
	sum_up();
	size_t len;
	char *text = tell_scratch_read(log, &len);
	ck_assert_ptr_nonnull(strstr(text, "telltale: loss: "));
	ck_assert_ptr_nonnull(strstr(text,
		" records were not delivered, most by sink deny (denied); "
		"see telltale check loss\n"));
	free(text);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_held_lock_is_not_waited_for)
{
	start(LOSING);
	tell_info("lost");
	(void)pthread_mutex_lock(&tell_process.lock);
	uint64_t again_ns = tell_loss_due(service, now_ns);
	(void)pthread_mutex_unlock(&tell_process.lock);
	ck_assert_uint_eq(again_ns, now_ns + 100 * TELL_NS_PER_MS);
	(void)tell_loss_due(service, again_ns);
	ck_assert_int_eq(losses("lost=1"), 1);
}
END_TEST

static Suite *loss_suite(void)
{
	Suite *s = suite_create("api/loss");
	tell_check_add(s, "loss", nothing_lost_is_nothing_said,
		a_loss_says_how_many_who_and_why,
		it_is_said_once_a_minute_and_only_what_is_new, a_close_says_what_is_left,
		what_another_sink_took_over_is_no_loss, a_report_does_not_feed_itself,
		records_that_never_were_are_told,
		where_no_sink_works_the_last_word_is_on_stderr,
		a_held_lock_is_not_waited_for, NULL);
	return s;
}
TELL_CHECK_MAIN(loss_suite)
