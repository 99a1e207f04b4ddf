#include "spool/spool.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale/field.h>
#include <unistd.h>
#include "record/place.h"
#include "spool/entry.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"

static struct tell_spool *spool;
static struct tell_record record;
static struct tell_spool_options options;
static struct tell_site site = {
	.line = 12, .file = "till.c", .func = "pay", .logger = "shop.till"
};

static void set_up(void)
{
	tell_scratch_make();
	options = (struct tell_spool_options){ .limit = TELL_SPOOL_LEAST };
	site.id = 0;
}

static void tear_down(void)
{
	spool = tell_spool_close(spool);
	tell_record_done(&record);
	tell_scratch_remove();
}

static void open_spool(void)
{
	ck_assert_int_eq(tell_spool_open(&spool, tell_scratch_path(""), "shop.syslog",
				 "shop", &options),
		0);
}

static void make(uint64_t i, size_t bytes)
{
	static char text[70000];
	memset(text, 'x', bytes);
	ck_assert_int_eq(tell_record_begin(&record, 6, 0), 0);
	record.head->place = tell_place_add(&site);
	record.head->seq = i;
	record.head->run = 7;
	tell_record_message(&record, "paid", 4);
	const struct tell_field fields[] = { tell_u64("i", i),
		tell_str("Who-Paid", "ann"), tell_strn("body", text, bytes) };
	tell_record_add(&record, fields, 3, 0, NULL);
}

static int put(uint64_t i, size_t bytes)
{
	make(i, bytes);
	return tell_spool_append(spool, &record);
}

/* The number in the next record; UINT64_MAX: there is none. */
static uint64_t next(void)
{
	struct tell_record r;
	struct tell_value v;
	int n = tell_spool_next(spool, &r);
	ck_assert_int_ge(n, 0);
	if (n == 0)
		return UINT64_MAX;
	ck_assert(tell_record_get(&r, "i", 1, &v));
	uint64_t i = tell_value_u64(&v);
	ck_assert_uint_eq(r.head->seq, i);
	tell_spool_sent(spool);
	return i;
}

static void reopen(void)
{
	spool = tell_spool_close(spool);
	open_spool();
}

START_TEST(a_record_comes_back_as_it_was)
{
	struct tell_record r;
	struct tell_value v;
	size_t len;
	open_spool();
	ck_assert_int_eq(put(3, 5), 0);
	ck_assert_int_eq(tell_spool_next(spool, &r), 1);
	ck_assert_mem_eq(tell_record_text(&r, &len), "paid", 4);
	ck_assert(tell_record_get(&r, "who_paid", 8, &v));
	ck_assert_uint_eq(v.len, 3);
	ck_assert_mem_eq(v.data, "ann", 3);
	ck_assert_int_eq(v.type, TELL_TYPE_STR);
	const struct tell_place *p = tell_place(r.head->place);
	ck_assert_str_eq(p->file, "till.c");
	ck_assert_str_eq(p->func, "pay");
	ck_assert_str_eq(p->logger, "shop.till");
	ck_assert_uint_eq(p->line, 12);
	ck_assert_uint_eq(r.head->run, 7);
	ck_assert_int_eq(r.head->level, 6);
}
END_TEST

START_TEST(order_is_kept_and_what_is_confirmed_is_gone)
{
	open_spool();
	for (uint64_t i = 0; i < 3000; i++)
		ck_assert_int_eq(put(i, 100), 0);
	ck_assert_uint_gt(spool->segments.n, 2);
	for (uint64_t i = 0; i < 3000; i++)
		ck_assert_uint_eq(next(), i);
	ck_assert_uint_eq(next(), UINT64_MAX);
	ck_assert_int_eq(tell_spool_confirm(spool, 2001), 0);
	reopen();
	ck_assert_uint_eq(spool->found, 1000);
	ck_assert_uint_eq(next(), 2000);
	tell_spool_rewind(spool);
	ck_assert_uint_eq(next(), 2000);
	ck_assert_int_eq(tell_spool_confirm(spool, spool->next), 0);
	spool = tell_spool_close(spool);
	ck_assert_int_lt(access(tell_scratch_path("shop.syslog.1"), F_OK), 0);
}
END_TEST

START_TEST(what_is_appended_between_is_read_too)
{
	uint64_t got = 0, state = tell_unit_seed();
	options.limit *= 2;
	open_spool();
	for (uint64_t i = 0; i < 5000; i++) {
		ck_assert_int_eq(put(i, 50 + i % 300), 0);
		for (uint64_t n = tell_unit_random(&state) % 4; n && got <= i; n--)
			ck_assert_uint_eq(next(), got++);
		if (i % 100 == 99)
			ck_assert_int_eq(tell_spool_confirm(spool, spool->sent - 5), 0);
		if (i % 70 == 69) {
			tell_spool_rewind(spool);
			got = spool->confirmed - 1;
		}
	}
	while (got < 5000)
		ck_assert_uint_eq(next(), got++);
	ck_assert_uint_eq(next(), UINT64_MAX);
	ck_assert_uint_eq(spool->damaged, 0);
}
END_TEST

