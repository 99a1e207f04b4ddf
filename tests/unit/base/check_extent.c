#include "base/extent.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "support/check_main.h"

static int of_this_program = 1;

START_TEST(a_programs_code_data_and_literals_are_in_one_extent)
{
	struct tell_extent e;
	ck_assert(tell_extent_of(&of_this_program, &e));
	ck_assert(tell_extent_has(&e, &of_this_program));
	ck_assert(tell_extent_has(&e, "a literal"));
	ck_assert(tell_extent_has(&e, (const void *)(uintptr_t)tell_extent_of));
	ck_assert(!tell_extent_has(&e, (const void *)e.last));
	ck_assert(!tell_extent_has(&e, (const void *)(e.first - 1)));
}
END_TEST

START_TEST(a_library_has_an_extent_of_its_own)
{
	struct tell_extent e;
	const void *in_libc = dlsym(RTLD_DEFAULT, "strverscmp");
	ck_assert_ptr_nonnull(in_libc);
	ck_assert(tell_extent_of(in_libc, &e));
	ck_assert(tell_extent_has(&e, in_libc));
	ck_assert(!tell_extent_has(&e, &of_this_program));
}
END_TEST

START_TEST(the_heap_and_a_stack_are_in_none)
{
	struct tell_extent e;
	char on_stack = 'x';
	void *heap = malloc(1);
	ck_assert(!tell_extent_of(&on_stack, &e));
	ck_assert(!tell_extent_of(heap, &e));
	ck_assert(!tell_extent_of(NULL, &e));
	free(heap);
}
END_TEST

START_TEST(literals_are_constant_and_data_is_not)
{
	static char buffer[] = "may be written";
	static const char *const relocated =
		"where it points is constant, itself not quite";
	struct tell_extent e;
	ck_assert(tell_extent_of(&of_this_program, &e));
	ck_assert(tell_extent_is_constant(&e, "a literal"));
	ck_assert(tell_extent_is_constant(&e, relocated));
	ck_assert(!tell_extent_is_constant(&e, buffer));
	ck_assert(!tell_extent_is_constant(&e, &of_this_program));
	ck_assert(!tell_extent_is_constant(&e, (const void *)e.last));
	const char *in_libc = dlsym(RTLD_DEFAULT, "strverscmp");
	ck_assert(!tell_extent_is_constant(&e, in_libc));
	ck_assert(tell_extent_of(in_libc, &e));
	ck_assert(tell_extent_is_constant(&e, in_libc)); /* code is */
	struct tell_extent none = { (uintptr_t)buffer, (uintptr_t)buffer + 4 };
	ck_assert(!tell_extent_is_constant(&none, buffer));
}
END_TEST

static Suite *extent_suite(void)
{
	Suite *s = suite_create("base/extent");
	tell_check_add(s, "extent", a_programs_code_data_and_literals_are_in_one_extent,
		a_library_has_an_extent_of_its_own, the_heap_and_a_stack_are_in_none,
		literals_are_constant_and_data_is_not, NULL);
	return s;
}
TELL_CHECK_MAIN(extent_suite)
