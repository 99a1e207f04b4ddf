#include "meter/memo.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "meter/cells.h"
#include "support/check_main.h"

static struct tell_family *family(const char *name)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(
		tell_family_new(&f, TELL_METRIC_COUNTER, name, "Help.", "method status"),
		0);
	return f;
}

/* Look it up as the API does, and say whether it was remembered. */
static bool remembered(struct tell_family *f, const char *a, const char *b)
{
	const char *const values[] = { a, b };
	struct tell_series **slot = tell_memo_slot(f, values, 2);
	struct tell_series *s = slot ? tell_memo_get(slot, f, values, 2) : NULL;
	struct tell_series *right = tell_family_with(f, values, 2, true);
	if (!s && slot)
		tell_memo_put(slot, right);
	ck_assert(!s || s == right);
	return s != NULL;
}

static struct tell_series **slot_of(struct tell_family *f, const char *a)
{
	return tell_memo_slot(f, (const char *const[]){ a, "200" }, 2);
}

START_TEST(values_are_remembered_by_their_bytes)
{
	struct tell_family *f = family("f"), *g = family("g");
	char method[] = "GET", other[] = "GET";
	ck_assert(!remembered(f, method, "200"));
	ck_assert(remembered(f, other, "200")); /* wherever they are */
	ck_assert(!remembered(g, method, "200"));
	memcpy(method, "PUT", 3);
	ck_assert(!remembered(f, method, "200")); /* the same memory with another text */
	/* Unless one of the others has its slot: where families lie decides that. */
	struct tell_series **slot = slot_of(f, other);
	ck_assert(remembered(f, other, "200") || slot == slot_of(g, other) ||
		slot == slot_of(f, "PUT"));
	ck_assert(!remembered(f, "GE", "T200"));
	ck_assert(!remembered(f, "", ""));
	ck_assert(remembered(f, "", ""));
}
END_TEST

START_TEST(what_is_alike_at_its_ends_is_told_apart)
{
	struct tell_family *f = family("f");
	ck_assert(!remembered(f, "/cart/items/1/price-list", "x"));
	ck_assert(!remembered(f, "/cart/items/2/price-list", "x")); /* the same slot */
	ck_assert(!remembered(f, "/cart/items/1/price-list", "x"));
	ck_assert(remembered(f, "/cart/items/1/price-list", "x"));
}
END_TEST

START_TEST(what_is_kept_as_another_text_is_not_remembered)
{
	struct tell_family *f = family("f");
	char longer[TELL_LABEL_VALUE + 2];
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	const char *const much[] = { longer, "x" }, *const none[] = { NULL, "x" };
	ck_assert_ptr_null(tell_memo_slot(f, much, 2));
	ck_assert_ptr_null(tell_memo_slot(f, none, 2));
	ck_assert_ptr_null(tell_memo_slot(f, much, 1));
	ck_assert(!remembered(f, longer + 1, "x")); /* just fits */
	ck_assert(remembered(f, longer + 1, "x"));
	ck_assert(!remembered(f, "\xff", "x"));
	ck_assert(!remembered(f, "\xff", "x")); /* is "?" */
}
END_TEST

START_TEST(a_full_memory_forgets_and_stays_right)
{
	struct tell_family *f = family("f");
	char text[16];
	int n = 0;
	for (int i = 0; i < 4 * 500; i++) {
		(void)snprintf(text, sizeof(text), "u%d", i % 500);
		n += remembered(f, text, "x");
	}
	ck_assert_int_gt(n, 0);
	for (int i = 0; i < 100; i++)
		(void)remembered(f, "u7", "x");
	ck_assert(remembered(f, "u7", "x"));
}
END_TEST

static void *look_up(void *arg)
{
	bool *was = arg;
	*was = remembered(family("f"), "GET", "200");
	tell_cell_add(0, 1);
	return NULL;
}

START_TEST(a_thread_goes_on_with_what_another_left)
{
	bool was[2];
	ck_assert(
		!remembered(family("f"), "a", "b")); /* this thread has its own memory */
	for (int i = 0; i < 2; i++) {
		pthread_t t;
		ck_assert_int_eq(pthread_create(&t, NULL, look_up, &was[i]), 0);
		(void)pthread_join(t, NULL);
	}
	ck_assert(!was[0]);
	ck_assert(was[1]);
	ck_assert(!remembered(family("f"), "GET", "200"));
}
END_TEST

static Suite *memo_suite(void)
{
	Suite *s = suite_create("meter/memo");
	tell_check_add(s, "memo", values_are_remembered_by_their_bytes,
		what_is_alike_at_its_ends_is_told_apart,
		what_is_kept_as_another_text_is_not_remembered,
		a_full_memory_forgets_and_stays_right,
		a_thread_goes_on_with_what_another_left, NULL);
	return s;
}
TELL_CHECK_MAIN(memo_suite)
