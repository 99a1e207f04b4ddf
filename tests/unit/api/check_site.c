#include "api/site.h"
#include <stdlib.h>
#include <telltale.h>
#include "queue/quick.h"
#include "support/check_main.h"
#include "support/flow.h"

/* An object as a C++ file has it: without a section, its sites list themselves. */
static struct tell__object object;

static struct tell_site site_at(uint32_t line)
{
	return (struct tell_site){
		.level = TELL_DEBUG,
		.line = line,
		.file = "cart.cc",
		.func = "f",
		.logger = "",
		.text = "",
	};
}

static void reach(struct tell_site *site)
{
	tell__site_add(&object, site);
	tell_log_at(site, TELL_DEBUG, "reached", NULL, 0);
}

START_TEST(a_listed_site_hears_of_every_change)
{
	struct tell_site site = site_at(1);
	flow_start("");
	reach(&site);
	ck_assert_uint_eq(site.state, TELL__OFF);
	ck_assert_int_eq(tell_level_set("file:cart.cc debug"), 0);
	ck_assert_uint_eq(site.state, TELL__UNRESOLVED);
	reach(&site);
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(tell_level_set("reset"), 0);
	reach(&site);
	ck_assert_uint_eq(flow_count(), 1);
	tell__object_remove(&object);
}
END_TEST

START_TEST(a_site_is_listed_once)
{
	struct tell_site a = site_at(1), b = site_at(2);
	flow_start("");
	for (int i = 0; i < 3; i++) {
		reach(&a);
		reach(&b);
	}
	ck_assert_ptr_eq(object.reached, &b);
	ck_assert_ptr_eq(b.next, &a);
	ck_assert_ptr_null(a.next);
	tell__object_remove(&object);
}
END_TEST

START_TEST(an_unloaded_object_lets_its_sites_go)
{
	static struct tell_site site;
	site = site_at(1);
	const struct tell_field field = tell_null("k");
	flow_start("");
	ck_assert_int_eq(tell_level_set("debug"), 0);
	tell__site_add(&object, &site);
	tell_log_at(&site, TELL_DEBUG, "x", &field, 1);
	ck_assert_ptr_nonnull(site.keys);
	tell__object_remove(&object);
	ck_assert_uint_eq(site.listed, 0);
	ck_assert_ptr_null(site.keys);
	ck_assert_ptr_null(object.reached);
	ck_assert_int_eq(tell_level_set("file:cart.cc off"), 0); /* does not touch it */
	ck_assert_uint_eq(site.state, TELL__UNRESOLVED);
	reach(&site); /* an inline function's site that stays lists itself again */
	ck_assert_uint_eq(site.listed, 1);
	ck_assert_uint_eq(site.state, TELL__OFF);
	tell__object_remove(&object);
}
END_TEST

START_TEST(a_site_in_no_object_learns_nothing_that_could_be_lost_with_it)
{
	struct tell_site *site = aligned_alloc(64, sizeof(*site));
	*site = site_at(1);
	const struct tell_field field = tell_null("k");
	flow_start("");
	ck_assert_int_eq(tell_level_set("debug"), 0);
	tell__site_add(&object, site);
	tell_log_at(site, TELL_DEBUG, "x", &field, 1);
	const struct tell_quick_plan *keys = site->keys;
	ck_assert_uint_eq(keys->n, 0);
	tell__object_remove(&object);
	ck_assert_ptr_eq(site->keys, keys);
	free(site); /* nothing is left behind: by LeakSanitizer's word */
}
END_TEST

START_TEST(a_section_found_after_the_first_site_is_taken)
{
	static struct tell_site section[2], early;
	early = site_at(1);
	section[0] = section[1] = site_at(2);
	flow_start("");
	reach(&early); /* in a constructor of C++, before the object's own */
	section[1].state = TELL__OFF;
	tell__object_add(&object, section, section + 2);
	ck_assert_uint_eq(section[1].state, TELL__UNRESOLVED);
	section[1].state = TELL__OFF;
	tell__object_add(&object, section, section + 2); /* once each file of it */
	ck_assert_uint_eq(section[1].state, TELL__OFF);
	tell__object_remove(&object);
}
END_TEST

static Suite *site_suite(void)
{
	Suite *s = suite_create("api/site");
	tell_check_add(s, "listed", a_listed_site_hears_of_every_change,
		a_site_is_listed_once, a_section_found_after_the_first_site_is_taken,
		NULL);
	tell_check_add(s, "unloaded", an_unloaded_object_lets_its_sites_go,
		a_site_in_no_object_learns_nothing_that_could_be_lost_with_it, NULL);
	return s;
}
TELL_CHECK_MAIN(site_suite)
