#include "queue/orphan.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/alive.h"
#include "support/check_main.h"
#include "support/ring_maker.h"
#include "support/scratch.h"
#include "support/unit.h"

#define LANES	2u
#define RECORDS 50u
#define NOBODY	4194305u

static struct ring_maker maker;
static int dir;
static char *whole;
static size_t n_whole;

/* A ring of two lanes of 50 records; its bytes are kept, to be written anew with damage. */
static void set_up(void)
{
	char path[256];
	tell_scratch_make();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("rings"));
	ck_assert_int_eq(mkdir(path, 0700), 0);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ring_maker_begin(&maker, path, "shop");
	for (uint32_t i = 0; i < LANES; i++) {
		struct tell_lane *l = ring_maker_lane(&maker, i + 1);
		for (uint64_t n = 0; n < RECORDS; n++) {
			char text[64];
			(void)snprintf(text, sizeof(text), "record %u.%02u %.*s", i + 1,
				(unsigned)n, (int)(n % 30),
				"abcdefghijklmnopqrstuvwxyzabcd");
			ck_assert(ring_maker_put(&maker, l, n + 1, text));
		}
	}
	(void)strcat(path, "/");
	whole = tell_scratch_read(strcat(path, ring_maker_end(&maker)), &n_whole);
}

static void tear_down(void)
{
	free(whole);
	(void)close(dir);
	tell_scratch_remove();
}

static void write_file(const void *bytes, size_t n)
{
	int fd = openat(dir, maker.name, O_WRONLY | O_CREAT, 0600);
	/* Not O_TRUNC: ext4 waits for the disk then. */
	tell_unit_expect(fd >= 0 && ftruncate(fd, (off_t)n) == 0 &&
			write(fd, bytes, n) == (ssize_t)n,
		"cannot write");
	(void)close(fd);
}

static int opened(struct tell_orphan **ret)
{
	return tell_orphan_open(ret, dir, maker.name, NOBODY);
}

/* A record that came out is one that went in: nothing torn, nothing made up. */
static void is_whole(const struct tell_head *h, unsigned lane, unsigned n)
{
	struct tell_record r;
	struct tell_value v;
	tell_unit_expect(tell_record_view(&r, h, h->size) == 0, "no record");
	size_t len;
	char want[32];
	const char *text = tell_record_text(&r, &len);
	(void)snprintf(want, sizeof(want), "record %u.%02u ", lane, n);
	tell_unit_expect(len == 12 + n % 30 && memcmp(text, want, 12) == 0,
		"%.*s, not %s", (int)len, text, want);
	tell_unit_expect(tell_record_get(&r, "n", 1, &v) && tell_value_u64(&v) == n + 1,
		"n is not %u", n + 1);
	tell_unit_expect(h->flags & TELL_RECORD_RECOVERED &&
			h->flags & TELL_RECORD_LATE && h->flags & TELL_RECORD_OTHER_PID,
		"not marked");
	tell_unit_expect(
		h->seq == n + 1 && h->run == 42, "seq %llu", (unsigned long long)h->seq);
}

/* All records of a lane: how many; each is looked at when `sound`. */
static unsigned read_lane(struct tell_orphan *o, uint32_t lane, bool sound)
{
	unsigned n = 0;
	for (;;) {
		size_t len;
		bool bad;
		if (!tell_lane_next(&o->lanes[lane], &len, &bad))
			break;
		const struct tell_head *h = tell_orphan_next(o, lane);
		if (h && sound)
			is_whole(h, lane + 1, n);
		n += h != NULL;
		tell_lane_skip(&o->lanes[lane]);
	}
	(void)tell_orphan_next(o, lane); /* its end may be one that makes no sense */
	return n;
}

START_TEST(a_dead_process_left_all_its_records)
{
	struct tell_orphan *o;
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_str_eq(o->head.service, "shop");
	ck_assert_uint_eq(o->n_lanes, LANES);
	for (uint32_t i = 0; i < LANES; i++)
		ck_assert_uint_eq(read_lane(o, i, true), RECORDS);
	ck_assert(!o->damaged);
	o = tell_orphan_close(o);
}
END_TEST

START_TEST(what_was_delivered_does_not_come_again)
{
	struct tell_orphan *o;
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_uint_eq(read_lane(o, 0, true), RECORDS);
	ck_assert_int_eq(tell_orphan_done(o), 0);
	o = tell_orphan_close(o);
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_uint_eq(read_lane(o, 0, true), 0);
	ck_assert_uint_eq(read_lane(o, 1, true), RECORDS);
	o = tell_orphan_close(o); /* not done: comes again */
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_uint_eq(read_lane(o, 1, true), RECORDS);
	tell_orphan_remove(o);
	o = tell_orphan_close(o);
	ck_assert_int_eq(opened(&o), -ENOENT);
}
END_TEST

