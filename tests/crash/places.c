/* FAULTS rows 12, 21, 22 and 23 for the queue: no place for a ring, or none any more. Calls go
 * past the queue then, it is said once, and every record is kept. Those that need a mount or
 * a user of their own are root's. Prints TAP. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/process.h"
#include "crash/lives.h"
#include "stack/stack.h"
#include "support/memory_dir.h"

#define NOBODY 65534

/* AddressSanitizer's search for leaks needs /proc, which a jail does not have. */
const char *__asan_default_options(void) __attribute__((visibility("default")));
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static char home[64]; /* of the log, where no test mounts anything */

static void says_a_thousand(void)
{
	lives_begin();
	lives_say(500);
	lives_say_in_thread(500);
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

/* It, and the one that starts next: how many have no ring? */
static void sync_test(
	const char *name, void (*service)(void), const char *options, unsigned processes)
{
	lives_set_stack(options);
	lives_test(name, service, 0, 1000);
	unsigned told = lives_lines("no memory for the queue");
	if (told != processes)
		printf("# told %u times\n", told);
	lives_report(told == processes, "and it is said once");
	lives_set_stack("full=sync");
}

/* As nobody, in a directory of nobody's: no other starts after it. */
static void as_nobody(const char *name, void (*service)(void))
{
	char was[sizeof(lives_log)], theirs[80];
	(void)snprintf(was, sizeof(was), "%s", lives_log);
	(void)snprintf(theirs, sizeof(theirs), "%s/theirs", home);
	(void)snprintf(lives_log, sizeof(lives_log), "%s/log", theirs);
	lives_set_stack("full=sync");
	bool fine = mkdir(theirs, 0755) == 0 && chown(theirs, NOBODY, NOBODY) == 0 &&
		lives_in_child(service) == 0;
	lives_report(fine && lives_lines("\"said\"") == 1000, name);
	lives_report(lives_lines("no memory for the queue") == 1, "and it is said once");
	(void)unlink(lives_log);
	(void)rmdir(theirs);
	(void)snprintf(lives_log, sizeof(lives_log), "%s", was);
	lives_set_stack("full=sync");
}

/* ---- limits ---- */

static void is_limited(void)
{
	struct rlimit small = { 512 << 10, 512 << 10 };
	(void)setrlimit(RLIMIT_FSIZE, &small);
	says_a_thousand();
}

/* The lowest descriptor that is free. */
static int first_free(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)close(fd);
	return fd;
}

static unsigned n_spare;

/* So many descriptors and no more; those below the first free one are in use. */
static void has_few_descriptors(void)
{
	struct rlimit few = { (rlim_t)first_free() + n_spare, 0 };
	few.rlim_max = few.rlim_cur;
	(void)setrlimit(RLIMIT_NOFILE, &few);
	lives_begin();
	lives_say(500);
	lives_say_in_thread(500);
	(void)tell_flush(20000);
	exit(0);
}

/* With so few, what does the log get? */
static unsigned kept(const char *options)
{
	(void)unlink(lives_log);
	lives_set_stack(options);
	int status = lives_in_child(has_few_descriptors);
	lives_set_stack("full=sync");
	int next = lives_in_child(lives_next_start);
	return status == 0 && next == 0 ? lives_lines("\"said\"") : 0;
}

static void few_descriptors(void)
{
	bool fine = true;
	unsigned with = 0;
	for (n_spare = 0; n_spare < 8; n_spare++) {
		unsigned without = kept(NULL);
		with = kept("full=sync");
		printf("# %u descriptors: %u kept, %u without a queue\n", n_spare, with,
			without);
		fine &= with >= without;
	}
	lives_report(fine && with == 1000,
		"fault 22: RLIMIT_NOFILE: no record less than without a queue");
}

/* ---- places ---- */

static const char *hidden_type = "tmpfs", *hidden_options = "size=1m,mode=1777";

/* All three places are another file system, in a mount namespace of its own. */
static bool hide_places(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("none", "/run", hidden_type, 0, hidden_options) == 0 &&
		mount("none", "/dev/shm", hidden_type, 0, hidden_options) == 0;
}

static void has_no_tmpfs(void)
{
	hidden_type = "ramfs";
	if (!hide_places())
		_exit(80);
	(void)unsetenv("RUNTIME_DIRECTORY");
	says_a_thousand();
}

