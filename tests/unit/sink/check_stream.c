#include "sink/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "support/scratch.h"

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
	ck_assert_int_eq(tell_owed_add(&s.owed, "parent's", 8), 0);
	(void)pthread_mutex_lock(&s.lock); /* by a thread the child does not have */
	tell_stream_child(&s);
	ck_assert_int_eq(send_text("two"), 0);
	(void)close(tell_peer_accept(listener));
	int fd = tell_peer_accept(listener);
	ck_assert_uint_eq(tell_peer_read(fd, got, 3), 3);
	ck_assert_int_eq(memcmp(got, "two", 3), 0);
}
END_TEST

/* n numbered frames of 10 bytes, gathered: none may be at the peer yet. */
static void gather(int first, int n)
{
	char frame[24];
	run.batch = true;
	for (int i = first; i < first + n; i++) {
		(void)snprintf(frame, sizeof(frame), "frame%04d,", i);
		ck_assert_int_eq(send_text(frame), 1);
	}
	run.batch = false;
}

/* The next n of them arrive, in order. */
static void expect_frames(int fd, int first, int n)
{
	char frame[24], want[24];
	for (int i = first; i < first + n; i++) {
		(void)snprintf(want, sizeof(want), "frame%04d,", i);
		ck_assert_uint_eq(tell_peer_read(fd, frame, 10), 10);
		ck_assert_int_eq(memcmp(frame, want, 10), 0);
	}
}

/* Connected; the peer's end. */
static int meet(int *ret_listener)
{
	uint16_t port = 0;
	*ret_listener = tell_peer_tcp(&port);
	add_peer(port);
	ck_assert_int_eq(send_text("one"), 0);
	int fd = tell_peer_accept(*ret_listener);
	ck_assert_uint_eq(tell_peer_read(fd, got, 3), 3);
	return fd;
}

START_TEST(frames_of_a_batch_are_gathered_and_go_together)
{
	int listener, fd = meet(&listener);
	gather(0, 1000);
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 1000);
	ck_assert_int_lt(recv(fd, got, 1, MSG_DONTWAIT), 0); /* loopback is at once */
	ck_assert_int_eq(tell_stream_flush(&s, &o, &run), 0);
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 0);
	expect_frames(fd, 0, 1000);
	gather(0, 1);
	ck_assert_int_eq(send_text("frame0001,"), 0); /* of none: behind what waits */
	expect_frames(fd, 0, 2);
	(void)close(fd);
	(void)close(listener);
}
END_TEST

START_TEST(what_is_gathered_has_a_limit)
{
	int listener, fd = meet(&listener);
	gather(0, 6600); /* 66,000 bytes of 65,536 */
	expect_frames(fd, 0, 6553);
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 6600 - 6553);
	ck_assert_int_eq(tell_stream_flush(&s, &o, &run), 0);
	expect_frames(fd, 6553, 6600 - 6553);
	(void)close(fd);
	(void)close(listener);
}
END_TEST

START_TEST(fault_16_a_batch_whose_server_closed_goes_to_the_new_connection)
{
	int listener, fd = meet(&listener);
	gather(0, 100);
	s.since_ns -= TELL_NS_PER_SEC; /* it held: the next one is made at once */
	(void)close(fd);
	ck_assert_int_eq(tell_stream_flush(&s, &o, &run), 0);
	fd = tell_peer_accept(listener);
	expect_frames(fd, 0, 100);
	(void)close(fd);
	(void)close(listener);
}
END_TEST

START_TEST(fault_16_a_batch_without_a_server_is_refused_or_kept_and_counted)
{
	int listener, fd = meet(&listener);
	gather(0, 100);
	(void)close(listener);
	(void)close(fd);
	ck_assert_int_lt(tell_stream_flush(&s, &o, &run), 0);
	run.batch = true; /* the next sink's */
	ck_assert_int_lt(send_text("refused"), 0);
	ck_assert_uint_eq(tell_stream_give_up(&s), 100);
	ck_assert_int_eq(tell_stream_flush(&s, &o, &run), 0);
}
END_TEST

START_TEST(fault_17_of_a_batch_only_what_did_not_get_out_is_given_up)
{
	static char big[1000];
	int listener, fd = meet(&listener);
	unsigned sent = 0, arrived = 0;
	memset(big, 'x', sizeof(big) - 1);
	int r = 0;
	while (r == 0 && sent < 100000) {
		run.batch = true;
		for (int i = 0; i < 60 && r >= 0; i++)
			sent += (r = send_text(big)) >= 0;
		run.batch = false;
		run.deadline_ns = tell_clock_monotonic_ns() + 10 * TELL_NS_PER_MS;
		r = tell_stream_flush(&s, &o, &run);
	}
	ck_assert_int_eq(r, -ETIMEDOUT);
	run.batch = true; /* it takes nothing now, and each record learns it */
	ck_assert_int_eq(send_text(big), -ETIMEDOUT);
	size_t given_up = tell_stream_give_up(&s);
	ck_assert_uint_gt(given_up, 0);
	ck_assert_uint_le(given_up, 61);
	while (tell_peer_read(fd, got, 1) == 1) {
		static char rest[998];
		arrived += tell_peer_read(fd, rest, sizeof(rest)) == sizeof(rest);
	}
	ck_assert_uint_eq(arrived + given_up, sent);
	(void)close(fd);
	(void)close(listener);
}
END_TEST

static uint64_t confirmed(void)
{
	struct tell_progress p = { .look = true };
	ck_assert(tell_stream_progress(&s, &p));
	return p.confirmed;
}

START_TEST(fault_17_of_a_local_spool_what_the_peer_did_not_read_is_not_sure)
{
	tell_scratch_make();
	const char *path = tell_scratch_path("socket");
	struct sockaddr_un *un = (struct sockaddr_un *)&s.peers[0].addr;
	int listener = tell_peer_stream(path);
	un->sun_family = AF_UNIX;
	(void)snprintf(un->sun_path, sizeof(un->sun_path), "%s", path);
	s.peers[0].len = sizeof(*un);
	s.n_peers = 1;
	s.kept = true;
	ck_assert_int_eq(send_text("one"), 0);
	ck_assert_uint_eq(confirmed(), 0);
	int fd = tell_peer_accept(listener);
	ck_assert_uint_eq(tell_peer_read(fd, got, 3), 3);
	ck_assert_uint_eq(confirmed(), 3);
	(void)close(fd);
	(void)close(listener);
	tell_scratch_remove();
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
	tcase_add_test(tc, frames_of_a_batch_are_gathered_and_go_together);
	tcase_add_test(tc, what_is_gathered_has_a_limit);
	tcase_add_test(
		tc, fault_16_a_batch_whose_server_closed_goes_to_the_new_connection);
	tcase_add_test(
		tc, fault_16_a_batch_without_a_server_is_refused_or_kept_and_counted);
	tcase_add_test(tc, fault_17_of_a_batch_only_what_did_not_get_out_is_given_up);
	tcase_add_test(
		tc, fault_17_of_a_local_spool_what_the_peer_did_not_read_is_not_sure);
	suite_add_tcase(suite, tc);
	return suite;
}

TELL_CHECK_MAIN(stream_suite)
