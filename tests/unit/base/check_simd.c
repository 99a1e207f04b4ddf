#include "base/simd.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

/* The kernel's word for it. */
static bool has_flag(const char *flag)
{
	char line[8192];
	FILE *f = fopen("/proc/cpuinfo", "r");
	bool has = false;
	while (f && !has && fgets(line, sizeof(line), f))
		has = strncmp(line, "flags", 5) == 0 && strstr(line, flag);
	if (f)
		(void)fclose(f);
	return has;
}

START_TEST(it_says_what_the_kernel_says)
{
	enum tell_simd expected = has_flag(" avx2 ") ? TELL_SIMD_AVX2
		: has_flag(" ssse3 ")		     ? TELL_SIMD_SSSE3
						     : TELL_SIMD_NONE;
	ck_assert_int_eq(tell_simd(), expected);
	ck_assert_int_eq(tell_simd(), expected); /* from memory */
}
END_TEST

static Suite *simd_suite(void)
{
	Suite *s = suite_create("base/simd");
	tell_check_add(s, "simd", it_says_what_the_kernel_says, NULL);
	return s;
}
TELL_CHECK_MAIN(simd_suite)