START_TEST(one_that_runs_or_is_read_is_left_alone)
{
	struct tell_orphan *o, *other;
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	pid_t pid = fork();
	if (pid == 0)
		(void)pause();
	h.pid = (uint32_t)pid;
	h.pid_start = tell_pid_start(h.pid);
	memcpy(whole, &h, sizeof(h));
	write_file(whole, n_whole);
	ck_assert_int_eq(opened(&o), -EBUSY);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	ck_assert_int_eq(opened(&o), 0);
	pid = fork(); /* the lock of another process */
	if (pid == 0)
		_exit(opened(&other) == -EBUSY ? 0 : 1);
	int status;
	(void)waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	o = tell_orphan_close(o);
}
END_TEST

/* An image that exec() replaced had our number and our start. */
START_TEST(fault_8_our_own_number_is_of_before_an_exec)
{
	struct tell_orphan *o;
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	h.pid = (uint32_t)getpid();
	h.pid_start = tell_pid_start(h.pid);
	memcpy(whole, &h, sizeof(h));
	write_file(whole, n_whole);
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_uint_eq(read_lane(o, 0, true), RECORDS);
	o = tell_orphan_close(o);
}
END_TEST

START_TEST(a_file_that_was_not_finished_is_empty_when_its_maker_is_gone)
{
	struct tell_orphan *o;
	memset(whole, 0, 8192);
	for (int i = 0; i < 2; i++) { /* of zeros, and of no bytes at all */
		write_file(whole, i ? 0 : 8192);
		ck_assert_int_eq(
			tell_orphan_open(&o, dir, maker.name, (uint32_t)getppid()),
			-EBUSY);
		ck_assert_int_eq(opened(&o), 0);
		ck_assert_uint_eq(o->n_lanes, 0);
		ck_assert(!o->damaged);
		o = tell_orphan_close(o);
	}
}
END_TEST

START_TEST(others_files_links_and_directories_are_refused)
{
	struct tell_orphan *o;
	ck_assert_int_eq(fchmodat(dir, maker.name, 0620, 0), 0);
	ck_assert_int_eq(opened(&o), -EPERM);
	ck_assert_int_eq(fchmodat(dir, maker.name, 0600, 0), 0);
	ck_assert_int_eq(linkat(dir, maker.name, dir, "second", 0), 0);
	ck_assert_int_eq(opened(&o), -EPERM);
	ck_assert_int_eq(unlinkat(dir, maker.name, 0), 0);
	ck_assert_int_eq(symlinkat("second", dir, maker.name), 0);
	ck_assert_int_eq(opened(&o), -ELOOP);
	ck_assert_int_eq(unlinkat(dir, maker.name, 0), 0);
	ck_assert_int_eq(mkfifoat(dir, maker.name, 0600), 0);
	ck_assert_int_eq(opened(&o), -EPERM);
	if (geteuid() == 0) {
		ck_assert_int_eq(fchownat(dir, "second", 65534, 65534, 0), 0);
		ck_assert_int_eq(tell_orphan_open(&o, dir, "second", NOBODY), -EPERM);
	}
}
END_TEST

/* ---- damage ---- */

/* Opens or refuses; never more than there was, and with `sound` nothing that was not. */
static unsigned salvage(bool sound)
{
	struct tell_orphan *o;
	unsigned n = 0;
	int r = opened(&o);
	tell_unit_expect(r == 0 || r == -EBADMSG || r == -EBUSY, "%d", r);
	if (r < 0)
		return 0;
	for (uint32_t i = 0; i < o->n_lanes; i++)
		n += read_lane(o, i, sound);
	tell_unit_expect(tell_orphan_done(o) == 0, "cannot write");
	o = tell_orphan_close(o);
	return n;
}

START_TEST(fault_32_a_file_that_was_cut_has_its_whole_records)
{
	unsigned before = 0;
	for (size_t n = 0; n <= n_whole; n += 512) {
		write_file(whole, n);
		unsigned got = salvage(true);
		tell_unit_expect(got >= before, "%u of %zu bytes", got, n);
		before = got;
	}
	write_file(whole, n_whole);
	ck_assert_uint_eq(salvage(true), LANES * RECORDS);
	/* Within a lane, byte by byte. */
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	size_t from = h.chunks[1].offset + sizeof(struct tell_lane_head);
	unsigned least = RECORDS;
	for (size_t n = from; n < from + 700; n++) {
		write_file(whole, n);
		unsigned got = salvage(true);
		least = got < least ? got : least;
		tell_unit_expect(got <= 6, "%u", got);
	}
	ck_assert_uint_eq(least, 0);
}
END_TEST

static const struct {
	const char *name;
	size_t at, bytes;
} head_fields[] = {
#define FIELD(f)                                                                         \
	{                                                                                \
#f, offsetof(struct tell_ring_head, f),                                  \
			sizeof(((struct tell_ring_head *)0)->f)                          \
	}
	FIELD(magic),
	FIELD(version),
	FIELD(order),
	FIELD(head_bytes),
	FIELD(lane_bytes),
	FIELD(pid),
	FIELD(uid),
	FIELD(pid_start),
	FIELD(pid_space),
	FIELD(made_ns),
	FIELD(pairs[0].ticks),
	FIELD(pairs[0].realtime_ns),
	FIELD(pairs[1].ticks),
	FIELD(pairs[1].realtime_ns),
	FIELD(service),
	FIELD(n_chunks),
	FIELD(chunks[0].kind),
	FIELD(chunks[0].number),
	FIELD(chunks[0].offset),
	FIELD(chunks[0].bytes),
	FIELD(chunks[1].kind),
	FIELD(chunks[1].number),
	FIELD(chunks[1].offset),
	FIELD(chunks[1].bytes),
	FIELD(chunks[2].offset),
	FIELD(chunks[2].bytes),
	FIELD(chunks[3].kind),
};

