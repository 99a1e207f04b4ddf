/* Random records through all exits: each stays sound, json-c reads every value back. */
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/json_back.h"
#include "support/unit.h"

#define N_RECORDS 4000

/* What random bytes would hit too seldom. */
static const char *const pieces[] = { "\"", "\\", "\n", "\r\n", "]", "=", " ", "\x1b[2J",
	"\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xff", "\xed\xa0\x80",
	"\xf0\x9f\x98\x80", "\xc3\xa4", "request_id", "trace_id", "message", "Level",
	"_PID", "{\"a\":[1,2]}", "[true,null]", "\"\\ud83d\\ude00\"", "1.5e3", "null",
	"nan", "plain words", "a_name_that_is_longer_than_32_bytes_by_far" };

static size_t fill(uint8_t *bytes, size_t max, uint64_t *state)
{
	size_t want = tell_unit_random(state) % max, n = 0;
	while (n < want) {
		uint64_t v = tell_unit_random(state);
		const char *piece =
			pieces[(v >> 8) % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t len = strlen(piece);
		if (v % 3 == 0 && n + len < max) {
			memcpy(bytes + n, piece, len);
			n += len;
		} else {
			bytes[n++] = (uint8_t)(v >> 32);
		}
	}
	return n;
}

START_TEST(every_exit_stays_sound)
{
	static uint8_t bytes[6000];
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < N_RECORDS; i++) {
		struct encoding e;
		size_t n = fill(bytes, i % 10 ? 300 : sizeof(bytes), &state);
		encoding_from_bytes(&e, bytes, n);
		const char *fault = encoding_fault(&e);
		if (!fault)
			fault = json_back_fault(&e);
		ck_assert_msg(!fault, "record %d: %s", i, fault);
		encoding_end(&e);
	}
}
END_TEST

static Suite *random_suite(void)
{
	Suite *s = suite_create("golden/random");
	TCase *tc = tcase_create("random");
	tcase_add_test(tc, every_exit_stays_sound);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(random_suite)
