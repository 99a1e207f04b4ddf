/* A stream whose connection has a wire in it: one made for this test, which turns each byte
 * over, shakes hands in as many steps as it is told, and refuses when it is told. */
#include "sink/secure.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/stream.h"
#include "support/check_main.h"
#include "support/peer.h"

static struct {
	int steps;	/* of a handshake, before it is done */
	int refuses;	/* handshakes to refuse */
	bool stuck;	/* nothing more goes: a part of a frame stays inside */
	bool gone;	/* the peer says that it has read nothing */
	int n_sessions; /* alive */
	int n_goodbyes, n_sent;
} wire;

struct session {
	int fd, steps;
	bool holds; /* a part of a frame */
	char held[64];
};
static struct session sessions[16];

static int begin_wire(void *state, void **ret, int fd)
{
	struct session *s = &sessions[wire.n_sessions++ % 16];
	(void)state;
	*s = (struct session){ .fd = fd, .steps = wire.steps };
	*ret = s;
	return 0;
}

static int shake(void *session, struct tell_wire_step *step)
{
	struct session *s = session;
	step->events = POLLOUT;
	if (s->steps-- > 0)
		return -EAGAIN;
	if (wire.refuses-- > 0) {
		(void)snprintf(step->why, sizeof(step->why), "it is a stranger");
		return -EPROTO;
	}
	return 0;
}

static ssize_t put(
	void *session, const void *bytes, size_t len, struct tell_wire_step *step)
{
	struct session *s = session;
	char turned[64];
	const char *from = bytes;
	ck_assert_uint_le(len, sizeof(turned));
	if (s->holds)
		ck_assert_int_eq(memcmp(s->held, bytes, len), 0);
	s->holds = wire.stuck;
	memcpy(s->held, bytes, len);
	step->events = POLLIN;
	if (wire.stuck)
		return -EAGAIN;
	for (size_t i = 0; i < len; i++)
		turned[i] = (char)~from[i];
	wire.n_sent++;
	return send(s->fd, turned, len, MSG_NOSIGNAL);
}

static int hear(void *session, struct tell_wire_step *step)
{
	(void)session;
	step->unread = wire.gone;
	if (wire.gone)
		(void)snprintf(step->why, sizeof(step->why), "it wants a certificate");
	return wire.gone ? -EPROTO : 0;
}

static int goodbye(void *session, struct tell_wire_step *step)
{
	struct session *s = session;
	(void)step;
	wire.n_goodbyes++;
	return send(s->fd, "bye", 3, MSG_NOSIGNAL) == 3 ? 0 : -EPIPE;
}

static void end_session(void *session)
{
	(void)session;
	wire.n_sessions--;
}

static const struct tell_wire made = { .name = "made",
	.begin = begin_wire,
	.shake = shake,
	.send = put,
	.listen = hear,
	.goodbye = goodbye,
	.end = end_session };

static struct tell_stream s;
static struct tell_outage o;
static struct tell_run run;
static int listener;
static char got[256];

static void begin(void)
{
	uint16_t port = 0;
	const char *why;
	memset(&wire, 0, sizeof(wire));
	tell_stream_init(&s);
	s.secure.wire = &made;
	tell_outage_init(&o, "down", "back", "the peer");
	run = (struct tell_run){ .budget_ms = 1000 };
	listener = tell_peer_tcp(&port);
	s.n_peers = 1;
	ck_assert_int_eq(tell_resolve(s.peers, "127.0.0.1", port, SOCK_STREAM, &why), 1);
}

static void end(void)
{
	tell_stream_done(&s);
	(void)close(listener);
}

/* Within ms. */
static int send_text(const char *text, unsigned ms)
{
	run.budget_ms = ms;
	run.deadline_ns = tell_clock_monotonic_ns() + ms * TELL_NS_PER_MS;
	return tell_stream_send(&s, &o, &run, text, strlen(text));
}

static bool reads(int fd, const char *text)
{
	size_t n = tell_peer_read(fd, got, strlen(text));
	for (size_t i = 0; i < n; i++)
		got[i] = (char)~got[i];
	return n == strlen(text) && memcmp(got, text, n) == 0;
}

START_TEST(nothing_goes_before_the_handshake_is_done)
{
	wire.steps = 100;
	tell_stream_start(&s);
	int fd = tell_peer_accept(listener);
	ck_assert_int_eq(wire.n_sent, 0);
	ck_assert_int_lt(recv(fd, got, 1, MSG_DONTWAIT), 0);
	ck_assert_int_eq(send_text("one", 5000), 0);
	ck_assert_int_eq(send_text("two", 5000), 0);
	ck_assert(reads(fd, "onetwo"));
	ck_assert_uint_eq(s.secure.shaken, 1);
	(void)close(fd);
}
END_TEST

START_TEST(fault_18_who_is_refused_gets_not_a_byte_and_is_tried_later)
{
	wire.refuses = 1;
	ck_assert_int_eq(send_text("lost", 5000), -EPROTO);
	ck_assert_str_eq(s.secure.why, "it is a stranger");
	ck_assert(s.secure.news);
	ck_assert_int_eq(wire.n_sessions, 0);
	int fd = tell_peer_accept(listener);
	ck_assert_uint_eq(tell_peer_read(fd, got, 1), 0);
	(void)close(fd);
	ck_assert_int_eq(send_text("lost", 5000), -ENOTCONN); /* the pause */
	s.retry_ns = 0;
	ck_assert_int_eq(send_text("again", 5000), 0);
	fd = tell_peer_accept(listener);
	ck_assert(reads(fd, "again"));
	(void)close(fd);
}
END_TEST

