#include "sink/resolve.h"

#include <errno.h>
#include <netinet/in.h>

#include "support/check_main.h"

START_TEST(addresses_are_taken_as_they_are)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	const char *why;
	ck_assert_int_eq(tell_resolve(peers, "127.0.0.1", 514, SOCK_STREAM, &why), 1);
	const struct sockaddr_in *in = (const struct sockaddr_in *)&peers[0].addr;
	ck_assert_int_eq(in->sin_family, AF_INET);
	ck_assert_uint_eq(ntohs(in->sin_port), 514);
	ck_assert_uint_eq(ntohl(in->sin_addr.s_addr), INADDR_LOOPBACK);
	ck_assert_int_eq(tell_resolve(peers, "::1", 65535, SOCK_DGRAM, &why), 1);
	ck_assert_int_eq(peers[0].addr.ss_family, AF_INET6);
	ck_assert_uint_eq(peers[0].len, sizeof(struct sockaddr_in6));
}
END_TEST

START_TEST(an_unknown_name_says_why)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	const char *why = NULL;
	ck_assert_int_eq(
		tell_resolve(peers, "no-such-host.invalid", 514, SOCK_STREAM, &why),
		-EHOSTUNREACH);
	ck_assert_ptr_nonnull(why);
}
END_TEST

static Suite *resolve_suite(void)
{
	Suite *s = suite_create("sink/resolve");
	tell_check_add(s, "resolve", addresses_are_taken_as_they_are,
		an_unknown_name_says_why, NULL);
	return s;
}

TELL_CHECK_MAIN(resolve_suite)
