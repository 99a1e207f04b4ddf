#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/held.h"
#include "record/place.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "support/rig.h"
#include "support/scratch.h"

#define MIB ((size_t)1 << 20)

static struct tell_rig rig;
static char path[100];
static char got[2 * MIB];

static void begin(void)
{
	tell_scratch_make();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("socket"));
}

static void end(void)
{
	tell_scratch_remove();
}

START_TEST(a_record_is_one_datagram_of_fields)
{
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	ck_assert_int_eq(tell_rig_log(&rig, TELL_WARNING, "paid", tell_kv("cents", 42)),
		TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	ck_assert_ptr_nonnull(strstr(got, "MESSAGE=paid cents=42\n"));
	ck_assert_ptr_nonnull(strstr(got, "PRIORITY=4\n"));
	ck_assert_ptr_nonnull(strstr(got, "CENTS=42\n"));
	ck_assert_ptr_nonnull(strstr(got, "SYSLOG_IDENTIFIER=rig\n"));
	ck_assert_int_eq(tell_peer_receive(journald, got, sizeof(got), 0, NULL), -1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(the_stack_says_how_the_message_looks_and_the_facility)
{
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig,
		"sink required journald socket=%s message=bare facility=local3", path);
	tell_rig_log(&rig, TELL_INFO, "paid", tell_kv("cents", 42));
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	ck_assert_ptr_nonnull(strstr(got, "MESSAGE=paid\n"));
	ck_assert_ptr_nonnull(strstr(got, "SYSLOG_FACILITY=19\n"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(over_its_budget_records_are_limited_and_the_next_sink_has_them)
{
	struct tell_stack_stats s;
	unsigned n = 0;
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig,
		"sink sufficient journald socket=%s rate=5/h\nsink required permit",
		path);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(tell_rig_say(&rig, TELL_ERROR, "storm"), TELL_SUCCESS);
		n += tell_rig_noted(&rig, "journald-limited");
	}
	ck_assert_uint_eq(n, 1);
	for (n = 0; tell_peer_receive(journald, got, sizeof(got), 0, NULL) > 0;)
		n++;
	ck_assert_uint_eq(n, 5);
	tell_rig_close(&rig);

	tell_rig_open(&rig, "sink required journald socket=%s rate=5/h burst=2", path);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(tell_rig_say(&rig, TELL_ERROR, "storm"),
			i < 2 ? TELL_SUCCESS : TELL_LIMITED);
	tell_stack_stats(rig.stack, &s);
	ck_assert_uint_eq(s.records, 20);
	ck_assert_uint_eq(s.delivered, 2);
	ck_assert_uint_eq(s.undelivered, 18);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(what_we_say_of_ourselves_passes_the_budget)
{
	static struct tell_site own = { .logger = "telltale", .level = TELL_NOTICE };
	(void)tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required journald socket=%s rate=1/h", path);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(
			tell_record_begin(&rig.record, TELL_NOTICE, TELL_KIND_LOG), 0);
		rig.record.head->place = tell_place_add(&own);
		ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	}
	tell_rig_close(&rig);
}
END_TEST

/* Make all our connected sockets as small as they are where wmem_max is not raised. */
static void shrink_sockets(void)
{
	int small = 64 << 10;
	for (int fd = 3; fd < TELL_HELD_MAX; fd++) {
		struct sockaddr_storage peer;
		socklen_t len = sizeof(peer);
		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
			(void)setsockopt(
				fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	}
}

START_TEST(fault_25_a_large_record_comes_whole_as_a_sealed_memfd)
{
	bool memfd;
	char *big = malloc(MIB + 1);
	memset(big, 'x', MIB);
	big[MIB] = '\0';
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig,
		"service required settings limit=4MiB\n"
		"sink required journald socket=%s message=bare",
		path);
	shrink_sockets();
	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "big", tell_str("body", big)),
		TELL_SUCCESS);
	long n = tell_peer_receive(journald, got, sizeof(got), 5000, &memfd);
	ck_assert(memfd);
	ck_assert_int_gt(n, (long)MIB);
	ck_assert_ptr_nonnull(strstr(got, big));
	free(big);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_22_a_large_record_needs_a_descriptor_and_small_ones_none)
{
	static char big[300001];
	struct rlimit old;
	memset(big, 'x', sizeof(big) - 1);
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig,
		"service required settings limit=1MiB\n"
		"sink required journald socket=%s message=bare",
		path);
	shrink_sockets();
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	const struct rlimit none = { 3, old.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	enum tell_verdict large = tell_rig_log(
		&rig, TELL_INFO, "big", tell_str("body", big));
	bool noted = tell_rig_noted(&rig, "journald-down");
	enum tell_verdict small = tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert_int_eq(large, TELL_UNAVAILABLE);
	ck_assert(noted);
	ck_assert_int_eq(small, TELL_SUCCESS);
	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "big", tell_str("body", big)),
		TELL_SUCCESS);
	for (int i = 0; i < 3; i++)
		ck_assert_int_gt(
			tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	ck_assert_ptr_nonnull(strstr(got, "MESSAGE=big\n"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_15_a_missing_journald_is_unavailable_and_comes_back_by_itself)
{
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(tell_rig_noted(&rig, "journald-down"));
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(!tell_rig_noted(&rig, "journald-down"));
	int journald = tell_peer_datagram(path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "here"), TELL_SUCCESS);
	ck_assert(tell_rig_noted(&rig, "journald-back"));
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, "2 did not get through"));
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_15_the_first_record_after_a_restart_arrives)
{
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	for (int i = 0; i < 50; i++) {
		int journald = tell_peer_datagram(path);
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "again"), TELL_SUCCESS);
		ck_assert_int_gt(
			tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
		(void)close(journald);
		if (i % 2)
			(void)unlink(path);
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	}
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_15_a_frozen_journald_ends_in_timeouts_and_nothing_is_lost_unseen)
{
	size_t taken = 0, late = 0, received = 0;
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	while (late < 20) {
		enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, "is anybody there");
		ck_assert(v == TELL_SUCCESS || v == TELL_TIMEOUT);
		taken += v == TELL_SUCCESS;
		late += v == TELL_TIMEOUT;
		ck_assert_uint_lt(taken, 100000);
	}
	while (tell_peer_receive(journald, got, sizeof(got), 0, NULL) > 0)
		received++;
	ck_assert_uint_eq(received, taken);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "good morning"), TELL_SUCCESS);
	ck_assert(tell_rig_noted(&rig, "journald-back"));
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_7_a_child_has_a_socket_of_its_own)
{
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	pid_t pid = fork();
	if (pid == 0) {
		tell_stack_child(rig.stack, &rig.who);
		enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, "child");
		tell_rig_close(&rig);
		_exit(v != TELL_SUCCESS);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "parent"), TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	ck_assert_ptr_nonnull(strstr(got, "MESSAGE=child"));
	ck_assert_int_gt(tell_peer_receive(journald, got, sizeof(got), 5000, NULL), 0);
	ck_assert_ptr_nonnull(strstr(got, "MESSAGE=parent"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_8_our_socket_is_never_a_standard_descriptor_and_closes_on_exec)
{
	int saved = dup(STDERR_FILENO);
	int journald = tell_peer_datagram(path);
	(void)close(STDERR_FILENO);
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	tell_rig_say(&rig, TELL_INFO, "hi");
	bool taken = fcntl(STDERR_FILENO, F_GETFD) >= 0;
	(void)dup2(saved, STDERR_FILENO);
	ck_assert(!taken);
	for (int fd = 3; fd < TELL_HELD_MAX; fd++) {
		int flags = fcntl(fd, F_GETFD);
		struct sockaddr_storage peer;
		socklen_t len = sizeof(peer);
		if (flags >= 0 && getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
			ck_assert(flags & FD_CLOEXEC);
	}
	(void)close(journald);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(wrong_arguments_are_refused_with_the_fix)
{
	char way_too_long[200];
	memset(way_too_long, 'a', sizeof(way_too_long) - 1);
	way_too_long[sizeof(way_too_long) - 1] = '\0';
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required journald socket=/%s", way_too_long),
		"107"));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required journald namespace=a/b"),
			"LogNamespace="));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required journald socket=/x namespace=y"),
			"keep one"));
	ck_assert_str_eq(tell_rig_refusal("sink required journald namespace=shop"), "");
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required journald socket=/x rate=9000"),
			"10000/30s"));
	ck_assert_ptr_nonnull(strstr(
		tell_rig_check("sink required journald socket=/x burst=3"), "add rate="));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required journald socket="), "empty"));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_check("sink required journald socket=/x namespace=y"),
			"error: "));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_check("sink required journald namespace=no-such-shop"),
			"warning: on this host, there is no "
			"/run/systemd/journal.no-such-shop/socket"));
}
END_TEST

