#include "sink/datagram.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/resolve.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "support/scratch.h"

static struct tell_datagram d;
static struct tell_outage o;
static struct tell_run run;
static char path[100], got[256];

static void begin(void)
{
	tell_scratch_make();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("socket"));
	tell_datagram_init(&d);
	tell_outage_init(&o, "down", "back", "the peer");
	run = (struct tell_run){ .budget_ms = 20,
		.deadline_ns = tell_clock_monotonic_ns() + 20 * TELL_NS_PER_MS };
}

static void end(void)
{
	tell_datagram_done(&d);
	tell_scratch_remove();
}

static int send_text(const char *text)
{
	return tell_datagram_send(&d, &o, &run, text, strlen(text));
}

START_TEST(sends_and_meets_the_peer_again_after_it_died)
{
	ck_assert_int_eq(tell_datagram_local(&d, path), 0);
	ck_assert_int_eq(send_text("lost"), -ENOENT);
	int peer = tell_peer_datagram(path);
	ck_assert_int_eq(send_text("one"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 3);
	(void)close(peer);
	ck_assert_int_eq(send_text("lost"), -ECONNREFUSED);
	peer = tell_peer_datagram(path);
	ck_assert_int_eq(send_text("two"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 3);
	ck_assert_str_eq(got, "two");
}
END_TEST

START_TEST(a_name_after_an_at_sign_is_abstract)
{
	ck_assert_int_eq(tell_datagram_local(&d, "@telltale-test"), 0);
	const char *raw = (const char *)&d.peer + sizeof(sa_family_t);
	ck_assert_int_eq(raw[0], '\0');
	ck_assert_int_eq(memcmp(raw + 1, "telltale-test", 13), 0);
	ck_assert_uint_eq(d.peer_len, sizeof(sa_family_t) + 14);
}
END_TEST

START_TEST(paths_have_a_limit)
{
	char longest[109];
	memset(longest, 'x', sizeof(longest));
	longest[107] = '\0';
	ck_assert_int_eq(tell_datagram_local(&d, longest), 0);
	longest[107] = 'x';
	longest[108] = '\0';
	ck_assert_int_eq(tell_datagram_local(&d, longest), -ENAMETOOLONG);
	ck_assert_int_eq(tell_datagram_local(&d, ""), -ENAMETOOLONG);
}
END_TEST

START_TEST(looking_says_what_is_missing_and_sends_nothing)
{
	struct tell_refusal why;
	char text[100];
	ck_assert_int_eq(tell_datagram_look(path, "path", &why), 1);
	ck_assert_ptr_nonnull(strstr(why.what, "there is no "));
	ck_assert_str_eq(why.arg, "path");
	int peer = tell_peer_datagram(path);
	ck_assert_int_eq(tell_datagram_look(path, "path", &why), 0);
	ck_assert_int_eq(tell_peer_receive(peer, text, sizeof(text), 0, NULL), -1);
	ck_assert_int_eq(tell_datagram_look("/dev/null", "path", &why), 1);
	ck_assert_ptr_nonnull(strstr(why.what, "not a socket"));
	ck_assert_int_eq(tell_datagram_look("@abstract", "path", &why), 0);
	ck_assert_int_eq(tell_datagram_look("/dev/null/x", "path", &why), 1);
	ck_assert_ptr_nonnull(strstr(why.what, "cannot look"));
	ck_assert_int_eq(chmod(path, 0400), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(12345), 0);
	ck_assert_int_eq(tell_datagram_look(path, "path", &why), 1);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	(void)close(peer);
}
END_TEST

START_TEST(a_stream_socket_at_the_path_is_told_apart)
{
	int listener = tell_peer_stream(path);
	ck_assert_int_eq(tell_datagram_local(&d, path), 0);
	ck_assert_int_eq(send_text("one"), -EPROTOTYPE);
	(void)close(listener);
}
END_TEST

START_TEST(without_an_address_there_is_nobody)
{
	ck_assert_int_eq(send_text("one"), -EDESTADDRREQ);
}
END_TEST

START_TEST(fault_15_a_full_queue_ends_with_the_deadline)
{
	int r = 0, peer = tell_peer_datagram(path);
	ck_assert_int_eq(tell_datagram_local(&d, path), 0);
	for (int i = 0; r == 0 && i < 100000; i++)
		r = send_text("more");
	ck_assert_int_eq(r, -ETIMEDOUT);
	(void)close(peer);
}
END_TEST

START_TEST(what_is_larger_than_a_datagram_is_told)
{
	static char big[1 << 20];
	int small = 4096, peer = tell_peer_datagram(path);
	ck_assert_int_eq(tell_datagram_local(&d, path), 0);
	d.send_buffer = small;
	ck_assert_int_eq(tell_datagram_send(&d, &o, &run, big, sizeof(big)), -EMSGSIZE);
	(void)close(peer);
}
END_TEST

START_TEST(a_child_starts_anew)
{
	int peer = tell_peer_datagram(path);
	ck_assert_int_eq(tell_datagram_local(&d, path), 0);
	ck_assert_int_eq(send_text("one"), 0);
	(void)pthread_mutex_lock(&d.lock); /* by a thread the child does not have */
	tell_datagram_child(&d);
	ck_assert_int_eq(tell_held_get(&d.held), -1);
	ck_assert_int_eq(send_text("two"), 0);
	(void)close(peer);
}
END_TEST

/* Of a server of another family, or at an address that cannot be had now, none goes to the one
 * before. */
static void moves_to(const char *host, uint16_t port)
{
	struct tell_peer found[TELL_PEERS_MAX];
	const char *why;
	ck_assert_int_eq(tell_resolve(found, host, port, SOCK_DGRAM, &why), 1);
	ck_assert(tell_datagram_peer(&d, &found[0].addr, found[0].len));
	(void)tell_datagram_connect(&d);
}

/* ::1, any port; -1: there is no IPv6 here. */
static int peer_udp6(uint16_t *ret_port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, len) < 0) {
		(void)close(fd); /* nothing was written */
		return -1;
	}
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*ret_port = ntohs(at.sin6_port);
	return fd;
}

