#include "sink/name.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "support/check_main.h"

static struct tell_peer peers[TELL_PEERS_MAX];

START_TEST(an_answer_is_good_for_a_minute)
{
	struct tell_name n = { .host = "127.0.0.1", .port = 1, .type = SOCK_STREAM };
	ck_assert(tell_name_due(&n, 0));
	uint64_t before_ns = tell_clock_monotonic_ns();
	ck_assert_int_eq(tell_name_look(&n, peers), 1);
	ck_assert_ptr_null(n.why);
	ck_assert(!tell_name_due(&n, before_ns + 59 * TELL_NS_PER_SEC));
	ck_assert(tell_name_due(&n, n.next_ns));
}
END_TEST

START_TEST(an_unknown_name_is_asked_for_sooner)
{
	struct tell_name n = { .host = "", .port = 1, .type = SOCK_STREAM };
	n.host = "no-such-host.invalid";
	uint64_t before_ns = tell_clock_monotonic_ns();
	ck_assert_int_lt(tell_name_look(&n, peers), 0);
	uint64_t took_ns = tell_clock_monotonic_ns() - before_ns;
	ck_assert_ptr_nonnull(n.why);
	ck_assert(!tell_name_due(&n, before_ns + 4 * TELL_NS_PER_SEC));
	ck_assert(n.next_ns <= before_ns + 5 * TELL_NS_PER_SEC + 11 * took_ns);
}
END_TEST

static Suite *name_suite(void)
{
	Suite *s = suite_create("sink/name");
	tell_check_add(s, "name", an_answer_is_good_for_a_minute,
		an_unknown_name_is_asked_for_sooner, NULL);
	return s;
}

TELL_CHECK_MAIN(name_suite)