static void *many(void *arg)
{
	struct tell_rig own;
	size_t *taken = malloc(sizeof(*taken));
	*taken = 0;
	tell_rig_share(&own, arg);
	for (int i = 0; i < 300; i++)
		*taken += tell_rig_say(&own, TELL_INFO, "from a thread") == TELL_SUCCESS;
	tell_rig_close(&own);
	return taken;
}

START_TEST(fault_15_threads_lose_nothing_unseen)
{
	pthread_t threads[4];
	size_t taken = 0, received = 0;
	int journald = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required journald socket=%s", path);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, many, &rig), 0);
	for (int i = 0; i < 300; i++)
		received += tell_peer_receive(journald, got, sizeof(got), 1000, NULL) > 0;
	for (int i = 0; i < 4; i++) {
		void *n;
		while (pthread_tryjoin_np(threads[i], &n) != 0)
			received += tell_peer_receive(
					    journald, got, sizeof(got), 10, NULL) > 0;
		taken += *(size_t *)n;
		free(n);
	}
	while (tell_peer_receive(journald, got, sizeof(got), 0, NULL) > 0)
		received++;
	ck_assert_uint_eq(received, taken);
	tell_rig_close(&rig);
}
END_TEST

static Suite *journald_suite(void)
{
	Suite *s = suite_create("sink/journald");
	TCase *tc = tcase_create("journald");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_record_is_one_datagram_of_fields);
	tcase_add_test(tc, the_stack_says_how_the_message_looks_and_the_facility);
	tcase_add_test(
		tc, over_its_budget_records_are_limited_and_the_next_sink_has_them);
	tcase_add_test(tc, what_we_say_of_ourselves_passes_the_budget);
	tcase_add_test(tc, fault_25_a_large_record_comes_whole_as_a_sealed_memfd);
	tcase_add_test(
		tc, fault_22_a_large_record_needs_a_descriptor_and_small_ones_none);
	tcase_add_test(
		tc, fault_15_a_missing_journald_is_unavailable_and_comes_back_by_itself);
	tcase_add_test(tc, fault_15_the_first_record_after_a_restart_arrives);
	tcase_add_test(tc,
		fault_15_a_frozen_journald_ends_in_timeouts_and_nothing_is_lost_unseen);
	tcase_add_test(tc, fault_7_a_child_has_a_socket_of_its_own);
	tcase_add_test(
		tc, fault_8_our_socket_is_never_a_standard_descriptor_and_closes_on_exec);
	tcase_add_test(tc, wrong_arguments_are_refused_with_the_fix);
	tcase_add_test(tc, fault_15_threads_lose_nothing_unseen);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(journald_suite)
