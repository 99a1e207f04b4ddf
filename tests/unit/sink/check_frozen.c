/* Over TCP to a syslog server that takes no more: what is owed, given up, sent again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/peer.h"
#include "support/rig.h"
#include "support/unit.h"

#define TRIES 2000

static struct tell_rig rig;
static char got[1 << 20];
static char text[6000];

/* A server that reads nothing gets records until it takes no more, and a frame is cut off;
 * how many were taken. */
static size_t open_frozen(int *ret_listener)
{
	uint16_t port = 0;
	size_t taken = 0, owed = 0, late = 0;
	*ret_listener = tell_peer_tcp(&port);
	memset(text, 'x', sizeof(text) - 1);
	tell_rig_open(
		&rig, "sink required syslog proto=tcp host=127.0.0.1 port=%u", port);
	while (late < 3) {
		enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, text);
		tell_unit_expect(
			v == TELL_SUCCESS || v == TELL_SPOOLED || v == TELL_TIMEOUT,
			"verdict %d", v);
		taken += v != TELL_TIMEOUT;
		owed += v == TELL_SPOOLED;
		late += v == TELL_TIMEOUT;
	}
	ck_assert_uint_gt(owed, 0);
	return taken;
}

START_TEST(fault_17_a_frozen_server_gets_every_frame_whole_when_it_goes_on)
{
	size_t received = 0;
	int listener;
	size_t taken = open_frozen(&listener);
	int fd = tell_peer_accept(listener);
	pid_t pid = fork();
	if (pid == 0) { /* the server wakes up */
		while (tell_peer_frame(fd, got, sizeof(got)) && !strstr(got, " last"))
			received++;
		_exit(received != taken);
	}
	(void)close(fd);
	ck_assert_int_eq(tell_rig_flush(&rig, 10000), 0);
	enum tell_verdict v = TELL_TIMEOUT;
	for (int i = 0; i < TRIES && v != TELL_SUCCESS; i++)
		v = tell_rig_say(&rig, TELL_INFO, "last");
	ck_assert_int_eq(v, TELL_SUCCESS);
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_17_what_a_frozen_server_did_not_take_is_counted_when_given_up)
{
	size_t whole = 0;
	int listener;
	size_t taken = open_frozen(&listener);
	ck_assert_int_eq(tell_rig_flush(&rig, 10), -ETIMEDOUT);
	ck_assert_uint_eq(tell_stack_give_up(rig.stack, &rig.run), 1);
	ck_assert(tell_rig_noted(&rig, "dropped"));
	ck_assert_int_eq(tell_rig_flush(&rig, 10), 0);
	/* What the kernel had arrives; the frame that was cut off ends the connection. */
	int fd = tell_peer_accept(listener);
	while (tell_peer_frame(fd, got, sizeof(got)))
		whole++;
	ck_assert_uint_eq(whole, taken - 1);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "anew"), TELL_SUCCESS);
	fd = tell_peer_accept(listener);
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	ck_assert_ptr_nonnull(strstr(got, " anew"));
	tell_rig_close(&rig);
}
END_TEST

/* The number in seq="0000002a.0.N". */
static size_t number_of(const char *frame)
{
	const char *seq = strstr(frame, "seq=\"0000002a.0.");
	tell_unit_expect(seq, "no number in %.100s", frame);
	return strtoul(seq + strlen("seq=\"0000002a.0."), NULL, 10);
}

START_TEST(fault_16_what_was_not_acknowledged_goes_whole_on_the_next_connection)
{
	size_t again = 0;
	int listener;
	size_t taken = open_frozen(&listener);
	(void)close(tell_peer_accept(listener)); /* with unread bytes: a reset */
	enum tell_verdict v = TELL_TIMEOUT;
	for (int i = 0; i < TRIES && v != TELL_SUCCESS; i++) {
		v = tell_rig_say(&rig, TELL_INFO, "last");
		(void)usleep(5000);
	}
	/* From some number on every one up to the one that was cut off, then the last. */
	int fd = tell_peer_accept(listener);
	size_t before = 0;
	for (;;) {
		ck_assert(tell_peer_frame(fd, got, sizeof(got)));
		if (strstr(got, " last"))
			break;
		ck_assert_ptr_nonnull(strstr(got, text));
		ck_assert(before == 0 || number_of(got) == before + 1);
		before = number_of(got);
		again++;
	}
	ck_assert_uint_gt(again, 1);
	ck_assert_uint_eq(before, taken);
	tell_rig_close(&rig);
}
END_TEST

static Suite *frozen_suite(void)
{
	Suite *s = suite_create("sink/frozen");
	TCase *tc = tcase_create("frozen");
	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, fault_17_a_frozen_server_gets_every_frame_whole_when_it_goes_on);
	tcase_add_test(
		tc, fault_17_what_a_frozen_server_did_not_take_is_counted_when_given_up);
	tcase_add_test(
		tc, fault_16_what_was_not_acknowledged_goes_whole_on_the_next_connection);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(frozen_suite)