START_TEST(fault_32_every_number_of_the_head_may_be_anything)
{
	const uint64_t odd[] = { 0, 1, 2, 3, 7, 8, 4095, 4096, 65537, INT32_MAX,
		UINT32_MAX, (uint64_t)1 << 40, INT64_MAX, UINT64_MAX - 7, UINT64_MAX };
	for (size_t f = 0; f < sizeof(head_fields) / sizeof(head_fields[0]); f++)
		for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
			char *bytes = malloc(n_whole);
			memcpy(bytes, whole, n_whole);
			memset(bytes + head_fields[f].at, (int)odd[i],
				head_fields[f].bytes);
			memcpy(bytes + head_fields[f].at, &odd[i],
				head_fields[f].bytes < 8 ? head_fields[f].bytes : 8);
			write_file(bytes, n_whole);
			(void)salvage(false);
			free(bytes);
		}
}
END_TEST

START_TEST(fault_32_a_wrong_chunk_costs_only_itself)
{
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	h.chunks[1].offset = (uint64_t)1 << 50;
	memcpy(whole, &h, sizeof(h));
	write_file(whole, n_whole);
	struct tell_orphan *o;
	ck_assert_int_eq(opened(&o), 0);
	ck_assert(o->damaged);
	ck_assert_uint_eq(o->n_lanes, 1);
	unsigned n = 0;
	for (size_t len; true; n++) {
		bool bad;
		if (!tell_lane_next(&o->lanes[0], &len, &bad))
			break;
		is_whole(tell_orphan_next(o, 0), 2, n);
		tell_lane_skip(&o->lanes[0]);
	}
	ck_assert_uint_eq(n, RECORDS);
	o = tell_orphan_close(o);
}
END_TEST

/* Lanes over one another must not ask for more memory than the file has bytes. */
START_TEST(fault_32_lanes_over_one_another_end_somewhere)
{
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	for (uint32_t i = 3; i < TELL_RING_CHUNKS; i++)
		h.chunks[i] = h.chunks[1];
	h.n_chunks = TELL_RING_CHUNKS;
	memcpy(whole, &h, sizeof(h));
	write_file(whole, n_whole);
	struct tell_orphan *o;
	ck_assert_int_eq(opened(&o), 0);
	ck_assert_uint_le(o->n_lanes, 4);
	ck_assert(o->damaged);
	o = tell_orphan_close(o);
}
END_TEST

START_TEST(fault_32_ten_thousand_flipped_bytes_crash_nobody)
{
	uint64_t seed = tell_unit_seed();
	struct tell_ring_head h;
	memcpy(&h, whole, sizeof(h));
	unsigned n = 0, all = 0;
	for (int i = 0; i < 10000; i++) {
		uint64_t x = tell_unit_random(&seed);
		/* Most of the file is zeros: half of the damage goes where there is something. */
		size_t at = x & 1 ? (x >> 8) % n_whole
				  : h.chunks[(x >> 1) % 3].offset + (x >> 8) % 8192;
		char was = whole[at];
		whole[at] = (char)(x >> 56);
		write_file(whole, n_whole);
		unsigned got = salvage(false);
		tell_unit_expect(got <= LANES * RECORDS, "%u records", got);
		n += got;
		all += got == LANES * RECORDS;
		whole[at] = was;
	}
	printf("# %u of 1000000 records, %u files whole\n", n, all);
	ck_assert_uint_gt(n, 500000);
}
END_TEST

static Suite *orphan_suite(void)
{
	Suite *s = suite_create("queue/orphan");
	TCase *c = tcase_create("orphan");
	tcase_set_timeout(c, 300);
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, a_dead_process_left_all_its_records);
	tcase_add_test(c, what_was_delivered_does_not_come_again);
	tcase_add_test(c, one_that_runs_or_is_read_is_left_alone);
	tcase_add_test(c, fault_8_our_own_number_is_of_before_an_exec);
	tcase_add_test(c, a_file_that_was_not_finished_is_empty_when_its_maker_is_gone);
	tcase_add_test(c, others_files_links_and_directories_are_refused);
	tcase_add_test(c, fault_32_a_file_that_was_cut_has_its_whole_records);
	tcase_add_test(c, fault_32_every_number_of_the_head_may_be_anything);
	tcase_add_test(c, fault_32_a_wrong_chunk_costs_only_itself);
	tcase_add_test(c, fault_32_lanes_over_one_another_end_somewhere);
	tcase_add_test(c, fault_32_ten_thousand_flipped_bytes_crash_nobody);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(orphan_suite)