START_TEST(a_server_that_moves_to_another_family_is_followed)
{
	uint16_t port = 0, port6 = 0;
	int peer = tell_peer_udp(&port), peer6 = peer_udp6(&port6);
	if (peer6 < 0)
		return;
	moves_to("127.0.0.1", port);
	ck_assert_int_eq(send_text("one"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 3);
	moves_to("::1", port6);
	ck_assert_int_eq(send_text("two"), 0);
	ck_assert_int_eq(tell_peer_receive(peer6, got, sizeof(got), 5000, NULL), 3);
	moves_to("127.0.0.1", port);
	ck_assert_int_eq(send_text("three"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 5);
	(void)close(peer);
	(void)close(peer6);
}
END_TEST

START_TEST(a_server_whose_new_address_cannot_be_had_gets_nothing_at_the_old)
{
	uint16_t port = 0;
	int peer = tell_peer_udp(&port);
	moves_to("127.0.0.1", port);
	ck_assert_int_eq(send_text("one"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 3);
	moves_to("255.255.255.255", port); /* connect(): -EACCES, in any network */
	ck_assert_int_lt(send_text("astray"), 0);
	moves_to("127.0.0.1", port);
	ck_assert_int_eq(send_text("again"), 0);
	ck_assert_int_eq(tell_peer_receive(peer, got, sizeof(got), 5000, NULL), 5);
	ck_assert_str_eq(got, "again");
	(void)close(peer);
}
END_TEST

static Suite *datagram_suite(void)
{
	Suite *s = suite_create("sink/datagram");
	TCase *tc = tcase_create("datagram");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, sends_and_meets_the_peer_again_after_it_died);
	tcase_add_test(tc, a_name_after_an_at_sign_is_abstract);
	tcase_add_test(tc, paths_have_a_limit);
	tcase_add_test(tc, looking_says_what_is_missing_and_sends_nothing);
	tcase_add_test(tc, a_stream_socket_at_the_path_is_told_apart);
	tcase_add_test(tc, without_an_address_there_is_nobody);
	tcase_add_test(tc, fault_15_a_full_queue_ends_with_the_deadline);
	tcase_add_test(tc, what_is_larger_than_a_datagram_is_told);
	tcase_add_test(tc, a_child_starts_anew);
	tcase_add_test(tc, a_server_that_moves_to_another_family_is_followed);
	tcase_add_test(
		tc, a_server_whose_new_address_cannot_be_had_gets_nothing_at_the_old);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(datagram_suite)
