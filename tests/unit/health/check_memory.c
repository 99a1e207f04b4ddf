#include "health/memory.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "support/check_main.h"
#include "support/scratch.h"
#include "unit/health/asked.h"

static void put(const char *name, const char *text)
{
	char path[512];
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path(name));
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		(void)mkdir(path, 0700); /* or it is there */
		*p = '/';
	}
	tell_scratch_write(path, text);
}

static struct tell_memory get(void)
{
	struct tell_memory m;
	ck_assert_int_eq(tell_memory_read(&m, tell_scratch_path("root")), 0);
	return m;
}

static void set_up(void)
{
	tell_scratch_make();
	put("root/proc/meminfo",
		"MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 400 kB\n");
}

static void tear_down(void)
{
	done_asking();
	tell_scratch_remove();
}

START_TEST(without_a_limit_it_is_the_systems)
{
	struct tell_memory m = get();
	ck_assert_str_eq(m.source, "system");
	ck_assert_uint_eq(m.free_bytes, 400 * 1024);
	ck_assert_double_eq(m.free_ratio, 0.4);
	put("root/proc/self/cgroup", "0::/a/b\n");
	put("root/sys/fs/cgroup/a/b/memory.max", "max\n");
	put("root/sys/fs/cgroup/a/b/memory.current", "7\n");
	ck_assert_str_eq(get().source, "system");
}
END_TEST

START_TEST(with_one_it_is_the_cgroups_without_its_cache)
{
	put("root/proc/self/cgroup", "0::/a/b\n");
	put("root/sys/fs/cgroup/a/b/memory.max", "1000\n");
	put("root/sys/fs/cgroup/a/b/memory.current", "900\n");
	put("root/sys/fs/cgroup/a/b/memory.stat", "anon 1\ninactive_file 200\n");
	struct tell_memory m = get();
	ck_assert_str_eq(m.source, "cgroup");
	ck_assert_uint_eq(m.limit_bytes, 1000);
	ck_assert_uint_eq(m.free_bytes, 300);
	ck_assert_double_eq(m.free_ratio, 0.3);
}
END_TEST

START_TEST(the_strictest_above_counts)
{
	put("root/proc/self/cgroup", "1:x:/y\n0::/a/b\n");
	put("root/sys/fs/cgroup/a/b/memory.max", "1000\n");
	put("root/sys/fs/cgroup/a/b/memory.current", "100\n");
	put("root/sys/fs/cgroup/a/memory.max", "2000\n");
	put("root/sys/fs/cgroup/a/memory.current", "1900\n");
	ck_assert_double_eq(get().free_ratio, 0.05);
	put("root/sys/fs/cgroup/memory.max", "4000\n"); /* a container's own root */
	put("root/sys/fs/cgroup/memory.current", "4100\n");
	ck_assert_double_eq(get().free_ratio, 0);
	put("root/proc/self/cgroup", "0::/\n");
	ck_assert_double_eq(get().free_ratio, 0);
}
END_TEST

START_TEST(nothing_to_read_is_an_error)
{
	struct tell_memory m;
	ck_assert_int_eq(tell_memory_read(&m, tell_scratch_path("none")), -ENOENT);
	put("root/proc/meminfo", "MemTotal: 0 kB\n");
	ck_assert_int_eq(tell_memory_read(&m, tell_scratch_path("root")), -ENODATA);
}
END_TEST

START_TEST(the_line_says_where_it_looked)
{
	ck_assert_int_eq(ask_line("memory free=0", 1000), TELL_SUCCESS);
	ck_assert(strcmp(field("source"), "system") == 0 ||
		strcmp(field("source"), "cgroup") == 0);
	ck_assert_int_eq(ask_line("memory free=100%", 1000), TELL_FULL);
	ck_assert_ptr_nonnull(strstr(field("reason"), "memory is free, less than 100%"));
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *s = suite_create("health/memory");
	TCase *tc = tcase_create("memory");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, without_a_limit_it_is_the_systems);
	tcase_add_test(tc, with_one_it_is_the_cgroups_without_its_cache);
	tcase_add_test(tc, the_strictest_above_counts);
	tcase_add_test(tc, nothing_to_read_is_an_error);
	tcase_add_test(tc, the_line_says_where_it_looked);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(memory_suite)
