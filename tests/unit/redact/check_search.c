#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/simd.h"
#include "redact/search.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

/* A secret's any 12 bytes in a row count as a leak. */
static bool leaks(const char *text, size_t n, const char *secret)
{
	size_t len = strlen(secret), run = len < 12 ? len : 12;
	for (size_t i = 0; i + run <= len; i++)
		if (memmem(text, n, secret + i, run))
			return true;
	return false;
}

START_TEST(no_secret_survives_at_any_offset)
{
	uint64_t seed = tell_unit_seed();
	static char text[3 * MADE_MAX];
	struct made m;
	for (int kind = 0; kind < MADE_KINDS; kind++)
		for (size_t before = 0; before < 66; before++) {
			made_secret(&m, (enum made_kind)kind, &seed);
			size_t after = tell_unit_random(&seed) % 40, n = strlen(m.whole),
			       len;
			memset(text, '.', before);
			if (before)
				text[before - 1] = ' ';
			memcpy(text + before, m.whole, n);
			memset(text + before + n, ' ', after);
			const char *got = masked_n(text, before + n + after, &len);
			ck_assert_msg(!leaks(got, len, m.secret), "%s\n%s", m.whole, got);
			ck_assert_ptr_nonnull(strstr(got, m.mask));
		}
}
END_TEST

START_TEST(a_secret_that_was_cut_does_not_survive)
{
	uint64_t seed = tell_unit_seed();
	struct made m;
	for (int i = 0; i < 400; i++) {
		/* Half a card number and half of base64 cannot be told from other text. */
		static const enum made_kind kinds[] = { MADE_BEARER, MADE_JWT, MADE_PEM,
			MADE_PAIR };
		made_secret(&m, kinds[i % 4], &seed);
		size_t n = strlen(m.whole), head = strlen(m.whole) - strlen(m.secret),
		       len;
		size_t cut = head + 60 + tell_unit_random(&seed) % 40;
		cut = cut < n ? cut : n;
		const char *got = masked_n(m.whole, cut, &len);
		ck_assert_msg(
			!leaks(got, len, m.secret), "%.*s\n%s", (int)cut, m.whole, got);
	}
}
END_TEST

/* Bytes that the detectors care about, more often than others. */
static size_t nasty(char *ret, size_t max, uint64_t *seed)
{
	static const char *const pieces[] = { "password", "token", "=", ":", "\"", "'",
		"\\", "\\n", "{", "}", "[", "]", ",", ";", "&", " ", "\n", "//", "://",
		"@", "--", "-----BEGIN ", "PRIVATE KEY-----", "-----END ", "eyJ", ".",
		"bearer ", "basic ", "4111", "1111", "-", "[REDACTED", "[REDACTED:pair]",
		"Cookie", "Authorization", "digest ", "$", "x", "\xc3\xa9",
		"secret\":", "k", "1", "</", "\\u0022", "\\\\u0022", "\\u003d", "\\u000a",
		"|", "\t", "(", ")", "<", ">", "password", "%3D", "%22", "%253D", "ghp_",
		"sk-", "s.", " -p", "mysql", "curl", " -u", "identified by ", "DE89", "A",
		"~", "_", " is " };
	size_t n = 0, goal = tell_unit_random(seed) % max;
	while (n < goal) {
		const char *p = pieces[tell_unit_random(seed) %
			(sizeof(pieces) / sizeof(pieces[0]))];
		size_t len = strlen(p) < max - n ? strlen(p) : max - n;
		memcpy(ret + n, p, len);
		n += len;
	}
	if (n && tell_unit_random(seed) % 8 == 0)
		ret[tell_unit_random(seed) % n] = (char)tell_unit_random(seed);
	return n;
}

START_TEST(a_second_look_changes_nothing)
{
	uint64_t seed = tell_unit_seed();
	char text[200];
	for (int i = 0; i < 8000; i++) {
		size_t n = nasty(text, sizeof(text), &seed), once_len, twice_len;
		const char *once = masked_n(text, n, &once_len);
		const char *twice = masked_n(once, once_len, &twice_len);
		ck_assert_msg(once_len == twice_len && memcmp(once, twice, once_len) == 0,
			"%.*s\n-> %s\n-> %s", (int)n, text, once, twice);
	}
}
END_TEST

typedef void way(struct tell_search *);

static void compare(const char *text, size_t n, way *one, way *other)
{
	struct tell_spans a, b;
	struct tell_search x, y;
	tell_spans_init(&a);
	tell_spans_init(&b);
	tell_search_init(&x, text, n, &a);
	one(&x);
	tell_search_init(&y, text, n, &b);
	other(&y);
	tell_spans_settle(&a);
	tell_spans_settle(&b);
	ck_assert_msg(a.n == b.n && x.unicode == y.unicode, "%.*s", (int)n, text);
	for (size_t k = 0; k < a.n; k++) {
		ck_assert_uint_eq(a.at[k].from, b.at[k].from);
		ck_assert_uint_eq(a.at[k].to, b.at[k].to);
		ck_assert_uint_eq(a.at[k].kind, b.at[k].kind);
	}
	tell_spans_done(&a);
	tell_spans_done(&b);
}

static void see_the_same(const char *text, size_t n)
{
	if (tell_simd() == TELL_SIMD_AVX2)
		compare(text, n, tell_search_run_avx2, tell_search_run_plain);
	if (tell_simd() != TELL_SIMD_NONE)
		compare(text, n, tell_search_run_ssse3, tell_search_run_plain);
	compare(text, n, tell_search_run, tell_search_run_plain);
}

START_TEST(both_ways_to_look_see_the_same)
{
	uint64_t seed = tell_unit_seed();
	char text[200];
	for (int i = 0; i < 8000; i++)
		see_the_same(text, nasty(text, sizeof(text), &seed));
}
END_TEST

/* Groups of digits in a row, in which card numbers begin anywhere. The one way sees rows
 * that the other, for which they lie across two blocks, does not. */
START_TEST(both_ways_to_look_see_the_same_cards)
{
	static const char digits[] = "0123456789444444", signs[] = "        -  ,";
	uint64_t seed = tell_unit_seed();
	char text[120];
	for (int i = 0; i < 8000; i++) {
		size_t n = 0;
		while (n + 12 < sizeof(text)) {
			uint64_t r = tell_unit_random(&seed);
			size_t len = r % 4 ? 4 : 1 + r / 4 % 9;
			for (size_t k = 0; k < len; k++)
				text[n++] = digits[tell_unit_random(&seed) % 16];
			text[n++] = signs[tell_unit_random(&seed) % 12];
		}
		see_the_same(text, n);
	}
}
END_TEST

static Suite *search_suite(void)
{
	Suite *s = suite_create("redact/search");
	tell_check_add(s, "search", no_secret_survives_at_any_offset,
		a_secret_that_was_cut_does_not_survive, a_second_look_changes_nothing,
		both_ways_to_look_see_the_same, both_ways_to_look_see_the_same_cards,
		NULL);
	return s;
}
TELL_CHECK_MAIN(search_suite)
