#include "redact/hide.h"
#include <string.h>
#include "base/buf.h"
#include "support/check_main.h"

#define SECRET                                                                           \
	"x9ab"                                                                           \
	"cdef"

static void expect(const char *given, const char *want)
{
	struct tell_buf out = { 0 };
	tell_buf_puts(&out, "> ");
	bool changed = tell_hide(&out, given, strlen(given));
	ck_assert_int_eq(changed, strcmp(given, want) != 0);
	ck_assert_str_eq(tell_buf_cstr(&out) + 2, want);
	tell_buf_done(&out);
}

START_TEST(what_has_no_secret_stays)
{
	expect("request_id", "request_id");
	expect("X-Request-Id: 17", "X-Request-Id: 17");
	expect("", "");
}
END_TEST

START_TEST(a_secret_becomes_its_mask)
{
	expect("token=" SECRET "&n=1", "token=[REDACTED:pair]&n=1");
	expect("http://ann:" SECRET "@db/", "http://ann:[REDACTED:url]@db/");
}
END_TEST

static Suite *hide_suite(void)
{
	Suite *s = suite_create("redact/hide");
	tell_check_add(
		s, "text", what_has_no_secret_stays, a_secret_becomes_its_mask, NULL);
	return s;
}

TELL_CHECK_MAIN(hide_suite)
