#include "queue/adopt.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "queue/rings.h"
#include "record/record.h"
#include "support/check_main.h"
#include "support/ring_maker.h"
#include "support/scratch.h"
#include "support/unit.h"

static char dir[256];
static struct {
	unsigned n;
	uint64_t last_ns;
	bool ordered;
} got;

static void set_up(void)
{
	tell_scratch_make();
	(void)snprintf(dir, sizeof(dir), "%s", tell_scratch_path("rings"));
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	memset(&got, 0, sizeof(got));
	got.ordered = true;
}

/* A file of two lanes whose records take turns in time. */
static const char *left_behind(const char *service, unsigned n)
{
	static struct ring_maker m;
	ring_maker_begin(&m, dir, service);
	struct tell_lane *a = ring_maker_lane(&m, 1), *b = ring_maker_lane(&m, 2);
	for (unsigned i = 0; i < n; i++)
		ck_assert(ring_maker_put(&m, i % 3 ? a : b, i + 1, "left"));
	return ring_maker_end(&m);
}

static void take(void *arg, const void *block, size_t len, uint64_t realtime_ns)
{
	(void)arg;
	const struct tell_head *h = block;
	tell_unit_expect(h->size == len, "%u of %zu bytes", h->size, len);
	got.ordered &= realtime_ns >= got.last_ns;
	got.last_ns = realtime_ns;
	got.n++;
}

static size_t files(const char *suffix)
{
	size_t n = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; (e = readdir(d));) {
		size_t len = strlen(e->d_name), s = strlen(suffix);
		n += len > s && strcmp(e->d_name + len - s, suffix) == 0;
	}
	(void)closedir(d);
	return n;
}

/* Look, deliver all: files done with. */
static size_t adopt_all(const char *service, size_t max, size_t *ret_bad)
{
	struct tell_adopt *a = tell_adopt_look_in(dir, service);
	size_t done = 0;
	*ret_bad = 0;
	if (!a)
		return 0;
	while (tell_adopt_drain(a, max, take, NULL) > 0)
		tell_adopt_delivered(a);
	tell_adopt_counts(a, &done, ret_bad);
	a = tell_adopt_close(a);
	return done;
}

START_TEST(all_that_is_left_is_handed_out_by_time_and_twice_changes_nothing)
{
	size_t bad;
	(void)left_behind("shop", 90);
	ck_assert_uint_eq(adopt_all("shop", 7, &bad), 1);
	ck_assert_uint_eq(got.n, 90);
	ck_assert(got.ordered);
	ck_assert_uint_eq(bad, 0);
	ck_assert_uint_eq(files(".ring"), 0);
	ck_assert_uint_eq(adopt_all("shop", 7, &bad), 0);
	ck_assert_uint_eq(got.n, 90);
}
END_TEST

START_TEST(only_the_services_own_or_all)
{
	size_t bad;
	(void)left_behind("shop", 3);
	(void)left_behind("shop-2", 5);
	(void)left_behind("billing", 7);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 1);
	ck_assert_uint_eq(got.n, 3);
	ck_assert_uint_eq(adopt_all(NULL, 100, &bad), 2);
	ck_assert_uint_eq(got.n, 15);
}
END_TEST

START_TEST(who_dies_on_the_way_leaves_the_rest)
{
	size_t bad;
	(void)left_behind("shop", 30);
	struct tell_adopt *a = tell_adopt_look_in(dir, "shop");
	ck_assert_uint_eq(tell_adopt_drain(a, 10, take, NULL), 10);
	tell_adopt_delivered(a);
	ck_assert_uint_eq(tell_adopt_drain(a, 10, take, NULL), 10);
	ck_assert_str_eq(tell_adopt_service(a), "shop");
	a = tell_adopt_close(a); /* the second ten were not delivered */
	got.last_ns = 0;
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 1);
	ck_assert_uint_eq(got.n, 40);
	ck_assert(got.ordered);
}
END_TEST

START_TEST(an_empty_file_goes_without_a_word)
{
	size_t bad;
	(void)left_behind("shop", 0);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 1);
	ck_assert_uint_eq(got.n, 0);
	ck_assert_uint_eq(files(".ring"), 0);
}
END_TEST

START_TEST(fault_32_what_makes_no_sense_is_set_aside)
{
	size_t bad;
	char path[600];
	(void)snprintf(path, sizeof(path), "%s/shop-4194305-00000001.ring", dir);
	tell_scratch_write(path, "certainly no ring");
	ck_assert_int_eq(chmod(path, 0600), 0);
	(void)left_behind("shop", 3);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 1);
	ck_assert_uint_eq(got.n, 3);
	ck_assert_uint_eq(bad, 1);
	ck_assert_uint_eq(files(".bad"), 1);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 0);
	ck_assert_uint_eq(bad, 0);
}
END_TEST

