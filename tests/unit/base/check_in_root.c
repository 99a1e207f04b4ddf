#include "base/in_root.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"

static int root;

static void setup(void)
{
	tell_scratch_make();
	root = open(tell_scratch_path("."), O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(root, 0);
	ck_assert_int_eq(mkdirat(root, "etc", 0755), 0);
	tell_scratch_write(tell_scratch_path("etc/file"), "in");
	ck_assert_int_eq(symlinkat("/etc/file", root, "absolute"), 0);
	ck_assert_int_eq(symlinkat("../../../etc/file", root, "up"), 0);
}

static void teardown(void)
{
	(void)close(root);
	tell_scratch_remove();
}

/* Linux before 5.6, and sandboxes that do not know the call, cannot. */
static bool kernel_can(void)
{
#ifdef SYS_openat2
	return syscall(SYS_openat2, -1, "", NULL, 0) < 0 && errno != ENOSYS &&
		errno != EPERM;
#else
	return false;
#endif
}

/* What the file says; "" when it is not there. */
static const char *content(const char *path)
{
	static char text[8];
	int fd = tell_open_in_root(root, path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

START_TEST(paths_begin_at_the_root)
{
	ck_assert_str_eq(content("/etc/file"), "in");
	ck_assert_str_eq(content("etc/file"), "in");
	ck_assert_int_eq(tell_open_in_root(root, "/nothing", O_RDONLY), -ENOENT);
	int fd = tell_open_in_root(root, "/", O_PATH | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	(void)close(fd);
}
END_TEST

START_TEST(links_stay_inside)
{
	if (!kernel_can())
		return;
	ck_assert_str_eq(content("/absolute"), "in");
	ck_assert_str_eq(content("/up"), "in");
	ck_assert_str_eq(content("/../etc/file"), "in");
}
END_TEST

static Suite *in_root_suite(void)
{
	Suite *s = suite_create("base/in_root");
	TCase *tc = tcase_create("open");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, paths_begin_at_the_root);
	tcase_add_test(tc, links_stay_inside);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(in_root_suite)
