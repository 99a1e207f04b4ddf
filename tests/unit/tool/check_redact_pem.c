#include <string.h>
#include "support/check_main.h"
#include "tool/redact_pem.h"

#define KEY  "PRIVATE KEY"
#define LINE "MIIEowIBAAKCAQEA0123456789abcdef+/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123"

static bool opens(const char *s)
{
	return tell_pem_opens(s, strlen(s));
}

static bool goes_on(const char *s)
{
	return tell_pem_goes_on(s, strlen(s));
}

START_TEST(a_private_key_opens)
{
	ck_assert(opens("-----BEGIN " KEY "-----"));
	ck_assert(opens("Nov 26 a: -----BEGIN OPENSSH " KEY "-----\n"));
	ck_assert(opens("-----BEGIN PGP " KEY " BLOCK-----"));
	ck_assert(opens("-----BEGIN A-----x-----END A----- -----BEGIN EC " KEY "-----"));
}
END_TEST

START_TEST(other_text_does_not)
{
	ck_assert(!opens(""));
	ck_assert(!opens("-----BEGIN "));
	ck_assert(!opens("-----BEGIN CERTIFICATE-----"));
	ck_assert(
		!opens("-----BEGIN RSA " KEY "-----\\nabc\\n-----END RSA " KEY "-----"));
	ck_assert(!opens("the " KEY " is missing"));
}
END_TEST

START_TEST(its_lines_go_on)
{
	ck_assert(goes_on(LINE));
	ck_assert(goes_on("  " LINE "\r\n"));
	ck_assert(goes_on("Nov 26 web a[1]: " LINE));
	ck_assert(goes_on("Proc-Type: 4,ENCRYPTED"));
	ck_assert(goes_on("\n"));
	ck_assert(goes_on("abcd"));
	ck_assert(goes_on("abc="));
	ck_assert(goes_on("Nov 26 web a[1]: -----END " KEY "-----"));
}
END_TEST

START_TEST(text_ends_it)
{
	ck_assert(!goes_on("order 17 accepted"));
	ck_assert(!goes_on("abc"));
	ck_assert(!goes_on("{\"a\":1}"));
	ck_assert(!goes_on("Nov 26 web a[1]: abcd"));
	ck_assert(tell_pem_ends("x -----END A-----", 17));
	ck_assert(!tell_pem_ends(LINE, strlen(LINE)));
}
END_TEST

static Suite *pem_suite(void)
{
	Suite *s = suite_create("tool/redact_pem");
	tell_check_add(s, "begin", a_private_key_opens, other_text_does_not, NULL);
	tell_check_add(s, "lines", its_lines_go_on, text_ends_it, NULL);
	return s;
}

TELL_CHECK_MAIN(pem_suite)
