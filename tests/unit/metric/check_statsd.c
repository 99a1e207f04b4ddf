#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <unistd.h>
#include "metric/peer.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "support/scratch.h"
#include "support/timed.h"

static struct tell_counter *requests, *shop;
static struct tell_gauge *depth;
static int server;
static char got[65536]; /* all lines of one round, each with a line feed */
static size_t largest, n_datagrams;

static void receive(void)
{
	char text[10000];
	size_t len = 0;
	largest = n_datagrams = 0;
	for (long n; (n = tell_peer_receive(server, text, sizeof(text),
			      n_datagrams ? 50 : 5000, NULL)) >= 0;) {
		ck_assert_uint_lt(len + (size_t)n + 2, sizeof(got));
		memcpy(got + len, text, (size_t)n);
		len += (size_t)n;
		got[len++] = '\n';
		n_datagrams++;
		largest = (size_t)n > largest ? (size_t)n : largest;
	}
	got[len] = '\0';
}

static bool has(const char *line)
{
	char text[300];
	int n = snprintf(text, sizeof(text), "\n%s\n", line);
	ck_assert(n > 0 && (size_t)n < sizeof(text));
	return strncmp(got, text + 1, (size_t)n - 1) == 0 || strstr(got, text);
}

static void load(const char *more)
{
	char line[200];
	uint16_t port = 0;
	server = tell_peer_udp(&port);
	(void)snprintf(line, sizeof(line), "metric optional statsd port=%u %s",
		(unsigned)port, more);
	timed_load(line);
	ck_assert_int_eq(tell_counter_new(&requests, "requests_total", "Answered.",
				 "endpoint method"),
		0);
	ck_assert_int_eq(tell_gauge_new(&depth, "depth", "Of the sea.", ""), 0);
	shop = tell_counter_with(requests, "/pay", "GET");
}

START_TEST(counters_are_told_as_what_came_in_addition)
{
	load("");
	tell_counter_add(shop, 3);
	tell_gauge_set(depth, -1.5);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("requests_total:3|c|#endpoint:/pay,method:GET"), "%s", got);
	ck_assert_msg(has("depth:-1.5|g"), "%s", got);
	tell_counter_add(shop, 4);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("requests_total:4|c|#endpoint:/pay,method:GET"), "%s", got);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(!strstr(got, "requests_total:"), "%s", got);
	ck_assert_msg(has("depth:-1.5|g"), "%s", got);
}
END_TEST

START_TEST(a_histogram_is_told_as_its_count_and_sum)
{
	struct tell_histogram *h;
	load("");
	ck_assert_int_eq(
		tell_histogram_new(&h, "size", "How large.", NULL, TELL_SECONDS), 0);
	tell_histogram_observe(h, 1.5);
	tell_histogram_observe(h, 3);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("size_count:2|c"), "%s", got);
	ck_assert_msg(has("size_sum:4.5|c"), "%s", got);
	tell_histogram_observe(h, 0.25);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("size_count:1|c"), "%s", got);
	ck_assert_msg(has("size_sum:0.25|c"), "%s", got);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(!strstr(got, "size_"), "%s", got);
}
END_TEST

START_TEST(plain_statsd_has_labels_in_its_names)
{
	load("format=statsd prefix=eu.shop.");
	tell_counter_add(shop, 3);
	tell_gauge_set(depth, -1.5);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("eu.shop.requests_total._pay.GET:3|c"), "%s", got);
	ck_assert_msg(
		strstr(got, "eu.shop.depth:0|g\neu.shop.depth:-1.5|g\n"), "%s", got);
}
END_TEST

START_TEST(a_label_cannot_forge_a_line)
{
	load("");
	tell_counter_add(tell_counter_with(requests, "a\nforged:1|c", "b,c|d#e"), 1);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("requests_total:1|c|#endpoint:a_forged:1_c,method:b_c_d_e"),
		"%s", got);
}
END_TEST

START_TEST(many_lines_go_in_datagrams_that_need_no_fragments)
{
	char value[20];
	load("");
	for (int i = 0; i < 100; i++) {
		(void)snprintf(value, sizeof(value), "endpoint-%d", i);
		tell_counter_add(tell_counter_with(requests, value, "GET"), 1);
	}
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_uint_gt(n_datagrams, 3);
	ck_assert_uint_le(largest, TELL_PEER_UDP_BYTES);
	ck_assert_uint_gt(largest, TELL_PEER_UDP_BYTES - 200);
	ck_assert_msg(
		has("requests_total:1|c|#endpoint:endpoint-0,method:GET"), "%s", got);
	ck_assert_msg(
		has("requests_total:1|c|#endpoint:endpoint-99,method:GET"), "%s", got);
}
END_TEST

/* What no socket took is in the next number, and counted meanwhile. */
START_TEST(a_server_that_was_away_gets_all_of_it)
{
	char line[300];
	tell_scratch_make();
	(void)snprintf(line, sizeof(line), "metric optional statsd path=%s",
		tell_scratch_path("statsd"));
	timed_load(line);
	ck_assert_int_eq(tell_counter_new(&requests, "requests_total", "", ""), 0);
	tell_counter_add(requests, 3);
	ck_assert_int_eq(timed_ask(), TELL_UNAVAILABLE);
	ck_assert_uint_eq(timed_notes(), 1);
	tell_counter_add(requests, 2);
	server = tell_peer_datagram(tell_scratch_path("statsd"));
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("requests_total:5|c"), "%s", got);
	const char *lost = strstr(got, "telltale_statsd_lost_total:");
	ck_assert_ptr_nonnull(lost);
	ck_assert_int_gt(atoi(lost + strlen("telltale_statsd_lost_total:")), 0);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_reload_counts_nothing_twice)
{
	uint16_t port = 0;
	char line[200];
	server = tell_peer_udp(&port);
	(void)snprintf(
		line, sizeof(line), "metric optional statsd port=%u", (unsigned)port);
	timed_load(line);
	ck_assert_int_eq(tell_counter_new(&requests, "requests_total", "", ""), 0);
	tell_counter_add(requests, 3);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	timed_load(line);
	tell_counter_add(requests, 1);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	ck_assert_msg(has("requests_total:1|c"), "%s", got);
}
END_TEST

START_TEST(a_forked_child_begins_anew)
{
	load("");
	tell_counter_add(shop, 3);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	receive();
	pid_t pid = fork();
	if (pid == 0) {
		timed_child();
		tell_counter_add(shop, 5);
		_exit(timed_ask() == TELL_IGNORE ? 0 : 1);
	}
	int status = 1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	receive();
	ck_assert_msg(has("requests_total:5|c|#endpoint:/pay,method:GET"), "%s", got);
}
END_TEST

static void teardown(void)
{
	timed_end();
	if (server > 0)
		(void)close(server);
	server = -1;
}

static Suite *statsd_suite(void)
{
	Suite *s = suite_create("metric/statsd");
	TCase *c = tcase_create("statsd");
	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, NULL, teardown);
	tcase_add_test(c, counters_are_told_as_what_came_in_addition);
	tcase_add_test(c, a_histogram_is_told_as_its_count_and_sum);
	tcase_add_test(c, plain_statsd_has_labels_in_its_names);
	tcase_add_test(c, a_label_cannot_forge_a_line);
	tcase_add_test(c, many_lines_go_in_datagrams_that_need_no_fragments);
	tcase_add_test(c, a_server_that_was_away_gets_all_of_it);
	tcase_add_test(c, a_reload_counts_nothing_twice);
	tcase_add_test(c, a_forked_child_begins_anew);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(statsd_suite)
