#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "support/rig.h"
#include "support/scratch.h"
#include "support/unit.h"

#define TRIES 2000

static struct tell_rig rig;
static char path[100];
static char got[1 << 20];

static void begin(void)
{
	tell_scratch_make();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("log"));
}

static void end(void)
{
	tell_scratch_remove();
}

START_TEST(the_local_server_gets_the_bsd_form)
{
	int server = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required syslog path=%s", path);
	ck_assert_int_eq(tell_rig_log(&rig, TELL_ERROR, "paid", tell_kv("cents", 42)),
		TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(server, got, sizeof(got), 5000, NULL), 0);
	ck_assert_int_eq(strncmp(got, "<11>Nov 21 ", 11), 0);
	ck_assert_ptr_nonnull(strstr(got, " rig[42]: paid cents=42"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_local_server_with_a_stream_socket_is_understood)
{
	int listener = tell_peer_stream(path);
	tell_rig_open(&rig, "sink required syslog path=%s", path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "two"), TELL_SUCCESS);
	int fd = tell_peer_accept(listener);
	size_t n = 0;
	for (int ends = 0; ends < 2; n++) {
		ck_assert_uint_eq(tell_peer_read(fd, got + n, 1), 1);
		ends += got[n] == '\0'; /* as syslog(3) ends them */
	}
	ck_assert_ptr_nonnull(strstr(got, "]: one"));
	ck_assert_ptr_nonnull(strstr(got + strlen(got) + 1, "]: two"));
	/* The other kind of daemon takes over. */
	(void)close(fd);
	(void)close(listener);
	int server = tell_peer_datagram(path);
	enum tell_verdict v = TELL_FAILED;
	for (int i = 0; i < TRIES && v != TELL_SUCCESS; i++) {
		v = tell_rig_say(&rig, TELL_INFO, "three");
		(void)usleep(5000);
	}
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(server, got, sizeof(got), 5000, NULL), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(udp_is_one_datagram_of_rfc_5424_of_2048_bytes_at_most)
{
	static char big[5000];
	uint16_t port = 0;
	int server = tell_peer_udp(&port);
	memset(big, 'x', sizeof(big) - 1);
	tell_rig_open(
		&rig, "sink required syslog proto=udp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "paid", tell_kv("cents", 42)),
		TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(server, got, sizeof(got), 5000, NULL), 0);
	ck_assert_int_eq(
		strncmp(got, "<14>1 2026-11-21T02:06:07.123456Z box rig 42 - [", 48), 0);
	ck_assert_ptr_nonnull(strstr(got, "cents=\"42\""));
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, big), TELL_SUCCESS);
	long n = tell_peer_receive(server, got, sizeof(got), 5000, NULL);
	ck_assert_int_gt(n, 1000);
	ck_assert_int_le(n, 2048);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_16_a_udp_server_that_refuses_is_left_alone_and_tried_again)
{
	uint16_t port = 0;
	int server = tell_peer_udp(&port);
	tell_rig_open(
		&rig, "sink required syslog proto=udp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	(void)close(server);
	enum tell_verdict v = TELL_SUCCESS;
	for (int i = 0; i < TRIES && v == TELL_SUCCESS; i++)
		v = tell_rig_say(&rig, TELL_INFO, "nobody");
	ck_assert_int_eq(v, TELL_UNAVAILABLE);
	server = tell_peer_udp(&port);
	for (int i = 0; i < TRIES && v != TELL_SUCCESS; i++) {
		v = tell_rig_say(&rig, TELL_INFO, "again");
		(void)usleep(5000);
	}
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_int_gt(tell_peer_receive(server, got, sizeof(got), 5000, NULL), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(tcp_counts_octets_and_keeps_newlines)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	tell_rig_open(
		&rig, "sink required syslog proto=tcp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one\ntwo"), TELL_SUCCESS);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "three"), TELL_SUCCESS);
	int fd = tell_peer_accept(listener);
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	ck_assert_int_eq(strncmp(got, "<14>1 ", 6), 0);
	ck_assert_ptr_nonnull(strstr(got, " one\ntwo"));
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	ck_assert_ptr_nonnull(strstr(got, " three"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(tcp_can_end_frames_with_a_line_feed)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	tell_rig_open(&rig,
		"sink required syslog proto=tcp host=127.0.0.1 port=%u framing=lf", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one\ntwo"), TELL_SUCCESS);
	int fd = tell_peer_accept(listener);
	tell_rig_close(&rig);
	size_t n = tell_peer_read(fd, got, sizeof(got) - 1);
	got[n] = '\0';
	ck_assert_ptr_eq(strchr(got, '\n'), got + n - 1);
	ck_assert_int_eq(got[0], '<');
}
END_TEST

START_TEST(fault_16_the_first_record_after_the_server_closed_goes_to_the_new_connection)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	tell_rig_open(
		&rig, "sink required syslog proto=tcp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	int fd = tell_peer_accept(listener);
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	(void)usleep(
		1100000); /* a connection that lasted: then the next one is made at once */
	(void)close(fd);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "two"), TELL_SUCCESS);
	fd = tell_peer_accept(listener);
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	ck_assert_ptr_nonnull(strstr(got, " two"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_16_a_dead_server_is_unavailable_until_it_is_back)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	tell_rig_open(
		&rig, "sink required syslog proto=tcp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	int fd = tell_peer_accept(listener);
	(void)close(fd);
	(void)close(listener);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(tell_rig_noted(&rig, "syslog-down"));
	size_t lost = 1;
	for (int i = 0; i < 100; i++) {
		lost++;
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	}
	listener = tell_peer_tcp(&port);
	enum tell_verdict v = TELL_UNAVAILABLE;
	for (int i = 0; i < TRIES && v != TELL_SUCCESS; i++) {
		v = tell_rig_say(&rig, TELL_INFO, "back");
		lost += v != TELL_SUCCESS;
		(void)usleep(5000);
	}
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert(tell_rig_noted(&rig, "syslog-back"));
	char count[64];
	(void)snprintf(count, sizeof(count), "again; %zu did not", lost);
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, count));
	fd = tell_peer_accept(listener);
	ck_assert(tell_peer_frame(fd, got, sizeof(got)));
	ck_assert_ptr_nonnull(strstr(got, " back"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(what_does_not_fit_together_is_refused_with_the_fix)
{
	static const struct {
		const char *arguments, *says;
	} rows[] = {
		{ "proto=tcp", "add host=NAME" },
		{ "host=localhost", "add proto=tcp" },
		{ "proto=udp host=localhost path=/dev/log", "use proto=unix" },
		{ "proto=udp host=localhost framing=lf", "use proto=tcp" },
		{ "proto=tls", "add host=NAME" },
		{ "proto=tcp host=localhost cert=/a", "write proto=tls" },
		{ "proto=tls host=localhost framing=lf", "TLS always counts octets" },
		{ "proto=tcp host=localhost limit=2MiB", "1MiB" },
		{ "proto=udp host=localhost limit=64KiB", "65507 or less" },
		{ "proto=tcp host=", "add host=NAME" },
		{ "proto=tcp host=localhost port=0", "port" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *said = tell_rig_refusal(
			"sink required syslog %s", rows[i].arguments);
		ck_assert_msg(strstr(said, rows[i].says) != NULL, "%s: %s",
			rows[i].arguments, said);
	}
}
END_TEST

START_TEST(a_check_asks_nobody_but_the_resolver)
{
	const char *said = tell_rig_check("sink required syslog proto=tcp");
	ck_assert_ptr_nonnull(strstr(said, "error: a server on the network needs host="));
	said = tell_rig_check("sink required syslog proto=udp host=no-such-host.invalid");
	ck_assert_ptr_nonnull(strstr(
		said, "warning: on this host, no-such-host.invalid has no address"));
	said = tell_rig_check("sink required syslog path=%s", path);
	ck_assert_ptr_nonnull(strstr(said, "warning: on this host, there is no "));

	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	ck_assert_str_eq(
		tell_rig_check(
			"sink required syslog proto=tcp host=127.0.0.1 port=%u", port),
		"");
	ck_assert_int_eq(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_lt(accept(listener, NULL, NULL), 0);
	(void)close(listener);
}
END_TEST

START_TEST(an_unknown_name_is_unavailable_not_a_refusal)
{
	tell_rig_open(&rig, "sink required syslog proto=tcp host=no-such-host.invalid");
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(tell_rig_noted(&rig, "syslog-down"));
	tell_rig_close(&rig);
}
END_TEST

static const struct tell_link *sink_link(void)
{
	return &rig.stack->chains[TELL_CHAIN_SINK].links[0];
}

static uint64_t n_cut(void)
{
	const char *word = "";
	uint64_t n = 0;
	ck_assert(sink_link()->module->counted(sink_link()->state, 0, &word, &n));
	ck_assert_str_eq(word, TELL_SINK_CUT);
	return n;
}

START_TEST(what_is_cut_to_the_limit_is_counted)
{
	static char big[5000];
	uint16_t port = 0;
	int server = tell_peer_udp(&port);
	memset(big, 'x', sizeof(big) - 1);
	tell_rig_open(
		&rig, "sink required syslog proto=udp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "fits"), TELL_SUCCESS);
	ck_assert_uint_eq(n_cut(), 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, big), TELL_SUCCESS);
	ck_assert_uint_eq(n_cut(), 1);
	tell_rig_close(&rig);
	(void)close(server);
	server = tell_peer_datagram(path);
	tell_rig_open(&rig, "sink required syslog path=%s limit=1KiB", path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, big), TELL_SUCCESS);
	ck_assert_uint_eq(n_cut(), 1);
	tell_rig_close(&rig);
	(void)close(server);
}
END_TEST

START_TEST(in_a_pause_the_first_cause_is_told)
{
	uint16_t port = 0;
	(void)close(
		tell_peer_tcp(&port)); /* nobody listens: refused while it is opened */
	tell_rig_open(
		&rig, "sink required syslog proto=tcp host=127.0.0.1 port=%u", port);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(tell_rig_noted(&rig, "syslog-down"));
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, "Connection refused"));
	tell_rig_close(&rig);
}
END_TEST

static Suite *syslog_suite(void)
{
	Suite *s = suite_create("sink/syslog");
	TCase *tc = tcase_create("syslog");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_local_server_gets_the_bsd_form);
	tcase_add_test(tc, a_local_server_with_a_stream_socket_is_understood);
	tcase_add_test(tc, udp_is_one_datagram_of_rfc_5424_of_2048_bytes_at_most);
	tcase_add_test(
		tc, fault_16_a_udp_server_that_refuses_is_left_alone_and_tried_again);
	tcase_add_test(tc, tcp_counts_octets_and_keeps_newlines);
	tcase_add_test(tc, tcp_can_end_frames_with_a_line_feed);
	tcase_add_test(tc,
		fault_16_the_first_record_after_the_server_closed_goes_to_the_new_connection);
	tcase_add_test(tc, fault_16_a_dead_server_is_unavailable_until_it_is_back);
	tcase_add_test(tc, what_does_not_fit_together_is_refused_with_the_fix);
	tcase_add_test(tc, a_check_asks_nobody_but_the_resolver);
	tcase_add_test(tc, what_is_cut_to_the_limit_is_counted);
	tcase_add_test(tc, in_a_pause_the_first_cause_is_told);
	tcase_add_test(tc, an_unknown_name_is_unavailable_not_a_refusal);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(syslog_suite)
