#include "source/tail.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"

#define FIRST  "log.000001.20261127T010000Z"
#define SECOND "log.000002.20261127T010100Z"

static struct tell_tail tail;
static struct tell_reader reader;
static struct tell_spot spot;

static void put(const char *name, const char *text)
{
	FILE *f = fopen(tell_scratch_path(name), "a");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void rotate(const char *to)
{
	ck_assert_int_eq(rename(tell_scratch_path("log"), tell_scratch_path(to)), 0);
}

/* Another file with the same bytes, as compressing and unpacking leaves it. */
static void copy(const char *from, const char *to)
{
	char *text = tell_scratch_read(tell_scratch_path(from), NULL);
	tell_scratch_write(tell_scratch_path(to), text);
	ck_assert_int_eq(unlink(tell_scratch_path(from)), 0);
	free(text);
}

static void open_tail(void)
{
	tell_tail_init(&tail, tell_scratch_path("log"));
	tail.once = true;
	tell_reader_init(&reader, -1);
}

static void begin(void)
{
	tell_scratch_make();
	open_tail();
}

/* All that is there now, as "one two ". */
static void expect(const char *want)
{
	char got[200] = "";
	const char *line;
	size_t len, n = 0;
	tell_tail_focus(&tail, &reader);
	while (tell_tail_next(&tail, &reader, &line, &len) > 0)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s ", (int)len, line);
	ck_assert_str_eq(got, want);
}

/* The process ends here. */
static void leave(void)
{
	tell_tail_settle(&tail);
	spot = tail.spot;
	tell_tail_done(&tail);
	reader.fd = -1;
	tell_reader_done(&reader);
}

/* ... and begins again. */
static void come_back(bool found)
{
	open_tail();
	ck_assert_int_eq(tell_tail_resume(&tail, &spot), found);
	ck_assert_uint_eq(tail.gaps, !found);
}

static void end(void)
{
	leave();
	tell_scratch_remove();
}

START_TEST(generations_come_first_and_half_a_line_waits)
{
	begin();
	put(SECOND, "c\nd"); /* nobody writes the rest of it */
	put(FIRST, "a\nb\n");
	put("log", "e\nf");
	expect("a b c d e ");
	put("log", "g\n");
	expect("fg ");
	ck_assert_uint_eq(tail.spot.number, 3);
	ck_assert_uint_eq(tail.gaps, 0);
	end();
}
END_TEST

START_TEST(a_rotation_while_it_runs_leaves_nothing_out)
{
	begin();
	put("log", "a\n");
	expect("a ");
	put("log", "b\n");
	rotate(FIRST);
	put("log", "c\n");
	rotate(SECOND);
	put("log", "d\n");
	expect("b c d ");
	ck_assert_uint_eq(tail.gaps, 0);
	end();
}
END_TEST

START_TEST(it_is_found_again_after_rotation_and_compression)
{
	begin();
	put("log", "a\n");
	expect("a ");
	leave();
	put("log", "b\n");
	rotate("x");
	copy("x", FIRST); /* has another inode */
	put("log", "c\n");
	come_back(true);
	expect("b c ");
	leave();
	come_back(true);
	expect("");
	end();
}
END_TEST

START_TEST(nothing_read_of_it_is_a_place_as_well)
{
	begin();
	put("log", "a\n");
	expect("a ");
	rotate(FIRST);
	put("log", "");
	expect("");
	ck_assert_uint_eq(tail.spot.number, 2);
	leave();
	put("log", "b\n");
	rotate(SECOND);
	put("log", "c\n");
	come_back(true);
	expect("b c ");
	end();
}
END_TEST

START_TEST(a_deleted_generation_is_a_gap)
{
	begin();
	put("log", "a\n");
	expect("a ");
	leave();
	rotate(FIRST);
	put("log", "b\n");
	rotate(SECOND);
	put("log", "c\n");
	rotate("log.000003.20261127T010200Z");
	ck_assert_int_eq(unlink(tell_scratch_path(SECOND)), 0);
	come_back(true);
	expect("c ");
	ck_assert_uint_eq(tail.gaps, 1);
	leave();
	ck_assert_int_eq(unlink(tell_scratch_path(FIRST)), 0);
	ck_assert_int_eq(unlink(tell_scratch_path("log.000003.20261127T010200Z")), 0);
	put("log", "d\n");
	come_back(false);
	expect("d ");
	end();
}
END_TEST

START_TEST(a_truncated_log_is_read_from_its_begin)
{
	begin();
	put("log", "aaa\nbbb\n");
	expect("aaa bbb ");
	ck_assert_int_eq(truncate(tell_scratch_path("log"), 0), 0);
	expect("");
	put("log", "c\n");
	expect("c ");
	ck_assert_uint_eq(tail.gaps, 1);
	/* It has grown beyond the place before anybody looked. */
	tell_tail_settle(&tail);
	ck_assert_int_eq(truncate(tell_scratch_path("log"), 0), 0);
	put("log", "d\ne\nf\n");
	expect("d e f ");
	ck_assert_uint_eq(tail.gaps, 2);
	leave();
	ck_assert_int_eq(truncate(tell_scratch_path("log"), 0), 0);
	put("log", "g\nh\ni\nj\n");
	come_back(false);
	expect("g h i j ");
	end();
}
END_TEST

START_TEST(it_can_begin_at_the_end_of_the_last_line)
{
	begin();
	put(FIRST, "a\n");
	put("log", "b\nc");
	tell_tail_end(&tail);
	expect("");
	put("log", "d\n");
	expect("cd ");
	end();
}
END_TEST

START_TEST(a_name_that_somebody_else_gave_is_found)
{
	begin();
	put("log", "a\n");
	expect("a ");
	leave();
	put("log", "b\n");
	rotate("log.1");
	put("log", "c\n");
	come_back(true);
	expect("b c ");
	leave();
	rotate("log.old"); /* and the other one is gone by now */
	ck_assert_int_eq(unlink(tell_scratch_path("log.1")), 0);
	put("log", "d\n");
	come_back(true);
	expect("d ");
	end();
}
END_TEST

START_TEST(a_log_is_gone_when_nothing_of_it_is_left)
{
	begin();
	put("log", "a\n");
	expect("a ");
	rotate(FIRST);
	expect("");
	ck_assert(!tell_tail_is_gone(&tail));
	ck_assert_int_eq(unlink(tell_scratch_path(FIRST)), 0);
	ck_assert(tell_tail_is_gone(&tail));
	end();
}
END_TEST

START_TEST(links_are_not_followed)
{
	begin();
	put("secret", "a\n");
	ck_assert_int_eq(symlink("secret", tell_scratch_path("log")), 0);
	expect("");
	ck_assert_str_eq(tail.what, "it is no plain file");
	end();
}
END_TEST

START_TEST(what_is_left_is_this_file_and_those_behind_it)
{
	begin();
	put("log", "a\n");
	expect("a ");
	ck_assert_uint_eq(tell_tail_left(&tail), 0);
	put("log", "bb\n");
	ck_assert_uint_eq(tell_tail_left(&tail), 3);
	rotate(FIRST);
	put("log", "cccc\n");
	ck_assert_uint_eq(tell_tail_left(&tail), 3 + 5);
	rotate(SECOND);
	put("log", "d\n");
	ck_assert_uint_eq(tell_tail_left(&tail), 3 + 5 + 2);
	expect("bb cccc d ");
	ck_assert_uint_eq(tell_tail_left(&tail), 0);
	end();
}
END_TEST

static Suite *tail_suite(void)
{
	Suite *s = suite_create("source/tail");
	tell_check_add(s, "tail", generations_come_first_and_half_a_line_waits,
		a_rotation_while_it_runs_leaves_nothing_out,
		it_is_found_again_after_rotation_and_compression,
		nothing_read_of_it_is_a_place_as_well, a_deleted_generation_is_a_gap,
		a_truncated_log_is_read_from_its_begin,
		it_can_begin_at_the_end_of_the_last_line,
		a_name_that_somebody_else_gave_is_found,
		a_log_is_gone_when_nothing_of_it_is_left, links_are_not_followed,
		what_is_left_is_this_file_and_those_behind_it, NULL);
	return s;
}

TELL_CHECK_MAIN(tail_suite)
