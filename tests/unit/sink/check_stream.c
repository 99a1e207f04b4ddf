#include "sink/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/peer.h"

static struct tell_stream s;
static struct tell_outage o;
static struct tell_run run;
static char got[256];

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

static int send_text(const char *text)
{
	return tell_stream_send(&s, &o, &run, text, strlen(text));
}

/* A port where nobody listens. */
static uint16_t dead_port(void)
{
	uint16_t port = 0;
	(void)close(tell_peer_tcp(&port));
	return port;
}

/* The receiver takes the connection and closes it. */
static void accept_and_close(int listener)
{
	int fd = tell_peer_accept(listener);
	char byte;
	(void)close(fd);
	/* Until we see it: with bytes unread in it, the close is a reset. */
	while (recv(tell_held_get(&s.held), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
		errno == EAGAIN)
		tell_clock_sleep_ms(1);
}

START_TEST(fault_16_a_receiver_that_closes_at_once_is_tried_less_and_less)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	add_peer(port);
	uint64_t gap_ns = 100 * TELL_NS_PER_MS;
	ck_assert_int_eq(send_text("one"), 0);
	for (int i = 0; i < 6; i++) {
		accept_and_close(listener);
		s.since_ns = tell_clock_monotonic_ns(); /* it did not hold for long */
		uint64_t before_ns = tell_clock_monotonic_ns();
		ck_assert_int_lt(send_text("lost"), 0);
		ck_assert(s.retry_ns >= before_ns + gap_ns / 2);
		gap_ns *= 2;
		s.retry_ns = 0; /* the pause is over */
		ck_assert_int_eq(send_text("again"), 0);
	}
	s.since_ns -= TELL_NS_PER_SEC; /* this one held */
	ck_assert_int_eq(send_text("through"), 0);
	ck_assert_uint_eq(s.failures, 0);
}
END_TEST

START_TEST(a_reopen_forgets_the_pause)
{
	uint16_t port = dead_port();
	add_peer(port);
	ck_assert_int_eq(send_text("lost"), -ECONNREFUSED);
	int listener = tell_peer_tcp(&port);
	ck_assert_int_eq(send_text("lost"), -ENOTCONN);
	tell_stream_drop(&s);
	ck_assert_int_eq(send_text("one"), 0);
	(void)close(listener);
}
END_TEST

START_TEST(what_the_peer_says_is_thrown_away)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	add_peer(port);
	ck_assert_int_eq(send_text("one"), 0);
	int fd = tell_peer_accept(listener);
	ck_assert_int_eq(write(fd, "hello", 5), 5);
	ck_assert_int_eq(send_text("two"), 0);
	ck_assert_uint_eq(tell_peer_read(fd, got, 6), 6);
	ck_assert_int_eq(memcmp(got, "onetwo", 6), 0);
}
END_TEST

START_TEST(fault_7_a_child_forgets_the_connection_and_what_is_owed)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	add_peer(port);
	ck_assert_int_eq(send_text("one"), 0);
	tell_buf_puts(&s.owed, "parent's");
	(void)pthread_mutex_lock(&s.lock); /* by a thread the child does not have */
	tell_stream_child(&s);
	ck_assert_int_eq(send_text("two"), 0);
	(void)close(tell_peer_accept(listener));
	int fd = tell_peer_accept(listener);
	ck_assert_uint_eq(tell_peer_read(fd, got, 3), 3);
	ck_assert_int_eq(memcmp(got, "two", 3), 0);
}
END_TEST

static Suite *stream_suite(void)
{
	Suite *suite = suite_create("sink/stream");
	TCase *tc = tcase_create("stream");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, fault_16_a_receiver_that_closes_at_once_is_tried_less_and_less);
	tcase_add_test(tc, a_reopen_forgets_the_pause);
	tcase_add_test(tc, what_the_peer_says_is_thrown_away);
	tcase_add_test(tc, fault_7_a_child_forgets_the_connection_and_what_is_owed);
	suite_add_tcase(suite, tc);
	return suite;
}

TELL_CHECK_MAIN(stream_suite)
