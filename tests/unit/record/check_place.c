#include "record/place.h"
#include <pthread.h>
#include <string.h>
#include "support/check_main.h"

START_TEST(a_site_gets_one_place_that_outlives_it)
{
	char file[] = "shop/cart.c";
	struct tell_site site = {
		.file = file, .func = "pay", .logger = "shop", .line = 7
	};
	uint32_t id = tell_place_add(&site);
	ck_assert_uint_ne(id, 0);
	ck_assert_uint_eq(tell_place_add(&site), id);
	memset(file, 'x', sizeof(file) - 1);
	ck_assert_str_eq(tell_place(id)->file, "shop/cart.c");
	ck_assert_str_eq(tell_place(id)->func, "pay");
	ck_assert_str_eq(tell_place(id)->logger, "shop");
	ck_assert_uint_eq(tell_place(id)->line, 7);
	ck_assert_uint_eq(tell_place(id)->file_len, 11);
}
END_TEST

START_TEST(the_same_place_loaded_again_keeps_its_number)
{
	struct tell_site a = { .file = "a.c", .func = "f", .logger = "", .line = 1 };
	struct tell_site b = { .file = "a.c", .func = "f", .logger = "", .line = 1 };
	struct tell_site other = { .file = "a.c", .func = "f", .logger = "", .line = 2 };
	ck_assert_uint_eq(tell_place_add(&a), tell_place_add(&b));
	ck_assert_uint_ne(tell_place_add(&other), a.id);
}
END_TEST

START_TEST(unknown_numbers_are_nowhere)
{
	ck_assert_str_eq(tell_place(0)->file, "");
	ck_assert_str_eq(tell_place(12345)->func, "");
	ck_assert_str_eq(tell_place(UINT32_MAX)->logger, "");
}
END_TEST

START_TEST(long_paths_keep_their_end)
{
	char file[600];
	memset(file, 'd', sizeof(file));
	memcpy(file + 590, "/cart.c", 8);
	struct tell_site site = { .file = file };
	const struct tell_place *p = tell_place(tell_place_add(&site));
	ck_assert_uint_eq(p->file_len, 255);
	ck_assert_str_eq(p->file + 255 - 7, "/cart.c");
	ck_assert_str_eq(p->func, "");
}
END_TEST

START_TEST(sites_beyond_the_limit_have_no_place)
{
	struct tell_site site = { .file = "many.c" };
	for (uint32_t line = 1; line < 65536; line++) {
		site.id = 0;
		site.line = line;
		(void)tell_place_add(&site);
	}
	site.id = 0;
	site.line = 100000;
	ck_assert_uint_eq(tell_place_add(&site), 0);
}
END_TEST

/* Tables grow in between: nothing may get another number, or lose its own. */
START_TEST(many_places_keep_their_numbers)
{
	static uint32_t ids[3000];
	struct tell_site site = { .file = "many.c", .func = "f", .logger = "" };
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 3000; i++) {
			site.id = 0;
			site.line = i;
			uint32_t id = tell_place_add(&site);
			ck_assert_uint_ne(id, 0);
			if (round)
				ck_assert_uint_eq(id, ids[i]);
			ids[i] = id;
			ck_assert_uint_eq(tell_place(id)->line, i);
		}
}
END_TEST

static void *add_and_read(void *arg)
{
	const char *func = arg;
	for (uint32_t i = 0; i < 2000; i++) {
		struct tell_site site = { .file = "t.c", .func = func, .line = i };
		const struct tell_place *p = tell_place(tell_place_add(&site));
		ck_assert_uint_eq(p->line, i);
		ck_assert_str_eq(p->func, func);
		ck_assert_str_eq(tell_place(p->id > 1 ? p->id - 1 : 1)->file, "t.c");
	}
	return NULL;
}

START_TEST(threads_read_places_while_others_are_added)
{
	static char a[] = "a", b[] = "b";
	char *const funcs[3] = { a, b, a };
	pthread_t t[3];
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, add_and_read, funcs[i]), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

static Suite *place_suite(void)
{
	Suite *s = suite_create("record/place");
	tell_check_add(s, "places", a_site_gets_one_place_that_outlives_it,
		the_same_place_loaded_again_keeps_its_number, unknown_numbers_are_nowhere,
		long_paths_keep_their_end, sites_beyond_the_limit_have_no_place,
		many_places_keep_their_numbers,
		threads_read_places_while_others_are_added, NULL);
	return s;
}
TELL_CHECK_MAIN(place_suite)
