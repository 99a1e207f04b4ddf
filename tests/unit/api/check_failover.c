#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <telltale.h>
#include <unistd.h>
#include "api/ledger.h"
#include "api/process.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/memory_dir.h"
#include "support/scratch.h"

/* Services whose sinks fail, hang and come back: what becomes of the records. */

static int receiver = -1;

/* A syslog daemon that is there. */
static void open_receiver(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", tell_scratch_path("sock"));
	(void)unlink(at.sun_path);
	receiver = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(receiver, (struct sockaddr *)&at, sizeof(at)), 0);
}

/* Read what waits: how many records. */
static size_t receive_all(void)
{
	char bytes[8192];
	size_t n = 0;
	while (recv(receiver, bytes, sizeof(bytes), 0) > 0)
		n++;
	return n;
}

static void begin(const char *queue, const char *control)
{
	char text[1024];
	(void)snprintf(text, sizeof(text),
		"%ssink %s syslog proto=unix path=%s\nsink required file path=%s\n",
		queue, control, tell_scratch_path("sock"), tell_scratch_path("log"));
	tell_scratch_write(tell_scratch_path("conf/shop"), text);
	ck_assert_int_eq(tell_init("shop"), 0);
}

/* In the file, but for what telltale says itself. */
static size_t n_filed(void)
{
	size_t len, n = 0;
	char *text = tell_scratch_read(tell_scratch_path("log"), &len);
	for (char *p = text; (p = strstr(p, "\"work\"")); p++)
		n++;
	free(text);
	return n;
}

static void log_n(int n)
{
	for (int i = 0; i < n; i++)
		tell_warning("work", tell_kv("i", i));
}

/* offered = delivered + dropped (by reason) + spooled, and the same of the whole with what is
 * queued; returns the row. */
static struct tell_ledger_row check_ledger(const char *sink)
{
	struct tell_ledger l;
	tell_service_ledger(&tell_process.main, &l);
	const struct tell_ledger_row *row = tell_ledger_row(&l, sink);
	ck_assert_ptr_nonnull(row);
	ck_assert_uint_eq(tell_ledger_offered(row),
		row->verdicts[TELL_SUCCESS] + tell_ledger_dropped(row) +
			row->verdicts[TELL_SPOOLED]);
	ck_assert_uint_eq(l.sum.records,
		l.sum.delivered + l.sum.undelivered + l.sum.filtered + l.sum.queued +
			l.sum.dropped);
	return *row;
}

#define N 2000

/* It takes ten datagrams and then none: each further one is a wait in vain. */
START_TEST(fault_15_a_hanging_required_sink_does_not_hold_the_others_of_a_queue)
{
	open_receiver();
	begin("queue required ring size=1MiB\n", "required");
	log_n(N);
	ck_assert_int_eq(tell_flush(20000), 0);
	ck_assert_uint_eq(n_filed(), N);
	struct tell_ledger_row row = check_ledger("syslog");
	ck_assert_uint_ge(row.verdicts[TELL_TIMEOUT], TELL_BREAKER_FAILURES);
	ck_assert_uint_ge(row.opened, 1);
	ck_assert_uint_gt(row.turned_away, N / 2);
	ck_assert_uint_ge(tell_ledger_offered(&row), N);
	ck_assert_uint_eq(receive_all(), row.verdicts[TELL_SUCCESS]);
}
END_TEST

START_TEST(fault_15_a_preferred_sink_that_hangs_is_returned_to_when_it_goes_on)
{
	open_receiver();
	begin("", "sufficient");
	log_n(200);
	struct tell_ledger_row row = check_ledger("syslog");
	ck_assert_uint_ge(row.opened, 1);
	size_t received = receive_all();
	ck_assert_uint_ge(n_filed() + received, 200);
	for (int i = 0; i < 6000 && check_ledger("syslog").breaker; i++) {
		log_n(1);
		(void)usleep(1000);
		received += receive_all();
	}
	row = check_ledger("syslog");
	ck_assert_int_eq(row.breaker, TELL_BREAKER_CLOSED);
	size_t filed = n_filed();
	log_n(5);
	ck_assert_uint_eq(n_filed(), filed); /* back at the preferred one */
	received += receive_all();
	ck_assert_uint_eq(received, check_ledger("syslog").verdicts[TELL_SUCCESS]);
}
END_TEST

/* A daemon that is restarted again and again: quick failures, so nothing waits for a pause. */
START_TEST(fault_16_a_receiver_that_flaps_loses_nothing_to_pauses)
{
	begin("", "sufficient");
	size_t received = 0;
	for (int i = 0; i < 50; i++) {
		log_n(9); /* nobody there: to the file */
		open_receiver();
		log_n(9);
		received += receive_all();
		(void)close(receiver);
	}
	struct tell_ledger_row row = check_ledger("syslog");
	ck_assert_uint_eq(row.verdicts[TELL_SUCCESS], received);
	struct tell_stack_stats sum;
	tell_service_stats(&tell_process.main, &sum);
	ck_assert_uint_eq(sum.undelivered, 0);
	ck_assert_uint_ge(n_filed() + received, 900);
}
END_TEST

/* The only sink: the first record after it is back arrives, whatever the breaker thinks. */
START_TEST(fault_15_the_only_sink_is_used_as_soon_as_it_is_back)
{
	char text[512];
	(void)snprintf(text, sizeof(text), "sink required syslog proto=unix path=%s\n",
		tell_scratch_path("sock"));
	tell_scratch_write(tell_scratch_path("conf/shop"), text);
	ck_assert_int_eq(tell_init("shop"), 0);
	log_n(100);
	ck_assert_uint_ge(check_ledger("syslog").opened, 1);
	open_receiver();
	log_n(1);
	ck_assert_uint_ge(receive_all(), 1);
	ck_assert_int_eq(check_ledger("syslog").breaker, TELL_BREAKER_CLOSED);
}
END_TEST

static void set_up(void)
{
	if (memory_dir())
		tell_scratch_make();
	else
		ask_set_up();
	(void)mkdir(tell_scratch_path("conf"), 0700);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	(void)unsetenv("TELLTALE_SERVICE");
}

static void tear_down(void)
{
	tell_close();
	tell_scratch_remove();
	memory_dir_remove();
}

static Suite *failover_suite(void)
{
	Suite *s = suite_create("api/failover");
	TCase *tc = tcase_create("failover");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	tcase_add_test(
		tc, fault_15_a_hanging_required_sink_does_not_hold_the_others_of_a_queue);
	tcase_add_test(
		tc, fault_15_a_preferred_sink_that_hangs_is_returned_to_when_it_goes_on);
	tcase_add_test(tc, fault_16_a_receiver_that_flaps_loses_nothing_to_pauses);
	tcase_add_test(tc, fault_15_the_only_sink_is_used_as_soon_as_it_is_back);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(failover_suite)
