#include "sink/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/check_main.h"

/* A write that waited here would run into the test's timeout: nobody ever reads. */
static void fill(struct tell_outlet *o, size_t len)
{
	static char text[2 * PIPE_BUF];
	ssize_t n;

	memset(text, 'x', sizeof(text));
	text[len - 1] = '\n';
	do
		n = tell_outlet_write(o, text, len);
	while (n > 0);
	ck_assert_int_eq(n, -EAGAIN);
}

START_TEST(a_full_pipe_is_not_waited_for)
{
	int ends[2];
	struct tell_outlet o = { 0 };

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(tell_outlet_look(&o, ends[1]));
	ck_assert_int_eq(o.kind, TELL_OUTLET_PIPE);
	fill(&o, 1000);
	ck_assert(!(fcntl(ends[1], F_GETFL) & O_NONBLOCK)); /* the host's flags are his */
}
END_TEST

START_TEST(nor_is_one_of_an_older_kernel)
{
	int ends[2];
	struct tell_outlet o = { 0 };

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(tell_outlet_look(&o, ends[1]));
	o.cannot_nowait = true;
	fill(&o, 1000);
	/* Nothing of ours keeps it open. */
	ck_assert_int_eq(close(ends[1]), 0);
	char rest[1 << 17];
	while (read(ends[0], rest, sizeof(rest)) > 0)
		;
}
END_TEST

/* poll(2) calls a terminal ready that has less room than the line needs. */
START_TEST(a_terminal_that_is_not_read_is_not_waited_for)
{
	struct tell_outlet o = { 0 };
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return; /* no /dev/pts here */
	int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	ck_assert(tell_outlet_look(&o, terminal));
	ck_assert_int_eq(o.kind, TELL_OUTLET_TERMINAL);
	for (size_t len = 100; len <= 6400; len *= 8)
		fill(&o, len);
	ck_assert(!(fcntl(terminal, F_GETFL) & O_NONBLOCK));
}
END_TEST

START_TEST(what_cannot_be_written_is_said)
{
	int ends[2], pair[2];
	struct tell_outlet o = { 0 };

	ck_assert_int_eq(tell_outlet_write(&o, "x", 1), -EBADF);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(!tell_outlet_look(&o, ends[0])); /* to be read only */
	ck_assert_int_eq(tell_outlet_write(&o, "x", 1), -EBADF);

	ck_assert(tell_outlet_look(&o, ends[1]));
	ck_assert(!tell_outlet_look(&o, ends[1]));
	ck_assert_int_eq(close(ends[0]), 0);
	ck_assert_int_eq(tell_outlet_write(&o, "x", 1), -EPIPE); /* and no SIGPIPE */

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert(tell_outlet_look(&o, pair[1]));
	fill(&o, 1000);
	ck_assert_int_eq(close(pair[0]), 0);
	ck_assert_int_eq(tell_outlet_write(&o, "x", 1), -EPIPE);
}
END_TEST

static Suite *outlet_suite(void)
{
	Suite *s = suite_create("sink/outlet");
	tell_check_add(s, "outlet", a_full_pipe_is_not_waited_for,
		nor_is_one_of_an_older_kernel,
		a_terminal_that_is_not_read_is_not_waited_for,
		what_cannot_be_written_is_said, NULL);
	return s;
}
TELL_CHECK_MAIN(outlet_suite)
