#include "base/utf8.h"

#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

static bool is_scalar(uint32_t cp)
{
	return cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
}

/* RFC 3629's table as bits, not as branches: the tests' own encoder. */
static size_t encode(char *p, uint32_t cp, size_t n)
{
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = n; i-- > 1; cp >>= 6)
		p[i] = (char)(0x80 | (cp & 0x3f));
	p[0] = (char)(marks[n] | cp);
	return n;
}

static size_t length_of(uint32_t cp)
{
	return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

START_TEST(every_code_point_goes_there_and_back)
{
	for (uint32_t cp = 0; cp < 0x111000; cp++) {
		char want[4], got[4];
		uint32_t back = 7;
		size_t n = encode(want, cp, length_of(cp));
		if (!is_scalar(cp)) {
			tell_unit_expect(tell_utf8_valid(want, n) == 0 &&
					tell_utf8_put(got, cp) == 3 &&
					memcmp(got, "\xef\xbf\xbd", 3) == 0 &&
					tell_utf8_next(want, n, &back) == 1 &&
					back == TELL_CP_REPLACEMENT,
				"U+%04X is none", (unsigned)cp);
			continue;
		}
		tell_unit_expect(tell_utf8_put(got, cp) == n &&
				memcmp(got, want, n) == 0 &&
				tell_utf8_valid(want, n) == n &&
				tell_utf8_next(want, n, &back) == (int)n && back == cp,
			"U+%04X", (unsigned)cp);
	}
}
END_TEST

START_TEST(overlong_forms_are_invalid)
{
	char text[4];
	for (uint32_t cp = 0; cp < 0x10000; cp += cp < 0x900 ? 1 : 61) {
		for (size_t n = length_of(cp) + 1; n <= 4; n++) {
			encode(text, cp, n);
			tell_unit_expect(tell_utf8_valid(text, n) == 0,
				"U+%04X in %zu bytes", (unsigned)cp, n);
		}
	}
}
END_TEST

START_TEST(valid_prefixes_end_where_the_first_bad_character_begins)
{
	static const struct {
		const char *text;
		size_t valid;
	} rows[] = {
		{ "", 0 },
		{ "plain", 5 },
		{ "caf\xc3\xa9", 5 },
		{ "caf\xc3", 3 },
		{ "\xe2\x82\xac uro", 7 },
		{ "\xe2\x82", 0 },
		{ "a\xf0\x9f\x98\x80z", 6 },
		{ "a\xf0\x9f\x98", 1 },
		{ "ab\x80", 2 },
		{ "ab\xff", 2 },
		{ "ab\xc0\x80", 2 },
		{ "ab\xc1\xbf", 2 },
		{ "ab\xed\xa0\x80", 2 },
		{ "ab\xf4\x90\x80\x80", 2 },
		{ "ab\xf5\x80\x80\x80", 2 },
		{ "0123456789abcdef0123456789\xc3\xa9"
		  "0123456789abcdef\xc3",
			44 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t got = tell_utf8_valid(rows[i].text, strlen(rows[i].text));
		tell_unit_expect(got == rows[i].valid, "row %zu: %zu", i, got);
	}
	ck_assert_uint_eq(tell_utf8_valid("a\0b", 3), 3);
}
END_TEST

/* Unicode 15, section 3.9, tables 3-8 to 3-11: one U+FFFD for each maximal subpart. */
START_TEST(bad_bytes_are_replaced_as_unicode_recommends)
{
	static const struct {
		const char *text;
		const char *
			steps; /* bytes taken, a digit each; upper-case letter: a good one */
	} rows[] = {
		{ "\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41", "11111111A" },
		{ "\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41", "11111111A" },
		{ "\xf4\x91\x92\x93\xff\x41\x80\xbf\x42", "11111A11A" },
		{ "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", "2132A" },
		{ "\xc3\xa9\xc3", "B1" },
		{ "\xf0\x9f\x98\x80\xf0\x9f\x98", "D3" },
		{ "\xe2\x82\xac\xe2\x82", "C2" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *p = rows[i].text, *end = p + strlen(p);
		for (const char *step = rows[i].steps; *step; step++) {
			uint32_t cp;
			bool good = *step >= 'A';
			int want = good ? *step - 'A' + 1 : *step - '0';
			int took = tell_utf8_next(p, (size_t)(end - p), &cp);
			tell_unit_expect(took == want, "row %zu step %s", i, step);
			ck_assert_int_eq(cp != TELL_CP_REPLACEMENT, good);
			p += took;
		}
		ck_assert_ptr_eq(p, end);
	}
}
END_TEST

START_TEST(validity_and_decoding_agree_on_random_bytes)
{
	uint64_t state = tell_unit_seed();
	static const char bytes[] = { 'a', '\x7f', '\x80', '\x8f', '\x90', '\x9f', '\xa0',
		'\xbf', '\xc1', '\xc2', '\xdf', '\xe0', '\xe1', '\xed', '\xef', '\xf0',
		'\xf1', '\xf4', '\xf5', '\xff' };
	for (int i = 0; i < 100000; i++) {
		size_t n = tell_unit_random(&state) % 24, at = 0;
		char *s = malloc(n ? n : 1);
		for (size_t k = 0; k < n; k++)
			s[k] = bytes[tell_unit_random(&state) % sizeof(bytes)];
		while (at < n) {
			uint32_t cp;
			char again[4];
			size_t took = (size_t)tell_utf8_next(s + at, n - at, &cp);
			tell_unit_expect(took >= 1 && took <= n - at, "%zu bytes", took);
			if (tell_utf8_put(again, cp) != took ||
				memcmp(again, s + at, took) != 0)
				break;
			at += took;
		}
		tell_unit_expect(tell_utf8_valid(s, n) == at, "valid to %zu", at);
		free(s);
	}
}
END_TEST

START_TEST(a_cut_never_splits_a_character)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
	static const size_t cuts[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11 };
	size_t n = sizeof(text) - 1;
	for (size_t max = 0; max <= n; max++)
		ck_assert_uint_eq(tell_utf8_cut(text, n, max), cuts[max]);
	ck_assert_uint_eq(tell_utf8_cut(text, n, 99), n);
	ck_assert_uint_eq(tell_utf8_cut("\x80\x80\x80\x80\x80", 5, 4), 4);
	ck_assert_uint_eq(tell_utf8_cut("\xc3\xa9\x80\x80", 4, 3), 3);
	ck_assert_uint_eq(tell_utf8_cut("ab\xc3", 3, 2), 2);
	ck_assert_uint_eq(tell_utf8_cut("", 0, 0), 0);
}
END_TEST

START_TEST(what_was_cut_already_ends_with_a_whole_character)
{
	static const char text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z";
	for (size_t n = 0; n < sizeof(text); n++) {
		char cut[sizeof(text)]; /* nothing behind it helps */
		memset(cut, 'x', sizeof(cut));
		memcpy(cut, text, n);
		ck_assert_uint_eq(tell_utf8_whole(cut, n), tell_utf8_valid(text, n));
	}
	ck_assert_uint_eq(tell_utf8_whole("\xa4\xa4", 2), 2); /* never was one */
}
END_TEST

START_TEST(unsafe_characters_are_those_of_the_list)
{
	static const uint32_t others[] = { 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
		0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069 };
	size_t found = 0;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		bool want = cp < 0x20 || (cp >= 0x7f && cp <= 0x9f);
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			want |= cp == others[i];
		found += want;
		tell_unit_expect(tell_cp_unsafe(cp) == want, "U+%04X", (unsigned)cp);
	}
	ck_assert_uint_eq(found, 32 + 33 + 14);
}
END_TEST

static Suite *utf8_suite(void)
{
	Suite *s = suite_create("base/utf8");
	tell_check_add(s, "utf8", every_code_point_goes_there_and_back,
		overlong_forms_are_invalid,
		valid_prefixes_end_where_the_first_bad_character_begins,
		bad_bytes_are_replaced_as_unicode_recommends,
		validity_and_decoding_agree_on_random_bytes,
		a_cut_never_splits_a_character,
		what_was_cut_already_ends_with_a_whole_character,
		unsafe_characters_are_those_of_the_list, NULL);
	return s;
}

TELL_CHECK_MAIN(utf8_suite)
