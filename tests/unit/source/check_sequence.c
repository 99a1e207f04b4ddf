#include "source/sequence.h"
#include <string.h>
#include "support/check_main.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct tell_sequences all;

static void begin(uint64_t us)
{
	memset(&all, 0, sizeof(all));
	all.begin_us = us;
}

/* A file of entries from_us, from_us + 1, ... with the numbers head to tail, all there. */
static struct tell_sequence_part file_of(
	const char *id, uint64_t head, uint64_t tail, uint64_t from_us)
{
	struct tell_sequence_part p = { .head = head,
		.tail = tail,
		.n = tail - head + 1,
		.head_us = from_us,
		.tail_us = from_us + tail - head };
	memcpy(p.id, id, TELL_SEQUENCE_ID);
	return p;
}

static void put_file(const char *id, uint64_t head, uint64_t tail, uint64_t from_us)
{
	struct tell_sequence_part p = file_of(id, head, tail, from_us);
	tell_sequences_part(&all, &p);
}

static uint64_t take(const char *id, uint64_t number)
{
	return tell_sequence_take(&all, tell_sequences_get(&all, id), number);
}

START_TEST(a_cursor_has_an_id_and_a_number)
{
	char id[TELL_SEQUENCE_ID + 1];
	uint64_t number;
	ck_assert(tell_sequence_of("s=" A ";i=1f;b=" B ";m=1;t=2;x=3", id, &number));
	ck_assert_str_eq(id, A);
	ck_assert_uint_eq(number, 31);
	ck_assert(!tell_sequence_of("t=5f", id, &number));
	ck_assert(!tell_sequence_of("s=" A ";b=" B, id, &number));
	ck_assert(!tell_sequence_of("s=aa;i=1;b=2", id, &number));
	ck_assert(!tell_sequence_of("s=" A ";i=0;b=2", id, &number));
	ck_assert(!tell_sequence_of("", id, &number));
}
END_TEST

START_TEST(a_number_left_out_is_one_missing)
{
	begin(0);
	put_file(A, 1, 9, 100);
	ck_assert(tell_sequence_leaps(tell_sequences_get(&all, A), 1));
	ck_assert_uint_eq(take(A, 1), 0);
	ck_assert(!tell_sequence_leaps(tell_sequences_get(&all, A), 2));
	ck_assert_uint_eq(take(A, 2), 0);
	ck_assert_uint_eq(take(A, 6), 3);
	ck_assert_uint_eq(take(A, 6), 0);
	ck_assert_uint_eq(take(A, 4), 0);
	ck_assert_uint_eq(take(A, 7), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 2);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
}
END_TEST

START_TEST(the_first_is_expected_where_a_file_begins_behind_the_begin)
{
	begin(100);
	put_file(A, 5, 9, 100);
	ck_assert_uint_eq(take(A, 7), 2);
	begin(101);
	put_file(A, 5, 9, 100);
	ck_assert_uint_eq(take(A, 7), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 2);
}
END_TEST

START_TEST(a_sequence_of_which_none_came_is_missing_whole_and_once)
{
	begin(100);
	put_file(A, 1, 9, 200);
	put_file(A, 10, 12, 300);
	put_file(B, 1, 50, 10); /* older than what is wanted */
	ck_assert_uint_eq(tell_sequences_end(&all), 12);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
	tell_sequences_forget(&all);
	put_file(A, 10, 13, 300);
	ck_assert_uint_eq(take(A, 13), 0);
}
END_TEST

START_TEST(sequences_run_beside_each_other)
{
	begin(0);
	put_file(A, 1, 9, 100);
	put_file(B, 1, 9, 100);
	ck_assert_uint_eq(take(A, 1), 0);
	ck_assert_uint_eq(take(B, 3), 2);
	ck_assert_uint_eq(take(A, 2), 0);
	ck_assert_uint_eq(take(B, 4), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 12);
}
END_TEST

/* journald's: of one writer. */
static void put_shared(const char *id, uint64_t head, uint64_t tail, uint64_t n)
{
	struct tell_sequence_part p = file_of(id, head, tail, 100);
	p.n = n;
	p.writer = 7;
	tell_sequences_part(&all, &p);
}

START_TEST(sequences_of_one_writer_share_the_numbers)
{
	begin(0);
	put_shared(A, 1, 9, 6);
	put_shared(B, 3, 12, 6);
	ck_assert_uint_eq(take(A, 1), 0);
	ck_assert_uint_eq(take(A, 2), 0);
	ck_assert_uint_eq(take(B, 3), 0);
	ck_assert_uint_eq(take(A, 4), 0);
	ck_assert_uint_eq(take(B, 7), 2);
	ck_assert_uint_eq(take(A, 9), 1);
	ck_assert_uint_eq(tell_sequences_end(&all), 3);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
}
END_TEST

START_TEST(of_one_writer_a_file_that_cannot_be_read_is_not_counted_twice)
{
	begin(0);
	put_shared(A, 1, 9, 6);
	put_shared(B, 3, 8, 3);
	ck_assert_uint_eq(take(A, 1), 0);
	ck_assert_uint_eq(take(A, 9), 7);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
	begin(0);
	put_shared(A, 1, 9, 6);
	put_shared(B, 3, 8, 3);
	ck_assert_uint_eq(tell_sequences_end(&all), 9);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
}
END_TEST

