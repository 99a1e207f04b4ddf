#pragma once
#include <stdbool.h>
#include <string.h>

#include "base/scan.h"
#include "support/check_main.h"
#include "support/unit.h"

/* The cases of both forms of base/scan.c: check_scan.c runs them on the one this machine
 * uses, check_scan_word.c on the plain one. */
#define SCAN_MAX 80

static bool is_ascii(unsigned char c)
{
	return c < 0x80;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

static bool is_clean(unsigned char c)
{
	return is_plain(c) && c != '"' && c != '\\';
}

static size_t naive(const char *s, size_t n, bool (*passes)(unsigned char))
{
	size_t at = 0;
	while (at < n && passes((unsigned char)s[at]))
		at++;
	return at;
}

/* Exactly n bytes on the heap: the address sanitizer sees any read outside. */
static void expect_all(const char *text, size_t n)
{
	char *s = malloc(n ? n : 1);
	if (!s)
		ck_abort();
	memcpy(s, text, n);
	tell_unit_expect(
		tell_ascii_prefix(s, n) == naive(s, n, is_ascii), "%.*s", (int)n, s);
	tell_unit_expect(
		tell_plain_prefix(s, n) == naive(s, n, is_plain), "%.*s", (int)n, s);
	tell_unit_expect(
		tell_clean_prefix(s, n) == naive(s, n, is_clean), "%.*s", (int)n, s);
	free(s);
}

START_TEST(every_byte_at_every_place_in_every_length_stops_as_it_should)
{
	char text[SCAN_MAX];
	for (size_t n = 0; n <= 40; n++) {
		memset(text, 'a', sizeof(text));
		expect_all(text, n);
		for (size_t at = 0; at < n; at++) {
			for (int byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				expect_all(text, n);
			}
			text[at] = 'a';
		}
	}
}
END_TEST

START_TEST(the_first_of_several_stops_counts)
{
	uint64_t state = tell_unit_seed();
	static const char bytes[] = { 'a', 'z', ' ', '~', '!', '#', '[', ']', '\x01',
		'\x1f', '"', '\\', '\x7f', '\x80', '\xa2', '\xdc', '\xff', '\0' };
	for (int i = 0; i < 100000; i++) {
		char text[SCAN_MAX];
		size_t n = tell_unit_random(&state) % SCAN_MAX;
		uint64_t kinds = i % 2 ? sizeof(bytes) : 9; /* 9: a stop is rare */
		for (size_t k = 0; k < n; k++)
			text[k] = bytes[tell_unit_random(&state) % kinds];
		expect_all(text, n);
	}
}
END_TEST

static Suite *scan_suite(void)
{
	Suite *s = suite_create("base/scan");
	tell_check_add(s, "scan",
		every_byte_at_every_place_in_every_length_stops_as_it_should,
		the_first_of_several_stops_counts, NULL);
	return s;
}