START_TEST(a_full_one_refuses_or_drops_the_oldest)
{
	open_spool();
	uint64_t i = 0;
	while (put(i, 1000) == 0)
		i++;
	ck_assert_int_eq(put(i, 1000), -ENOSPC);
	ck_assert_uint_le(spool->segments.bytes, options.limit);
	ck_assert_uint_gt(spool->segments.bytes, options.limit * 8 / 10);
	ck_assert_uint_eq(spool->dropped, 0);
	options.drop_oldest = true;
	reopen();
	for (uint64_t k = i; k < 3 * i; k++)
		ck_assert_int_eq(put(k, 1000), 0);
	ck_assert_uint_le(spool->segments.bytes, options.limit);
	ck_assert_uint_gt(spool->dropped, 0);
	ck_assert_uint_eq(spool->dropped + tell_spool_waiting(spool), 3 * i);
	ck_assert_uint_eq(next(), spool->dropped);
}
END_TEST

START_TEST(the_oldest_are_lost_only_if_nobody_had_them)
{
	options.drop_oldest = true;
	open_spool();
	uint64_t i = 0;
	for (; i < 4000; i++) {
		ck_assert_int_eq(put(i, 1000), 0);
		ck_assert_uint_eq(next(), i); /* sent, and not sure */
	}
	ck_assert_uint_eq(spool->dropped, 0);
	uint64_t gone = i - tell_spool_waiting(spool);
	ck_assert_uint_gt(gone, 0);
	ck_assert_int_eq(tell_spool_confirm(spool, spool->next), 0);
	tell_spool_rewind(spool);
	ck_assert_uint_eq(spool->dropped, 0);

	for (; i < 8000; i++) {
		ck_assert_int_eq(put(i, 1000), 0);
		ck_assert_uint_eq(next(), i);
	}
	gone = i - 4000 - tell_spool_waiting(spool);
	ck_assert_uint_gt(gone, 0);
	tell_spool_rewind(spool); /* their connection broke, and they are not here */
	ck_assert_uint_eq(spool->dropped, gone);
	ck_assert_uint_eq(next(), 4000 + gone);
}
END_TEST

/* /dev/null takes writes and no fdatasync(2). */
START_TEST(fault_13_a_record_whose_sync_failed_is_not_taken)
{
	options.sync = TELL_SPOOL_SYNC_ALWAYS;
	open_spool();
	ck_assert_int_eq(put(0, 10), 0);
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	tell_held_close(&spool->write);
	ck_assert_int_eq(tell_held_set(&spool->write, fd), 0);
	ck_assert_int_lt(put(1, 10), 0);
	ck_assert_uint_eq(tell_spool_waiting(spool), 1);
	ck_assert_uint_eq(next(), 0);
	ck_assert_uint_eq(next(), UINT64_MAX);
}
END_TEST

START_TEST(fault_21_a_directory_that_was_removed_is_made_again)
{
	open_spool();
	ck_assert_int_eq(put(0, 1000), 0);
	const char *dir = spool->path;
	DIR *d = opendir(dir);
	ck_assert_ptr_nonnull(d);
	for (struct dirent *e; (e = readdir(d));)
		(void)unlinkat(dirfd(d), e->d_name, 0); /* but for . and .. */
	(void)closedir(d);
	ck_assert_int_eq(rmdir(dir), 0);
	uint64_t i = 1;
	while (i < 1000 && access(dir, F_OK) < 0)
		ck_assert_int_eq(put(i++, 1000), 0);
	ck_assert_uint_lt(i, 1000);
	ck_assert_int_eq(put(i, 1000), 0);
	uint64_t first = next();
	ck_assert_uint_le(first, i);
	ck_assert_uint_eq(spool->damaged, first); /* what lay there is counted */
}
END_TEST

START_TEST(one_that_is_in_use_is_left_alone)
{
	struct tell_spool *second;
	open_spool();
	ck_assert_int_eq(put(1, 1), 0);
	ck_assert_int_eq(tell_spool_open(&second, tell_scratch_path(""), "shop.syslog",
				 "shop", &options),
		0);
	ck_assert_uint_eq(second->found, 0);
	tell_spool_close(second);
	reopen();
	ck_assert_uint_eq(next(), 1);
}
END_TEST

START_TEST(text_that_looks_like_an_entry_is_none)
{
	struct tell_buf fake = { 0 };
	open_spool();
	make(66, 10);
	ck_assert(tell_spool_entry_put(&fake, &record, 2, 1)); /* another's salt */
	ck_assert_int_eq(tell_record_begin(&record, 6, 0), 0);
	const struct tell_field field = tell_bytes("body", fake.data, fake.len);
	tell_record_add(&record, &field, 1, 0, NULL);
	ck_assert_int_eq(tell_spool_append(spool, &record), 0);
	ck_assert_int_eq(put(1, 1), 0);
	char name[TELL_SPOOL_NAME_CHARS + 1];
	tell_segment_name(name, &spool->segments.list[0]);
	int fd = openat(tell_held_get(&spool->dir), name, O_RDWR);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "?", 1, sizeof(struct tell_segment_head) + 40), 1);
	(void)close(fd);
	ck_assert_uint_eq(next(), 1);
	ck_assert_uint_eq(spool->damaged, 1);
	tell_buf_done(&fake);
}
END_TEST

