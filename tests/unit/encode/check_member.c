#include "encode/member.h"
#include "support/check_main.h"

START_TEST(commas_stand_between_members_and_elements_only)
{
	struct tell_buf out;
	tell_buf_init(&out, 1000);
	tell_buf_putc(&out, '{');
	tell_member_text(&out, "a", "q\"\n");
	tell_member_u64(&out, "b", UINT64_MAX);
	tell_member_time(&out, "c", 0);
	tell_member_name(&out, "d");
	tell_buf_putc(&out, '[');
	tell_member_element(&out);
	tell_member_u64(&out, "e", 1);
	tell_buf_putc(&out, '}');
	tell_member_element(&out);
	tell_buf_puts(&out, "}]}");
	ck_assert_str_eq(tell_buf_cstr(&out),
		"{\"a\":\"q\\\"\\n\",\"b\":18446744073709551615,"
		"\"c\":\"1970-01-01T00:00:00.000000Z\",\"d\":[{\"e\":1},{}]}");
	tell_buf_done(&out);
}
END_TEST

static Suite *member_suite(void)
{
	Suite *s = suite_create("encode/member");
	tell_check_add(s, "member", commas_stand_between_members_and_elements_only, NULL);
	return s;
}
TELL_CHECK_MAIN(member_suite)