static void may_not_write(void)
{
	hidden_options = "size=1m,mode=755";
	if (!hide_places() || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
		_exit(80);
	says_a_thousand();
}

static void sits_in_a_full_tmpfs(void)
{
	hidden_options = "size=16k,mode=1777";
	if (!hide_places())
		_exit(80);
	(void)setenv("RUNTIME_DIRECTORY", "/run", 1);
	says_a_thousand();
}

/* The file stays where it was; its lanes and a new one are used on. */
static void loses_sight_of_its_ring(void)
{
	lives_begin();
	lives_say(300);
	if (!hide_places())
		_exit(80);
	lives_say(300);
	lives_say_in_thread(400);
	exit(lives_ledger_is_exact(1000) ? 0 : 1);
}

static void leaves_a_ring_out_of_sight(void)
{
	lives_begin();
	lives_say(300);
	if (!hide_places())
		_exit(80);
	lives_say(300);
	lives_say_in_thread(400);
	_exit(0);
}

/* ---- chroot(2) ---- */

static void enter_jail(void)
{
	char jail[80];
	(void)snprintf(jail, sizeof(jail), "%s/jail", home);
	(void)mkdir(jail, 0755);
	if (chroot(jail) != 0 || chdir("/") != 0)
		_exit(80);
}

static void is_jailed(void)
{
	lives_begin();
	lives_say(300);
	enter_jail();
	lives_say(300);
	lives_say_in_thread(400);
	exit(lives_ledger_is_exact(1000) ? 0 : 1);
}

static void is_jailed_and_leaves(void)
{
	lives_begin();
	lives_say(300);
	enter_jail();
	lives_say(300);
	lives_say_in_thread(400);
	_exit(0);
}

/* ---- another pid namespace: numbers mean nothing there ---- */

static void has_a_child_elsewhere(void)
{
	int status = -1;
	lives_begin();
	lives_say(500);
	if (unshare(CLONE_NEWPID) != 0)
		_exit(80);
	pid_t pid = fork();
	if (pid == 0) { /* number 1 */
		lives_say(500);
		_exit(0); /* its ring is left */
	}
	(void)waitpid(pid, &status, 0);
	exit(status == 0 && tell_flush(20000) == 0 ? 0 : 1);
}

/* No thread can be made by who has left its namespace (clone(2), EINVAL): nobody would read
 * the queue, so nothing is put there. */
static void has_no_service_thread(void)
{
	struct tell_stack_stats stats;
	if (unshare(CLONE_NEWPID) != 0)
		_exit(80);
	lives_begin();
	lives_say(1000);
	tell_service_stats(&tell_process.main, &stats);
	_exit(stats.queued == 0 && stats.delivered == 1001 ? 0 : 1); /* it is said */
}

static void as_root(void)
{
	sync_test("no tmpfs at all", has_no_tmpfs, "full=sync", 1);
	as_nobody("no permission for any place", may_not_write);
	sync_test("fault 12: a full tmpfs", sits_in_a_full_tmpfs, "full=sync", 1);
	lives_test(
		"fault 21: other mounts over the ring", loses_sight_of_its_ring, 0, 1000);
	lives_test(
		"fault 21: the same, and _exit()", leaves_a_ring_out_of_sight, 0, 1000);
	lives_test("chroot(2)", is_jailed, 0, 1000);
	lives_test("chroot(2) and _exit()", is_jailed_and_leaves, 0, 1000);
	lives_test("a child in another pid namespace", has_a_child_elsewhere, 0, 1000);
	lives_test("no service thread can be made", has_no_service_thread, 0, 1000);
}

static bool may_mount(void)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(geteuid() == 0 && hide_places() && setgid(NOBODY) == 0 ? 0 : 1);
	(void)waitpid(pid, &status, 0);
	return status == 0;
}

static bool make_home(void)
{
	const char *tmp = getenv("TMPDIR");
	(void)snprintf(home, sizeof(home), "%.30s/telltale-test.XXXXXX",
		tmp && strncmp(tmp, "/dev/shm", 8) != 0 ? tmp : "/tmp");
	if (!mkdtemp(home) || chmod(home, 0755) != 0)
		return false;
	(void)snprintf(lives_log, sizeof(lives_log), "%s/log", home);
	return true;
}

int main(void)
{
	if (!memory_dir() || !make_home()) {
		puts("1..0 # SKIP no tmpfs at /dev/shm");
		return 0;
	}
	sync_test("fault 23: RLIMIT_FSIZE", is_limited, "size=1MiB full=sync", 1);
	few_descriptors();
	if (may_mount())
		as_root();
	else
		lives_skip("needs root and mounts", "places that are not there");
	int status = lives_end();
	char jail[80];
	(void)snprintf(jail, sizeof(jail), "%s/jail", home);
	(void)rmdir(jail);
	(void)rmdir(home);
	return status;
}
