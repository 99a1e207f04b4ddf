#include "source/origin.h"
#include <stdio.h>
#include "record/place.h"
#include "support/check_main.h"

START_TEST(the_same_place_is_the_same_site)
{
	char file[] = "cart.c";
	struct tell_site *a = tell_origin(file, 42, "add", "shop");
	ck_assert_ptr_nonnull(a);
	ck_assert_uint_ne(a->id, 0);
	file[0] = 'x'; /* nothing of the caller's is kept */
	ck_assert_str_eq(a->file, "cart.c");
	ck_assert_ptr_eq(tell_origin("cart.c", 42, "add", "shop"), a);
	uint32_t id = a->id;
	ck_assert_uint_ne(tell_origin("cart.c", 43, "add", "shop")->id, id);
	ck_assert_uint_ne(tell_origin("cart.c", 42, NULL, "shop")->id, id);
	ck_assert_uint_ne(tell_origin("cart.c", 42, "add", NULL)->id, id);
	ck_assert_uint_eq(tell_origin("cart.c", 42, "add", "shop")->id, id);
	ck_assert_str_eq(tell_place(id)->func, "add");
}
END_TEST

START_TEST(nowhere_is_no_site)
{
	ck_assert_ptr_null(tell_origin(NULL, 42, NULL, NULL));
	ck_assert_ptr_null(tell_origin("", 0, "", ""));
	ck_assert_ptr_nonnull(tell_origin(NULL, 0, NULL, "shop"));
}
END_TEST

START_TEST(more_places_than_there_is_room_for_are_none)
{
	char file[32];
	unsigned known = 0, last = 0;
	for (unsigned i = 1; i <= 70000; i++) {
		(void)snprintf(file, sizeof(file), "f%u.c", i);
		if (tell_origin(file, i, NULL, NULL)) {
			known++;
			last = i;
		}
	}
	ck_assert_uint_eq(known, 65535);
	ck_assert_uint_eq(last, 65535);
	ck_assert_ptr_nonnull(tell_origin("f1.c", 1, NULL, NULL));
	ck_assert_str_eq(
		tell_place(tell_origin("f9.c", 9, NULL, NULL)->id)->file, "f9.c");
	ck_assert_ptr_null(tell_origin("f69999.c", 69999, NULL, NULL));
}
END_TEST

static Suite *origin_suite(void)
{
	Suite *s = suite_create("source/origin");
	tell_check_add(s, "origin", the_same_place_is_the_same_site, nowhere_is_no_site,
		more_places_than_there_is_room_for_are_none, NULL);
	return s;
}

TELL_CHECK_MAIN(origin_suite)