START_TEST(behind_a_position_the_first_of_another_sequence_counts)
{
	begin(100);
	put_shared(A, 1, 90, 60);
	put_shared(B, 30, 80, 30);
	tell_sequence_begin(tell_sequences_get(&all, A), 50);
	ck_assert_uint_eq(take(B, 54), 3);
	ck_assert_uint_eq(take(A, 55), 0);
}
END_TEST

START_TEST(a_file_that_is_gone_belongs_to_the_one_writer)
{
	begin(100);
	put_shared(A, 60, 90, 31);
	tell_sequence_begin(tell_sequences_get(&all, B), 50);
	ck_assert_uint_eq(take(A, 60), 9);
}
END_TEST

START_TEST(a_writer_may_count_anew_and_go_on_where_a_file_of_before_was)
{
	const char *const c = "cccccccccccccccccccccccccccccccc";
	begin(0);
	put_shared(A, 1, 500, 400);
	put_shared(B, 30, 480, 101);
	ck_assert_uint_eq(take(A, 499), 498); /* none of them came */
	ck_assert_uint_eq(take(B, 500), 0);
	put_shared(c, 1, 900, 100);
	ck_assert_uint_eq(take(c, 1), 0);
	ck_assert_uint_eq(take(c, 2), 0);
	ck_assert_uint_eq(take(c, 5), 2);
	ck_assert_uint_eq(take(B, 501), 0);
	ck_assert_uint_eq(take(c, 502), 0);
	ck_assert_uint_eq(take(c, 505), 2);
}
END_TEST

START_TEST(that_it_counted_anew_is_seen_behind_a_position)
{
	begin(1000);
	put_shared(A, 1, 500, 400); /* older */
	struct tell_sequence_part p = file_of(B, 1, 900, 990);
	p.writer = 7;
	tell_sequences_part(&all, &p);
	tell_sequence_begin(tell_sequences_get(&all, B), 11);
	ck_assert_uint_eq(take(A, 501), 0);
	ck_assert_uint_eq(take(B, 503), 1);
}
END_TEST

START_TEST(a_damaged_number_does_not_count_to_itself)
{
	begin(0);
	put_file(A, 1, 9, 100);
	ck_assert_uint_eq(take(A, 1), 0);
	ck_assert_uint_eq(take(A, 1 << 25), 0);
	ck_assert_uint_eq(take(A, 3), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 6);
}
END_TEST

START_TEST(what_is_being_written_is_not_missing)
{
	begin(0);
	struct tell_sequence_part p = file_of(A, 1, 4, 100);
	p.online = true;
	tell_sequences_part(&all, &p);
	for (uint64_t i = 1; i <= 3; i++)
		ck_assert_uint_eq(take(A, i), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
	ck_assert_uint_eq(take(A, 4), 0);
	ck_assert_uint_eq(take(A, 5), 0);
}
END_TEST

START_TEST(a_head_that_cannot_be_is_none)
{
	begin(0);
	put_file(A, 0, 4, 100);
	put_file(A, 9, 4, 100);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
	ck_assert_uint_eq(take(A, 40), 0);
}
END_TEST

START_TEST(of_too_many_sequences_nothing_is_counted)
{
	char id[TELL_SEQUENCE_ID + 1] = A;
	begin(0);
	for (int i = 0; i < TELL_SEQUENCES_MAX; i++) {
		id[0] = (char)('0' + i);
		ck_assert_ptr_nonnull(tell_sequences_get(&all, id));
	}
	ck_assert_ptr_null(tell_sequences_get(&all, B));
	put_file(B, 1, 9, 100);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
}
END_TEST

/* The system's entries, for a user who may read only his own. */
START_TEST(what_is_in_files_of_others_is_not_missing)
{
	struct tell_sequence_part own = file_of(A, 1, 99, 100);
	own.writer = 7;
	begin(0);
	tell_sequences_closed(&all, 7);
	tell_sequences_part(&all, &own);
	ck_assert_uint_eq(take(A, 4), 0);
	ck_assert_uint_eq(take(A, 20), 0);
	ck_assert(!tell_sequence_leaps(tell_sequences_get(&all, A), 40));
	ck_assert_uint_eq(take(A, 40), 0);
	ck_assert_uint_eq(tell_sequences_end(&all), 0);
	tell_sequences_forget(&all); /* he may by now */
	own.tail = own.n = 199;
	tell_sequences_part(&all, &own);
	ck_assert_uint_eq(take(A, 100), 0);
	ck_assert_uint_eq(take(A, 103), 2);
}
END_TEST

static Suite *sequence_suite(void)
{
	Suite *s = suite_create("source/sequence");
	tell_check_add(s, "sequence", a_cursor_has_an_id_and_a_number,
		a_number_left_out_is_one_missing,
		the_first_is_expected_where_a_file_begins_behind_the_begin,
		a_sequence_of_which_none_came_is_missing_whole_and_once,
		sequences_run_beside_each_other,
		sequences_of_one_writer_share_the_numbers,
		of_one_writer_a_file_that_cannot_be_read_is_not_counted_twice,
		behind_a_position_the_first_of_another_sequence_counts,
		a_file_that_is_gone_belongs_to_the_one_writer,
		a_writer_may_count_anew_and_go_on_where_a_file_of_before_was,
		that_it_counted_anew_is_seen_behind_a_position,
		a_damaged_number_does_not_count_to_itself,
		what_is_being_written_is_not_missing, a_head_that_cannot_be_is_none,
		what_is_in_files_of_others_is_not_missing,
		of_too_many_sequences_nothing_is_counted, NULL);
	return s;
}

TELL_CHECK_MAIN(sequence_suite)
