#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <telltale.h>
#include "record/context.h"
#include "record/thread.h"
#include "support/check_main.h"

/* What a record made now would carry under this name; -1: nothing. */
static int64_t carried(const char *name)
{
	struct tell_thread *t = tell_thread_self();
	tell_context_settle(t, __builtin_frame_address(0));
	struct tell_record r = { 0 };
	struct tell_value v;
	int64_t n = -1;
	ck_assert_int_eq(tell_record_begin(&r, 0, 0), 0);
	if (t->context.head)
		tell_record_splice(&r, &t->context, t->twice);
	if (tell_record_get(&r, name, strlen(name), &v))
		n = tell_value_i64(&v);
	tell_record_done(&r);
	return n;
}

START_TEST(a_scope_lasts_as_long_as_its_block)
{
	ck_assert_int_eq(carried("a"), -1);
	{
		TELL_SCOPE(tell_kv("a", 1));
		ck_assert_int_eq(carried("a"), 1);
	}
	ck_assert_int_eq(carried("a"), -1);
}
END_TEST

START_TEST(the_inner_value_wins_and_the_outer_comes_back)
{
	TELL_SCOPE(tell_kv("a", 1), tell_kv("b", 2));
	{
		TELL_SCOPE(tell_kv("a", 3), tell_kv("a", 4));
		ck_assert_int_eq(carried("a"), 4);
		ck_assert_int_eq(carried("b"), 2);
	}
	ck_assert_int_eq(carried("a"), 1);
	ck_assert_int_eq(carried("b"), 2);
}
END_TEST

START_TEST(a_kept_context_is_entered_for_a_block)
{
	struct tell_context *c = tell_context_new(tell_kv("peer", 7), tell_kv("a", 8));
	TELL_SCOPE(tell_kv("a", 1));
	for (int i = 0; i < 3; i++) {
		TELL_ENTER(c);
		ck_assert_int_eq(carried("peer"), 7);
		ck_assert_int_eq(carried("a"), 8);
	}
	ck_assert_int_eq(carried("peer"), -1);
	ck_assert_int_eq(carried("a"), 1);
	ck_assert_ptr_null(tell_context_free(c));
}
END_TEST

START_TEST(null_contexts_are_harmless)
{
	TELL_ENTER(NULL);
	ck_assert_ptr_null(tell_context_ref(NULL));
	ck_assert_ptr_null(tell_context_free(NULL));
}
END_TEST

static void *in_thread(void *arg)
{
	int64_t before = carried("a");
	TELL_ENTER(arg);
	return before == -1 && carried("a") == 5 && carried("b") == 6 ? arg : NULL;
}

START_TEST(what_is_captured_can_be_entered_by_another_thread)
{
	TELL_SCOPE(tell_kv("a", 1), tell_kv("b", 6));
	TELL_SCOPE(tell_kv("a", 5));
	struct tell_context *c = tell_context_capture();
	pthread_t t;
	void *ok;
	ck_assert_int_eq(pthread_create(&t, NULL, in_thread, c), 0);
	ck_assert_int_eq(pthread_join(t, &ok), 0);
	ck_assert_ptr_nonnull(ok);
	tell_context_free(c);
}
END_TEST

static jmp_buf back;

static __attribute__((noinline)) void jump_away(void)
{
	TELL_SCOPE(tell_kv("lost", 1));
	ck_assert_int_eq(carried("lost"), 1);
	longjmp(back, 1);
}

START_TEST(a_scope_skipped_by_longjmp_is_popped_and_counted)
{
	uint64_t before = tell_context_counts().skipped;
	TELL_SCOPE(tell_kv("a", 1));
	if (setjmp(back) == 0)
		jump_away();
	ck_assert_int_eq(carried("lost"), -1);
	ck_assert_int_eq(carried("a"), 1);
	ck_assert_uint_eq(tell_context_counts().skipped, before + 1);
}
END_TEST

START_TEST(too_many_fields_are_left_out_and_counted)
{
	static char big[40000];
	memset(big, 'x', sizeof(big) - 1);
	uint64_t before = tell_context_counts().cut;
	TELL_SCOPE(tell_kv("big", big));
	TELL_SCOPE(tell_kv("big2", big));
	ck_assert_uint_gt(tell_context_counts().cut, before);
	ck_assert_uint_le(tell_thread_self()->context.head->size,
		TELL_SCOPE_LIMIT + TELL_RECORD_MARGIN);
}
END_TEST

static void nest(int depth)
{
	TELL_SCOPE(tell_kv("depth", depth));
	if (depth < 2000)
		nest(depth + 1);
}

START_TEST(very_deep_nesting_is_survived)
{
	uint64_t before = tell_context_counts().cut;
	nest(0);
	ck_assert_uint_gt(tell_context_counts().cut, before);
	ck_assert_int_eq(carried("depth"), -1);
}
END_TEST

START_TEST(errno_stays)
{
	errno = 4711;
	{
		TELL_SCOPE(tell_kv("fresh_name_for_malloc", 1));
		tell_context_free(tell_context_capture());
	}
	ck_assert_int_eq(errno, 4711);
}
END_TEST

static Suite *context_suite(void)
{
	Suite *s = suite_create("record/context");
	tell_check_add(s, "scopes", a_scope_lasts_as_long_as_its_block,
		the_inner_value_wins_and_the_outer_comes_back,
		a_kept_context_is_entered_for_a_block, null_contexts_are_harmless,
		what_is_captured_can_be_entered_by_another_thread,
		a_scope_skipped_by_longjmp_is_popped_and_counted,
		too_many_fields_are_left_out_and_counted, very_deep_nesting_is_survived,
		errno_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(context_suite)