START_TEST(fault_18_a_handshake_without_end_is_given_up)
{
	wire.steps = 1 << 30;
	ck_assert_int_lt(send_text("lost", 1), 0);
	ck_assert(s.connecting);
	s.give_up_ns = 1;
	ck_assert_int_lt(send_text("lost", 1), 0);
	ck_assert(!s.connecting);
	ck_assert_str_eq(s.secure.why, "the server does not end the handshake");
	ck_assert_int_eq(wire.n_sessions, 0);
}
END_TEST

START_TEST(fault_17_a_frame_of_which_the_wire_holds_a_part_is_owed_and_goes_first)
{
	ck_assert_int_eq(send_text("one", 5000), 0);
	int fd = tell_peer_accept(listener);
	wire.stuck = true;
	ck_assert_int_eq(send_text("two", 1), 1);
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 1);
	ck_assert_int_eq(send_text("three", 1), -ETIMEDOUT);
	wire.stuck = false;
	ck_assert_int_eq(send_text("four", 5000), 0);
	ck_assert(reads(fd, "onetwofour"));
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 0);
	(void)close(fd);
}
END_TEST

START_TEST(fault_16_what_a_peer_says_it_has_not_read_goes_again)
{
	ck_assert_int_eq(send_text("one", 5000), 0);
	ck_assert_int_eq(send_text("two", 5000), 0);
	int fd = tell_peer_accept(listener);
	ck_assert(reads(fd, "onetwo")); /* its kernel, not its program */
	(void)close(fd);
	wire.gone = true;
	run.deadline_ns = tell_clock_monotonic_ns() + 1;
	ck_assert_int_lt(tell_stream_flush(&s, &o, &run), 0);
	ck_assert_uint_eq(tell_owed_frames(&s.owed), 2);
	wire.gone = false;
	s.retry_ns = 0;
	ck_assert_int_eq(send_text("three", 5000), 0);
	fd = tell_peer_accept(listener);
	ck_assert(reads(fd, "onetwothree"));
	(void)close(fd);
}
END_TEST

START_TEST(what_such_a_peer_is_owed_is_counted_when_given_up)
{
	ck_assert_int_eq(send_text("one", 5000), 0);
	(void)close(tell_peer_accept(listener));
	wire.gone = true;
	run.deadline_ns = tell_clock_monotonic_ns() + 1;
	ck_assert_int_lt(tell_stream_flush(&s, &o, &run), 0);
	ck_assert_uint_eq(tell_stream_give_up(&s), 1);
}
END_TEST

START_TEST(a_goodbye_is_said_when_all_is_out_and_only_then)
{
	ck_assert_int_eq(send_text("one", 5000), 0);
	int fd = tell_peer_accept(listener);
	tell_stream_drop(&s);
	ck_assert_int_eq(wire.n_goodbyes, 1);
	ck_assert(reads(fd, "one"));
	ck_assert_uint_eq(tell_peer_read(fd, got, 10), 3);
	(void)close(fd);
	ck_assert_int_eq(send_text("two", 5000), 0);
	fd = tell_peer_accept(listener);
	wire.stuck = true;
	ck_assert_int_eq(send_text("half", 1), 1);
	ck_assert_uint_eq(tell_stream_give_up(&s), 1);
	ck_assert_int_eq(wire.n_goodbyes, 1);
	ck_assert_int_eq(wire.n_sessions, 0);
	(void)close(fd);
}
END_TEST

START_TEST(fault_7_a_child_says_nothing_on_its_parents_session)
{
	ck_assert_int_eq(send_text("one", 5000), 0);
	int fd = tell_peer_accept(listener);
	(void)pthread_mutex_lock(&s.lock); /* by a thread that is inside the session */
	tell_stream_child(&s);
	ck_assert_ptr_null(s.secure.session);
	ck_assert_int_eq(wire.n_sessions, 1); /* half a state is left alone */
	ck_assert_int_eq(wire.n_goodbyes, 0);
	ck_assert_int_eq(send_text("two", 5000), 0);
	ck_assert(reads(fd, "one"));
	ck_assert_uint_eq(tell_peer_read(fd, got, 1), 0);
	(void)close(fd);
	fd = tell_peer_accept(listener);
	ck_assert(reads(fd, "two"));
	tell_stream_child(&s); /* nobody is inside */
	ck_assert_int_eq(wire.n_sessions, 1);
	ck_assert_int_eq(wire.n_goodbyes, 0);
	(void)close(fd);
}
END_TEST

static Suite *secure_suite(void)
{
	Suite *suite = suite_create("sink/secure");
	TCase *tc = tcase_create("secure");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, nothing_goes_before_the_handshake_is_done);
	tcase_add_test(tc, fault_18_who_is_refused_gets_not_a_byte_and_is_tried_later);
	tcase_add_test(tc, fault_18_a_handshake_without_end_is_given_up);
	tcase_add_test(tc,
		fault_17_a_frame_of_which_the_wire_holds_a_part_is_owed_and_goes_first);
	tcase_add_test(tc, fault_16_what_a_peer_says_it_has_not_read_goes_again);
	tcase_add_test(tc, what_such_a_peer_is_owed_is_counted_when_given_up);
	tcase_add_test(tc, a_goodbye_is_said_when_all_is_out_and_only_then);
	tcase_add_test(tc, fault_7_a_child_says_nothing_on_its_parents_session);
	suite_add_tcase(suite, tc);
	return suite;
}

TELL_CHECK_MAIN(secure_suite)
