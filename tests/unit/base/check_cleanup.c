#include "base/cleanup.h"

#include <fcntl.h>

#include "support/check_main.h"

/* Memory that is lost fails under the address sanitizer; a descriptor is visible anywhere. */
static char *make_text(int keep)
{
	TELL_CLEANUP(tell_freep) char *text = strdup("text");
	if (keep)
		return TELL_TAKE(text);
	return NULL;
}

static int open_null(int keep)
{
	TELL_CLEANUP(tell_closep) int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return keep ? tell_fd_take(&fd) : fd;
}

START_TEST(what_is_taken_lives_on)
{
	char *text = make_text(1);
	ck_assert_str_eq(text, "text");
	free(text);
	int fd = open_null(1);
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(what_is_not_taken_is_released_and_errno_stays)
{
	ck_assert_ptr_null(make_text(0));
	errno = EXDEV;
	int fd = open_null(0);
	ck_assert_int_eq(errno, EXDEV);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	int none = -1;
	errno = EXDEV;
	tell_closep(&none);
	ck_assert_int_eq(errno, EXDEV);
}
END_TEST

static Suite *cleanup_suite(void)
{
	Suite *s = suite_create("base/cleanup");
	tell_check_add(s, "cleanup", what_is_taken_lives_on,
		what_is_not_taken_is_released_and_errno_stays, NULL);
	return s;
}

TELL_CHECK_MAIN(cleanup_suite)