START_TEST(fault_32_the_sound_part_of_a_damaged_file_is_handed_out)
{
	size_t bad;
	char path[600];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, left_behind("shop", 60));
	int fd = open(path, O_RDWR);
	struct tell_ring_head h;
	ck_assert_int_eq((int)pread(fd, &h, sizeof(h), 0), (int)sizeof(h));
	const uint64_t ones = UINT64_MAX;
	ck_assert_int_eq(
		(int)pwrite(fd, &ones, 8,
			(off_t)(h.chunks[1].offset + sizeof(struct tell_lane_head))),
		8); /* the first entry of the first lane: the lane is lost */
	(void)close(fd);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 0);
	ck_assert_uint_eq(bad, 1);
	ck_assert_uint_eq(got.n, 20);
	ck_assert_uint_eq(files(".bad"), 1);
	ck_assert_uint_eq(files(".ring"), 0);
}
END_TEST

START_TEST(fault_32_whose_records_they_are_is_in_the_files_name)
{
	char path[600];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, left_behind("shop", 5));
	int fd = open(path, O_WRONLY);
	ck_assert_int_eq(
		pwrite(fd, "../x", 5, offsetof(struct tell_ring_head, service)), 5);
	(void)close(fd);
	struct tell_adopt *a = tell_adopt_look_in(dir, NULL);
	ck_assert_uint_eq(tell_adopt_drain(a, 100, take, NULL), 5);
	ck_assert_str_eq(tell_adopt_service(a), "shop");
	tell_adopt_delivered(a);
	a = tell_adopt_close(a);
	/* No service's name: no ring. */
	(void)snprintf(path, sizeof(path), "%s/-4194305-00000001.ring", dir);
	(void)close(open(path, O_WRONLY | O_CREAT, 0600));
	ck_assert_ptr_null(tell_adopt_look_in(dir, NULL));
}
END_TEST

START_TEST(our_own_files_are_not_touched)
{
	size_t bad;
	ck_assert_int_eq(setenv("RUNTIME_DIRECTORY", "/dev/shm", 1), 0);
	struct tell_ring *r = tell_ring_get("adopt-own", 16384);
	(void)pthread_mutex_lock(&r->lock);
	bool made = tell_ring_file_there(r);
	(void)pthread_mutex_unlock(&r->lock);
	if (made) {
		char *slash = strrchr(r->file.path, '/');
		(void)snprintf(dir, sizeof(dir), "%.*s", (int)(slash - r->file.path),
			r->file.path);
		ck_assert_uint_eq(adopt_all("adopt-own", 100, &bad), 0);
		ck_assert_int_eq(access(r->file.path, F_OK), 0);
		/* Nor by another name of the directory. */
		(void)strcat(dir, "/../telltale");
		ck_assert_uint_eq(adopt_all("adopt-own", 100, &bad), 0);
		ck_assert_int_eq(access(r->file.path, F_OK), 0);
	}
	tell_ring_put(r);
}
END_TEST

START_TEST(a_directory_that_others_may_enter_is_not_looked_into)
{
	size_t bad;
	(void)left_behind("shop", 3);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_uint_eq(adopt_all("shop", 100, &bad), 0);
	ck_assert_uint_eq(got.n, 0);
	ck_assert_uint_eq(files(".ring"), 1);
}
END_TEST

static Suite *adopt_suite(void)
{
	Suite *s = suite_create("queue/adopt");
	TCase *c = tcase_create("adopt");
	tcase_add_checked_fixture(c, set_up, tell_scratch_remove);
	tcase_add_test(
		c, all_that_is_left_is_handed_out_by_time_and_twice_changes_nothing);
	tcase_add_test(c, only_the_services_own_or_all);
	tcase_add_test(c, who_dies_on_the_way_leaves_the_rest);
	tcase_add_test(c, an_empty_file_goes_without_a_word);
	tcase_add_test(c, fault_32_what_makes_no_sense_is_set_aside);
	tcase_add_test(c, fault_32_the_sound_part_of_a_damaged_file_is_handed_out);
	tcase_add_test(c, fault_32_whose_records_they_are_is_in_the_files_name);
	tcase_add_test(c, our_own_files_are_not_touched);
	tcase_add_test(c, a_directory_that_others_may_enter_is_not_looked_into);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(adopt_suite)
