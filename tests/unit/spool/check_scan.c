#include "spool/scan.h"
#include <fcntl.h>
#include <string.h>
#include <telltale/field.h>
#include <unistd.h>
#include "spool/entry.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"

#define SALT 0x1234567u

static struct tell_record record;
static struct tell_buf entry;
static struct tell_scan scan;
static int fd;

static void set_up(void)
{
	tell_scratch_make();
	tell_buf_init(&entry, TELL_SPOOL_ENTRY_MAX);
	fd = open(tell_scratch_path("segment"), O_RDWR | O_CREAT | O_APPEND, 0600);
	ck_assert_int_ge(fd, 0);
	tell_scan_begin(&scan, fd, SALT, 0);
}

static void tear_down(void)
{
	tell_scan_done(&scan);
	tell_buf_done(&entry);
	tell_record_done(&record);
	(void)close(fd);
	tell_scratch_remove();
}

/* An entry with this number and a text of so many bytes, in `entry`. */
static void make(uint64_t number, size_t bytes, uint32_t salt)
{
	char *text = malloc(bytes + 1);
	ck_assert_ptr_nonnull(text);
	memset(text, 'x', bytes);
	record.limit = TELL_RECORD_LIMIT_MAX;
	ck_assert_int_eq(tell_record_begin(&record, 6, 0), 0);
	const struct tell_field f = tell_strn("text", text, bytes);
	tell_record_add(&record, &f, 1, 0, NULL);
	tell_buf_clear(&entry);
	ck_assert(tell_spool_entry_put(&entry, &record, number, salt));
	free(text);
}

static void add(const void *bytes, size_t len)
{
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
}

static void put(uint64_t number, size_t bytes)
{
	make(number, bytes, SALT);
	add(entry.data, entry.len);
}

/* The number of the next entry; 0: there is none. */
static uint64_t next(void)
{
	struct tell_spool_entry e;
	const void *at;
	long n = tell_scan_next(&scan, &at);
	ck_assert_int_ge(n, 0);
	if (n == 0)
		return 0;
	memcpy(&e, at, sizeof(e));
	ck_assert_uint_eq(e.bytes, (size_t)n);
	return e.number;
}

START_TEST(entries_of_all_sizes_come_one_after_the_other)
{
	put(1, 0);
	put(2, 70000);
	put(3, 3 << 20);
	put(4, 1);
	for (uint64_t i = 1; i <= 4; i++)
		ck_assert_uint_eq(next(), i);
	ck_assert_uint_eq(next(), 0);
	ck_assert_uint_eq(scan.skipped, 0);
}
END_TEST

START_TEST(what_lies_between_is_passed_over)
{
	static const char text[100001] = "rubbish";
	put(1, 10);
	add(text, 7); /* what follows is not aligned */
	put(2, 10);
	add(text, sizeof(text));
	put(3, 10);
	for (uint64_t i = 1; i <= 3; i++)
		ck_assert_uint_eq(next(), i);
	ck_assert_uint_eq(next(), 0);
	ck_assert_uint_eq(scan.skipped, 7 + sizeof(text));
}
END_TEST

START_TEST(what_is_half_there_is_read_when_it_is_whole)
{
	put(1, 10);
	make(2, 100000, SALT);
	ck_assert_uint_eq(next(), 1);
	for (size_t at = 0; at < entry.len;) {
		size_t n = entry.len - at < 30011 ? entry.len - at : 30011;
		ck_assert_uint_eq(next(), 0);
		add(entry.data + at, n);
		at += n;
	}
	ck_assert_uint_eq(next(), 2);
	ck_assert_uint_eq(next(), 0);
	put(3, 1);
	ck_assert_uint_eq(next(), 3);
}
END_TEST

START_TEST(one_that_is_cut_costs_none_behind_it)
{
	make(1, 5000, SALT);
	add(entry.data, entry.len / 2);
	put(2, 10);
	ck_assert_uint_eq(next(), 2);
	ck_assert_uint_eq(next(), 0);
}
END_TEST

START_TEST(another_segments_entry_is_none)
{
	make(1, 10, SALT + 1);
	add(entry.data, entry.len);
	put(2, 10);
	ck_assert_uint_eq(next(), 2);
}
END_TEST

START_TEST(a_length_that_lies_is_no_entry)
{
	static const uint32_t lengths[] = { 0, 8, 47, 5u << 20, (5u << 20) + 8,
		UINT32_MAX };
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		make(100 + i, 10, SALT);
		memcpy(entry.data + offsetof(struct tell_spool_entry, bytes), &lengths[i],
			sizeof(lengths[i]));
		add(entry.data, entry.len);
		put(1 + i, 10);
	}
	for (uint64_t i = 1; i <= sizeof(lengths) / sizeof(lengths[0]); i++)
		ck_assert_uint_eq(next(), i);
	ck_assert_uint_eq(next(), 0);
}
END_TEST

/* Each would have the file's rest summed up, and there are many: time stays linear, and what
 * is whole is found all the same. */
START_TEST(many_heads_that_promise_much_are_not_all_believed)
{
	struct tell_spool_entry e = { .magic = TELL_SPOOL_ENTRY, .bytes = 4u << 20 };
	static unsigned char zeros[4 << 20];
	for (int i = 0; i < 20000; i++)
		add(&e, sizeof(e));
	put(1, 10);
	add(zeros, sizeof(zeros));
	ck_assert_uint_eq(next(), 1);
	uint64_t bytes = (uint64_t)lseek(fd, 0, SEEK_END);
	ck_assert_uint_gt(scan.in_vain, bytes);
	ck_assert_uint_le(scan.in_vain, 8 * bytes + e.bytes);
}
END_TEST

static Suite *scan_suite(void)
{
	Suite *s = suite_create("spool/scan");
	TCase *c = tcase_create("scan");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, entries_of_all_sizes_come_one_after_the_other);
	tcase_add_test(c, what_lies_between_is_passed_over);
	tcase_add_test(c, what_is_half_there_is_read_when_it_is_whole);
	tcase_add_test(c, one_that_is_cut_costs_none_behind_it);
	tcase_add_test(c, another_segments_entry_is_none);
	tcase_add_test(c, a_length_that_lies_is_no_entry);
	tcase_add_test(c, many_heads_that_promise_much_are_not_all_believed);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(scan_suite)
