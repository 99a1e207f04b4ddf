#include <string.h>
#include "redact/mask.h"
#include "support/check_main.h"

static struct tell_buf out, work, again;

static void expect_pii(const char *before, const char *after)
{
	struct tell_mask m;
	bool whole;
	tell_mask_init(&m, &out, &work);
	m.pii = true;
	int found = tell_mask_text(&m, before, strlen(before), &whole);
	ck_assert_int_ge(found, 0);
	const char *got = found ? tell_buf_cstr(&out) : before;
	ck_assert_msg(
		strcmp(got, after ? after : before) == 0, "%s\n became %s", before, got);
	tell_buf_clear(&again);
	tell_buf_puts(&again, got);
	ck_assert_int_eq(tell_mask_text(&m, again.data, again.len, &whole), 0);
	m.pii = false; /* and without the profile nothing is found */
	ck_assert_int_eq(tell_mask_text(&m, before, strlen(before), &whole), 0);
	tell_mask_done(&m);
}

START_TEST(addresses_go)
{
	expect_pii(
		"mail to ann.lee+x@example.co.uk sent", "mail to [REDACTED:email] sent");
	expect_pii("<ann@example.org>, bob@example.org.",
		"<[REDACTED:email]>, [REDACTED:email].");
	expect_pii("GET /u?mail=ann%40example.org&x", "GET /u?mail=[REDACTED:email]&x");
	expect_pii("{\"to\":\"ann@example.org\"}", "{\"to\":\"[REDACTED:email]\"}");
}
END_TEST

START_TEST(numbers_of_telephones_go)
{
	expect_pii("sms to +49 151 65318803 queued", "sms to [REDACTED:phone] queued");
	expect_pii("tel:+1-555-010-9999", "tel:[REDACTED:phone]");
	expect_pii("call +33(0)612345678.", "call [REDACTED:phone].");
	expect_pii("phone: 0151 2345678", "phone: [REDACTED:phone]");
	expect_pii("\"mobile\":\"0612345678\"", "\"mobile\":\"[REDACTED:phone]\"");
}
END_TEST

START_TEST(national_numbers_go_behind_their_word)
{
	expect_pii("BSN 123456782 ok", "BSN [REDACTED:id] ok");
	expect_pii("PESEL: 44051401359", "PESEL: [REDACTED:id]");
	expect_pii("dni=12345678Z", "dni=[REDACTED:id]");
	expect_pii("cpf 123.456.789-09", "cpf [REDACTED:id]");
	expect_pii("Steuer-ID 12 345 678 901", "Steuer-ID [REDACTED:id]");
}
END_TEST

START_TEST(others_stay)
{
	expect_pii("diff +13924 -160 lines, tz +0900", NULL);
	expect_pii("1.4.34-rc.6+build.64299682 1+12345678901", NULL);
	expect_pii("clone git@github.com:shop/cart.git or ssh://git@h.example/x", NULL);
	expect_pii("@user in user@host at 10:00", NULL);
	expect_pii("https://ann:@h.example/x", NULL);
	expect_pii("telemetry 123456789, nine 1234567, intel 87654321", NULL);
}
END_TEST

static Suite *pii_suite(void)
{
	Suite *s = suite_create("redact/pii");
	tell_check_add(s, "pii", addresses_go, numbers_of_telephones_go,
		national_numbers_go_behind_their_word, others_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(pii_suite)
