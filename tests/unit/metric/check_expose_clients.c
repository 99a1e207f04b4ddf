#include "metric/expose_clients.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "support/check_main.h"

/* Connections are socket pairs: [0] is ours, [1] the client's. */
#define MOST 200
static struct tell_clients clients;
static int pairs[MOST][2];
static size_t n_pairs;

static void setup(void)
{
	tell_clients_init(&clients);
	n_pairs = 0;
}

static void teardown(void)
{
	for (size_t i = 0; i < n_pairs; i++) {
		(void)close(pairs[i][0]);
		(void)close(pairs[i][1]);
	}
}

static struct sockaddr_in from(const char *address)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	ck_assert_int_eq(inet_pton(AF_INET, address, &a.sin_addr), 1);
	return a;
}

/* One comes at now_ns; NULL: a local one. */
static struct tell_client *come(const char *address, uint64_t now_ns)
{
	struct sockaddr_in a = from(address ? address : "0.0.0.0");
	int *pair = pairs[n_pairs++];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	return tell_clients_add(
		&clients, pair[0], address ? (struct sockaddr *)&a : NULL, now_ns);
}

/* Has the i-th one's connection come to its end? */
static bool ended(size_t i)
{
	char c;
	ssize_t n = recv(pairs[i][1], &c, 1, MSG_DONTWAIT);
	ck_assert(n == 0 || errno == EAGAIN);
	return n == 0;
}

START_TEST(the_oldest_of_an_address_makes_room)
{
	(void)come("192.0.2.1", 1);
	for (size_t i = 0; i < TELL_CLIENTS_EACH; i++)
		ck_assert_ptr_nonnull(come("192.0.2.2", 10 + i));
	ck_assert_uint_eq(clients.crowded, 0);
	ck_assert_ptr_nonnull(come("192.0.2.2", 100));
	ck_assert(ended(1));
	ck_assert_uint_eq(clients.crowded, 1);
	ck_assert_uint_eq(clients.n, TELL_CLIENTS_EACH + 1);
	for (size_t i = 0; i < n_pairs; i++)
		ck_assert_int_eq(ended(i), i == 1);
}
END_TEST

START_TEST(who_has_asked_stays_before_who_has_not)
{
	for (size_t i = 0; i < TELL_CLIENTS_EACH; i++) {
		struct tell_client *c = come("192.0.2.2", 10 + i);
		c->asked = i != 5;
	}
	struct tell_client *last = come("192.0.2.2", 100);
	last->asked = true;
	ck_assert(ended(5) && !ended(0));
	(void)come("192.0.2.2", 101); /* all have asked now but this one */
	ck_assert(ended(0) && !ended(n_pairs - 1));
}
END_TEST

START_TEST(local_ones_count_together_only)
{
	for (size_t i = 0; i < TELL_CLIENTS; i++)
		ck_assert_ptr_nonnull(come(NULL, 10 + i));
	ck_assert_uint_eq(clients.crowded, 0);
	ck_assert_ptr_nonnull(come("192.0.2.1", 100));
	ck_assert(ended(0));
	ck_assert_uint_eq(clients.n, TELL_CLIENTS);
}
END_TEST

START_TEST(places_come_to_an_end_and_back)
{
	struct tell_client *first = come(NULL, 1);
	while (n_pairs < TELL_CLIENTS_ROOM)
		ck_assert_ptr_nonnull(come(NULL, n_pairs));
	ck_assert_ptr_null(come(NULL, 1000));
	tell_clients_gone(&clients, first);
	tell_clients_gone(&clients, NULL);
	ck_assert_ptr_eq(come(NULL, 1000), first);
	ck_assert(!first->shut && !first->asked && first->held == 0);
}
END_TEST

START_TEST(nobody_stays_for_ever)
{
	struct tell_client *a = come(NULL, 10), *b = come(NULL, 20);
	a->asked = true; /* and reads slowly */
	ck_assert_uint_eq(tell_clients_oldest(&clients), 10);
	ck_assert_uint_eq(tell_clients_expire(&clients, 9), 0);
	ck_assert_uint_eq(tell_clients_expire(&clients, 10), 1);
	ck_assert(ended(0) && !ended(1));
	ck_assert_uint_eq(tell_clients_expire(&clients, 10), 0); /* once */
	ck_assert_uint_eq(tell_clients_oldest(&clients), 20);
	tell_clients_gone(&clients, a);
	tell_clients_gone(&clients, b);
	ck_assert_uint_eq(clients.n, 0);
	ck_assert_uint_eq(tell_clients_oldest(&clients), UINT64_MAX);
}
END_TEST

START_TEST(a_child_closes_its_copies_and_nothing_else)
{
	struct tell_client *gone = come(NULL, 1);
	(void)come(NULL, 2);
	tell_clients_gone(&clients, gone); /* its number may be another's now */
	tell_clients_child(&clients);
	ck_assert_int_ge(fcntl(pairs[0][0], F_GETFD), 0);
	ck_assert_int_eq(fcntl(pairs[1][0], F_GETFD), -1);
	pairs[1][0] = -1;
}
END_TEST

static Suite *clients_suite(void)
{
	Suite *s = suite_create("metric/expose_clients");
	TCase *c = tcase_create("clients");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, the_oldest_of_an_address_makes_room);
	tcase_add_test(c, who_has_asked_stays_before_who_has_not);
	tcase_add_test(c, local_ones_count_together_only);
	tcase_add_test(c, places_come_to_an_end_and_back);
	tcase_add_test(c, nobody_stays_for_ever);
	tcase_add_test(c, a_child_closes_its_copies_and_nothing_else);
	suite_add_tcase(s, c);
	return s;
}

TELL_CHECK_MAIN(clients_suite)
