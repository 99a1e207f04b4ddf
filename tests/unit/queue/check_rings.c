#include "queue/rings.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "queue/seat.h"
#include "support/check_main.h"
#include "support/memory_dir.h"
#include "support/unit.h"

static bool made(struct tell_ring *r)
{
	(void)pthread_mutex_lock(&r->lock);
	bool there = tell_ring_file_there(r);
	(void)pthread_mutex_unlock(&r->lock);
	return there;
}

START_TEST(a_service_has_one_ring)
{
	struct tell_ring *a = tell_ring_get("shop", 16384);
	struct tell_ring *b = tell_ring_get("shop", 65536),
			 *c = tell_ring_get("till", 16384);
	ck_assert_ptr_eq(a, b);
	ck_assert_ptr_ne(a, c);
	ck_assert_uint_eq(b->lane_bytes, 16384); /* the first one's, while it lives */
	struct tell_ring *found = tell_ring_by_number(c->number);
	ck_assert_ptr_eq(found, c);
	(void)pthread_mutex_unlock(&c->lock);
	uint64_t number = c->number;
	tell_ring_put(c);
	ck_assert_ptr_null(tell_ring_by_number(number));
	tell_ring_put(a);
	tell_ring_put(b);
	a = tell_ring_get("shop", 65536);
	ck_assert_uint_eq(a->lane_bytes, 65536);
	tell_ring_put(a);
}
END_TEST

START_TEST(an_empty_ring_leaves_no_file_and_a_full_one_does)
{
	if (!memory_dir())
		return;
	struct tell_ring *r = tell_ring_get("shop", 16384);
	ck_assert(made(r) && made(r));
	ck_assert_uint_eq(memory_dir_files(".ring"), 1);
	tell_ring_put(r);
	ck_assert_uint_eq(memory_dir_files(".ring"), 0);

	r = tell_ring_get("shop", 16384);
	struct tell_seat_taken seat = tell_seat_take(r, tell_thread_self());
	ck_assert_ptr_nonnull(seat.lane);
	size_t room;
	memset(tell_lane_reserve(seat.lane, 64, &room), 0, 64);
	tell_lane_commit(seat.lane, 64);
	tell_seat_leave(&seat);
	tell_ring_put(r);
	ck_assert_uint_eq(memory_dir_files(".ring"), 1);
}
END_TEST

START_TEST(our_file_is_known_by_its_inode)
{
	if (!memory_dir())
		return;
	struct tell_ring *r = tell_ring_get("shop", 16384);
	struct stat st;
	ck_assert(made(r));
	ck_assert_int_eq(stat(r->file.path, &st), 0);
	ck_assert(tell_ring_has_file(st.st_dev, st.st_ino));
	ck_assert(!tell_ring_has_file(st.st_dev, st.st_ino + 1));
	tell_ring_put(r);
	ck_assert(!tell_ring_has_file(st.st_dev, st.st_ino));
}
END_TEST

START_TEST(words_get_another_chunk_when_one_is_full)
{
	if (!memory_dir())
		return;
	struct tell_ring *r = tell_ring_get("shop", 16384);
	ck_assert(made(r));
	for (int i = 0; i < 1200; i++) {
		char name[40];
		struct tell_record one = { 0 };
		(void)snprintf(name, sizeof(name), "a_rather_long_name_of_field_%d", i);
		struct tell_field f = tell_i64(name, i);
		ck_assert_int_eq(tell_record_begin(&one, 6, 0), 0);
		tell_record_add(&one, &f, 1, 0, NULL);
		(void)pthread_mutex_lock(&r->lock);
		bool there = tell_ring_words(r, one.head);
		(void)pthread_mutex_unlock(&r->lock);
		tell_unit_expect(there, "no room for word %d", i);
		tell_record_done(&one);
	}
	ck_assert_uint_ge(r->file.head->n_chunks, 2);
	tell_ring_put(r);
}
END_TEST

START_TEST(fault_7_a_child_has_a_ring_of_its_own)
{
	if (!memory_dir())
		return;
	struct tell_ring *r = tell_ring_get("shop", 16384);
	ck_assert(made(r));
	uint64_t number = r->number;
	struct tell_ring_head *head = r->file.head;
	pid_t pid = fork();
	if (pid == 0) {
		tell_ring_child(r);
		bool fine = r->number != number && r->n_lanes == 0 && !r->file.head &&
			memory_dir_files(".ring") == 1 && made(r) &&
			memory_dir_files(".ring") == 2 &&
			r->file.head->pid == (uint32_t)getpid();
		tell_ring_put(r);
		_exit(fine && memory_dir_files(".ring") == 1 ? 0 : 1);
	}
	int status;
	(void)waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_ptr_eq(r->file.head, head);
	ck_assert_uint_eq(head->pid, (uint32_t)getpid());
	tell_ring_put(r);
}
END_TEST

static Suite *rings_suite(void)
{
	Suite *s = suite_create("queue/rings");
	TCase *c = tcase_create("rings");
	tcase_add_checked_fixture(c, NULL, memory_dir_remove);
	tcase_add_test(c, a_service_has_one_ring);
	tcase_add_test(c, an_empty_ring_leaves_no_file_and_a_full_one_does);
	tcase_add_test(c, our_file_is_known_by_its_inode);
	tcase_add_test(c, words_get_another_chunk_when_one_is_full);
	tcase_add_test(c, fault_7_a_child_has_a_ring_of_its_own);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(rings_suite)