/* ---- damage ---- */

#define RECORDS 60

/* Where each record of the spool lies, in the file of its one segment. */
static uint64_t ends[RECORDS + 1];

static void copy(const char *from, const char *to, uint64_t len)
{
	size_t n;
	char *bytes = tell_scratch_read(from, &n);
	FILE *f = fopen(to, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len < n ? len : n, f), len < n ? len : n);
	ck_assert_int_eq(fclose(f), 0);
	free(bytes);
}

START_TEST(fault_33_every_intact_record_is_found_in_damage)
{
	uint64_t state = tell_unit_seed();
	char dir[256], kept[256], file[300], name[TELL_SPOOL_NAME_CHARS + 1];
	(void)snprintf(dir, sizeof(dir), "%s/shop.syslog.1", tell_scratch_path(""));
	(void)snprintf(kept, sizeof(kept), "%s/kept", tell_scratch_path(""));
	open_spool();
	ends[0] = sizeof(struct tell_segment_head);
	for (uint64_t i = 0; i < RECORDS; i++) {
		ck_assert_int_eq(put(i, tell_unit_random(&state) % 400), 0);
		ends[i + 1] = spool->written;
	}
	ck_assert_uint_eq(spool->segments.n, 1);
	tell_segment_name(name, &spool->segments.list[0]);
	(void)snprintf(file, sizeof(file), "%s/%s", dir, name);
	spool = tell_spool_close(spool);
	copy(file, kept, UINT64_MAX);
	for (unsigned round = 0; round < 10000; round++) {
		bool hit[RECORDS] = { false };
		uint64_t cut = UINT64_MAX;
		if (tell_unit_random(&state) % 2)
			cut = tell_unit_random(&state) % (ends[RECORDS] + 1);
		copy(kept, file, cut);
		int fd = open(file, O_RDWR);
		uint64_t size = cut < ends[RECORDS] ? cut : ends[RECORDS];
		for (uint64_t n = tell_unit_random(&state) % 5; n && size; n--) {
			uint64_t at = tell_unit_random(&state) % size;
			unsigned char byte;
			ck_assert_int_eq(pread(fd, &byte, 1, (off_t)at), 1);
			byte ^= (unsigned char)(1u << tell_unit_random(&state) % 8);
			ck_assert_int_eq(pwrite(fd, &byte, 1, (off_t)at), 1);
			for (size_t i = 0; i < RECORDS; i++)
				hit[i] ^= at >= ends[i] && at < ends[i + 1] && !hit[i];
		}
		(void)close(fd);
		if (tell_unit_random(&state) % 2) {
			(void)snprintf(file + strlen(dir), sizeof(file) - strlen(dir),
				"/" TELL_SPOOL_POSITION);
			(void)unlink(file);
			(void)snprintf(file, sizeof(file), "%s/%s", dir, name);
		}
		open_spool();
		bool seen[RECORDS] = { false };
		uint64_t last = 0;
		for (uint64_t i; (i = next()) != UINT64_MAX; last = i) {
			tell_unit_expect(
				i < RECORDS && i >= last, "round %u: order", round);
			tell_unit_expect(!seen[i], "round %u: twice", round);
			seen[i] = true;
		}
		for (unsigned i = 0; i < RECORDS; i++)
			tell_unit_expect(hit[i] || ends[i + 1] > size || seen[i],
				"round %u: record %u is lost", round, i);
		spool = tell_spool_leave(spool);
	}
}
END_TEST

static Suite *spool_suite(void)
{
	Suite *s = suite_create("spool/spool");
	TCase *c = tcase_create("spool");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 600); /* 10,000 rounds under valgrind */
	tcase_add_test(c, a_record_comes_back_as_it_was);
	tcase_add_test(c, order_is_kept_and_what_is_confirmed_is_gone);
	tcase_add_test(c, what_is_appended_between_is_read_too);
	tcase_add_test(c, a_full_one_refuses_or_drops_the_oldest);
	tcase_add_test(c, the_oldest_are_lost_only_if_nobody_had_them);
	tcase_add_test(c, fault_13_a_record_whose_sync_failed_is_not_taken);
	tcase_add_test(c, fault_21_a_directory_that_was_removed_is_made_again);
	tcase_add_test(c, one_that_is_in_use_is_left_alone);
	tcase_add_test(c, text_that_looks_like_an_entry_is_none);
	tcase_add_test(c, fault_33_every_intact_record_is_found_in_damage);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(spool_suite)
