#include "forward/tenant.h"
#include <string.h>
#include <telltale/log.h>
#include "support/check_main.h"

START_TEST(what_loki_takes_is_a_tenant)
{
	static const char *const good[] = { "a", "ops-1", "A.b_c!*'()", "...", "0" };
	static const char *const bad[] = { "", ".", "..", "a b", "a/b", "a|b",
		"a\xc3\xa4", "a\n" };
	char name[TELL_TENANT_MAX + 2];
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(
			tell_tenant_is_valid(good[i], strlen(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(
			!tell_tenant_is_valid(bad[i], strlen(bad[i])), "%s", bad[i]);
	ck_assert(!tell_tenant_is_valid("a\0b", 3));
	memset(name, 'a', sizeof(name));
	ck_assert(tell_tenant_is_valid(name, TELL_TENANT_MAX));
	ck_assert(!tell_tenant_is_valid(name, TELL_TENANT_MAX + 1));
}
END_TEST

static const char *of(const struct tell_field *f, bool *ret_valid)
{
	static struct tell_buf out;
	static struct tell_record r;
	const struct tell_tenant t = { "tenant_id", "ops" };
	const struct tell_parcel p = { .record = &r };
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
	if (f)
		tell_record_add(&r, f, 1, 0, NULL);
	tell_buf_clear(&out);
	tell_buf_puts(&out, "x:");
	*ret_valid = tell_tenant_put(&t, &p, &out);
	return tell_buf_cstr(&out);
}

START_TEST(a_record_says_its_own_or_has_the_default)
{
	bool valid;
	struct tell_field f = tell_str("tenant_id", "shop");
	ck_assert_str_eq(of(&f, &valid), "x:shop");
	ck_assert(valid);
	f = tell_i64("tenant_id", 42);
	ck_assert_str_eq(of(&f, &valid), "x:42");
	ck_assert(valid);
	ck_assert_str_eq(of(NULL, &valid), "x:ops");
	ck_assert(valid);
	f = tell_null("tenant_id");
	ck_assert_str_eq(of(&f, &valid), "x:ops");
	ck_assert(valid);
	f = tell_str("tenant_id", "a/b");
	ck_assert_str_eq(of(&f, &valid), "x:ops");
	ck_assert(!valid);
	f = tell_str("tenant_id", "");
	ck_assert_str_eq(of(&f, &valid), "x:ops");
	ck_assert(!valid);
}
END_TEST

static Suite *tenant_suite(void)
{
	Suite *s = suite_create("forward/tenant");
	tell_check_add(s, "tenant", what_loki_takes_is_a_tenant,
		a_record_says_its_own_or_has_the_default, NULL);
	return s;
}
TELL_CHECK_MAIN(tenant_suite)
