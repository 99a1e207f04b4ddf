#include "sink/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/peer.h"

static struct tell_stream s;
static struct tell_outage o;
static struct tell_run run;

static void begin(void)
{
	tell_stream_init(&s);
	tell_outage_init(&o, "down", "back", "the peer");
	run = (struct tell_run){ .budget_ms = 1000,
		.deadline_ns = tell_clock_monotonic_ns() + TELL_NS_PER_SEC };
}

static void end(void)
{
	tell_stream_done(&s);
}

static void add_peer(uint16_t port)
{
	const char *why;
	struct tell_peer found[TELL_PEERS_MAX];
	ck_assert_int_eq(tell_resolve(found, "127.0.0.1", port, SOCK_STREAM, &why), 1);
	s.peers[s.n_peers++] = found[0];
}

/* A port where nobody listens. */
static uint16_t dead_port(void)
{
	uint16_t port = 0;
	(void)close(tell_peer_tcp(&port));
	return port;
}

START_TEST(the_next_address_is_tried_when_one_refuses)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	add_peer(dead_port());
	add_peer(port);
	ck_assert_int_eq(tell_dial(&s, &o, &run), 0);
	(void)close(tell_peer_accept(listener));
	ck_assert_uint_eq(s.peer, 1);
	ck_assert_int_eq(tell_dial(&s, &o, &run), 0); /* it is there */
	(void)close(listener);
}
END_TEST

START_TEST(fault_16_attempts_are_farther_and_farther_apart_up_to_30_s)
{
	add_peer(dead_port());
	uint64_t gap_ns = 100 * TELL_NS_PER_MS;
	for (int i = 0; i < 20; i++) {
		s.retry_ns = 0; /* the pause is over */
		uint64_t before_ns = tell_clock_monotonic_ns();
		ck_assert_int_eq(tell_dial(&s, &o, &run), -ECONNREFUSED);
		uint64_t after_ns = tell_clock_monotonic_ns();
		ck_assert(s.retry_ns >= before_ns + gap_ns / 2);
		ck_assert(s.retry_ns <= after_ns + gap_ns);
		ck_assert_int_eq(tell_dial(&s, &o, &run), -ENOTCONN); /* in the pause */
		gap_ns = gap_ns * 2 < 30 * TELL_NS_PER_SEC ? gap_ns * 2
							   : 30 * TELL_NS_PER_SEC;
	}
}
END_TEST

START_TEST(a_connection_that_is_made_does_not_end_the_row_of_failures)
{
	uint16_t port = dead_port();
	add_peer(port);
	ck_assert_int_eq(tell_dial(&s, &o, &run), -ECONNREFUSED);
	int listener = tell_peer_tcp(&port);
	s.retry_ns = 0;
	ck_assert_int_eq(tell_dial(&s, &o, &run), 0);
	ck_assert_uint_eq(s.failures, 1);
	(void)close(listener);
}
END_TEST

START_TEST(without_an_address_there_is_nobody)
{
	ck_assert_int_eq(tell_dial_step(&s), -ENOTCONN);
	ck_assert_int_eq(tell_dial(&s, &o, &run), -ENOTCONN);
}
END_TEST

START_TEST(fault_17_a_peer_that_never_answers_costs_one_record_its_wait)
{
	/* A listener whose backlog is full drops what knocks. */
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	ck_assert_int_eq(listen(listener, 0), 0);
	add_peer(port);
	struct tell_stream crowd[8];
	for (size_t i = 0; i < 8; i++) {
		tell_stream_init(&crowd[i]);
		crowd[i].peers[0] = s.peers[0];
		crowd[i].n_peers = 1;
		(void)tell_dial_step(&crowd[i]);
	}
	run.deadline_ns = tell_clock_monotonic_ns() + 50 * TELL_NS_PER_MS;
	ck_assert_int_eq(tell_dial(&s, &o, &run), -ETIMEDOUT);
	run.deadline_ns = tell_clock_monotonic_ns() + 3600 * TELL_NS_PER_SEC;
	for (int i = 0; i < 100; i++) /* would be an hour each */
		ck_assert_int_eq(tell_dial(&s, &o, &run), -ENOTCONN);
	for (size_t i = 0; i < 8; i++)
		tell_stream_done(&crowd[i]);
	(void)close(listener);
}
END_TEST

static int option(int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);
	ck_assert_int_eq(
		getsockopt(tell_held_get(&s.held), level, name, &value, &len), 0);
	return value;
}

START_TEST(fault_17_a_peer_that_vanishes_is_noticed_within_30_s)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	add_peer(port);
	ck_assert_int_eq(tell_dial(&s, &o, &run), 0);
	/* With bytes under way, and with none: the last probe's answer is awaited, too. */
	ck_assert_int_eq(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 30000);
	ck_assert_int_eq(option(SOL_SOCKET, SO_KEEPALIVE), 1);
	ck_assert_int_le(option(IPPROTO_TCP, TCP_KEEPIDLE) +
			option(IPPROTO_TCP, TCP_KEEPINTVL) *
				option(IPPROTO_TCP, TCP_KEEPCNT),
		30);
	(void)close(listener);
}
END_TEST

static Suite *dial_suite(void)
{
	Suite *suite = suite_create("sink/dial");
	TCase *tc = tcase_create("dial");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_next_address_is_tried_when_one_refuses);
	tcase_add_test(tc, fault_16_attempts_are_farther_and_farther_apart_up_to_30_s);
	tcase_add_test(tc, a_connection_that_is_made_does_not_end_the_row_of_failures);
	tcase_add_test(tc, without_an_address_there_is_nobody);
	tcase_add_test(tc, fault_17_a_peer_that_never_answers_costs_one_record_its_wait);
	tcase_add_test(tc, fault_17_a_peer_that_vanishes_is_noticed_within_30_s);
	suite_add_tcase(suite, tc);
	return suite;
}

TELL_CHECK_MAIN(dial_suite)
