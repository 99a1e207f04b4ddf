#include "api/control_place.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/ask.h"
#include "support/check_main.h"
#include "support/scratch.h"

static const char *path;
static int dir;

static void set_up(void)
{
	ask_set_up();
	path = tell_scratch_path("run");
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(dir, 0);
}

START_TEST(a_name_holds_service_and_pid)
{
	char name[TELL_CONTROL_NAME], service[TELL_CONTROL_NAME];
	pid_t pid = 0;
	tell_control_name(name, "shop.eu-1", 4711);
	ck_assert_str_eq(name, "shop.eu-1.4711.ctl");
	ck_assert(tell_control_name_read(name, service, &pid));
	ck_assert_str_eq(service, "shop.eu-1");
	ck_assert_int_eq(pid, 4711);
	static const char *const bad[] = { "", ".ctl", "shop.ctl", "shop.x.ctl", ".7.ctl",
		"shop.0.ctl", "shop.-1.ctl", "shop.4294967296.ctl", "shop.7.ring",
		"a b.7.ctl", "a/b.7.ctl", "..7.ctl", "shop.7.ctl~" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(
			!tell_control_name_read(bad[i], service, &pid), "%s", bad[i]);
	char longer[300];
	memset(longer, 'a', sizeof(longer));
	memcpy(longer + sizeof(longer) - 7, ".7.ctl", 7);
	ck_assert(!tell_control_name_read(longer, service, &pid));
}
END_TEST

START_TEST(the_longest_name_fits)
{
	char name[TELL_CONTROL_NAME], service[65], back[TELL_CONTROL_NAME];
	pid_t pid;
	memset(service, 's', 64);
	service[64] = '\0';
	tell_control_name(name, service, 4194304);
	ck_assert(tell_control_name_read(name, back, &pid));
	ck_assert_str_eq(back, service);
}
END_TEST

START_TEST(an_address_that_is_too_long_goes_by_proc)
{
	struct sockaddr_un address;
	char longer[200];
	ck_assert_int_eq(tell_control_address(&address, 7, "/run/x", "shop.1.ctl"), 0);
	ck_assert_str_eq(address.sun_path, "/run/x/shop.1.ctl");
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(tell_control_address(&address, 7, longer, "shop.1.ctl"), 0);
	ck_assert_str_eq(address.sun_path, "/proc/self/fd/7/shop.1.ctl");
	ck_assert_int_eq(
		tell_control_address(&address, 7, longer, longer), -ENAMETOOLONG);
}
END_TEST

static int bind_at(const char *name)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(tell_control_address(&address, dir, path, name), 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static bool is_there(const char *name)
{
	return faccessat(dir, name, F_OK, 0) == 0;
}

/* A pid that nobody has. */
static pid_t gone(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return pid;
}

START_TEST(only_what_nobody_needs_is_swept)
{
	char stale[TELL_CONTROL_NAME], live[TELL_CONTROL_NAME], own[TELL_CONTROL_NAME],
		busy[TELL_CONTROL_NAME];
	tell_control_name(stale, "a", gone());
	tell_control_name(live, "b", gone()); /* of another namespace: it answers */
	tell_control_name(own, "c", getpid());
	tell_control_name(busy, "d", getppid()); /* bound, but does not listen yet */
	(void)close(bind_at(stale));
	ck_assert_int_eq(listen(bind_at(live), 1), 0);
	(void)close(bind_at(own));
	(void)close(bind_at(busy));
	(void)close(openat(dir, "shop.7.ring", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	tell_control_sweep(dir, path);
	ck_assert(!is_there(stale));
	ck_assert(is_there(live));
	ck_assert(is_there(own));
	ck_assert(is_there(busy));
	ck_assert(is_there("shop.7.ring"));
	/* Our own name is swept when we are about to take it. */
	ck_assert(tell_control_sweep_one(dir, path, own, getpid()));
	ck_assert(!is_there(own));
}
END_TEST

START_TEST(nothing_but_a_socket_is_swept)
{
	char name[TELL_CONTROL_NAME];
	tell_control_name(name, "a", gone());
	ck_assert_int_eq(symlinkat("/etc/passwd", dir, name), 0);
	ck_assert(tell_control_connect(dir, path, name) < 0);
	tell_control_sweep(dir, path);
	/* A link to what is no socket refuses as well: only the link may go. */
	ck_assert_int_eq(access("/etc/passwd", F_OK), 0);
}
END_TEST

static Suite *control_place_suite(void)
{
	Suite *s = suite_create("api/control_place");
	TCase *tc = tcase_create("place");
	tcase_add_checked_fixture(tc, set_up, tell_scratch_remove);
	tcase_add_test(tc, a_name_holds_service_and_pid);
	tcase_add_test(tc, the_longest_name_fits);
	tcase_add_test(tc, an_address_that_is_too_long_goes_by_proc);
	tcase_add_test(tc, only_what_nobody_needs_is_swept);
	tcase_add_test(tc, nothing_but_a_socket_is_swept);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(control_place_suite)
