#include "source/spot.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/unit.h"

static const struct tell_spot one = { 0xfe00, 17, 42, 4096, 0xdeadbeef,
	1795741208000000 };
static char cursor[400];

static void begin(void)
{
	(void)snprintf(cursor, sizeof(cursor), "%s", TELL_SPOT_HEAD);
}

START_TEST(what_is_put_comes_out_in_its_order)
{
	struct tell_spot s;
	char path[TELL_SPOT_PATH];
	const char *at = NULL;
	begin();
	ck_assert(tell_spot_put(cursor, sizeof(cursor), &one, "/var/log/a: b.jsonl"));
	ck_assert(tell_spot_put(cursor, sizeof(cursor), &(struct tell_spot){ 0 }, "/b"));
	ck_assert(tell_spot_next(cursor, &at, &s, path));
	ck_assert_str_eq(path, "/var/log/a: b.jsonl");
	ck_assert_uint_eq(s.dev, one.dev);
	ck_assert_uint_eq(s.ino, one.ino);
	ck_assert_uint_eq(s.number, one.number);
	ck_assert_uint_eq(s.at, one.at);
	ck_assert_uint_eq(s.sum, one.sum);
	ck_assert_uint_eq(s.time_us, one.time_us);
	ck_assert(tell_spot_next(cursor, &at, &s, path));
	ck_assert_str_eq(path, "/b");
	ck_assert(!tell_spot_next(cursor, &at, &s, path));
}
END_TEST

START_TEST(what_has_no_room_leaves_the_cursor_as_it_was)
{
	char was[sizeof(cursor)];
	begin();
	while (tell_spot_put(cursor, sizeof(cursor), &one, "/var/log/shop.jsonl"))
		memcpy(was, cursor, sizeof(cursor));
	ck_assert_str_eq(cursor, was);
}
END_TEST

START_TEST(a_cursor_of_something_else_has_none)
{
	static const char *const texts[] = { "", "s=1;i=2", "files", "files\tx",
		"files\t1:2:3:4:5:6:", "files\t1:2:3:4:5:/a" };
	struct tell_spot s;
	char path[TELL_SPOT_PATH];
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *at = NULL;
		ck_assert(!tell_spot_next(texts[i], &at, &s, path));
	}
	ck_assert(!tell_spot_fits("/a\tb"));
	ck_assert(!tell_spot_fits("/a\nb"));
	ck_assert(tell_spot_fits("/a b"));
}
END_TEST

START_TEST(other_bytes_before_it_are_noticed)
{
	struct tell_spot s = { .at = 8 };
	int fd = memfd_create("log", MFD_CLOEXEC);
	ck_assert_int_eq(write(fd, "one\ntwo\nthree\n", 14), 14);
	ck_assert_int_eq(tell_spot_sum(fd, s.at, &s.sum), 0);
	ck_assert(tell_spot_holds(&s, fd));
	ck_assert_int_eq(pwrite(fd, "T", 1, 4), 1);
	ck_assert(!tell_spot_holds(&s, fd));
	ck_assert_int_eq(pwrite(fd, "t", 1, 4), 1);
	ck_assert_int_eq(ftruncate(fd, 7), 0);
	ck_assert(!tell_spot_holds(&s, fd));
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static Suite *spot_suite(void)
{
	Suite *s = suite_create("source/spot");
	tell_check_add(s, "spot", what_is_put_comes_out_in_its_order,
		what_has_no_room_leaves_the_cursor_as_it_was,
		a_cursor_of_something_else_has_none, other_bytes_before_it_are_noticed,
		NULL);
	return s;
}

TELL_CHECK_MAIN(spot_suite)
