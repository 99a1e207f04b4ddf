#include "forward/loki_answer.h"
#include <string.h>
#include "base/ascii.h"
#include "base/number.h"

static bool says(const struct tell_http_answer *a, const char *words)
{
	return memmem(a->text, a->len, words, strlen(words)) != NULL;
}

/* The number in front of `at`, or behind it; 0: there is none. */
static uint64_t number_before(const char *begin, const char *at)
{
	const char *from = at;
	uint64_t n;
	while (from > begin && tell_is_digit(from[-1]))
		from--;
	return tell_parse_u64(from, (size_t)(at - from), &n) ? n : 0;
}

static uint64_t number_at(const char *text, const char *end)
{
	size_t len = 0;
	uint64_t n;
	while (text + len < end && tell_is_digit(text[len]))
		len++;
	return tell_parse_u64(text, len, &n) ? n : 0;
}

/* "3 errors like: ...; 2 errors like: ...", one for each stream, and "total ignored: 1 out of 3": all
 * that the text has room for. One that is alone has no number. */
static uint64_t n_ignored(const struct tell_http_answer *a)
{
	static const char like[] = " errors like: ", total[] = "total ignored: ";
	const char *end = a->text + a->len;
	uint64_t n = 0;
	for (const char *at = a->text;
		(at = memmem(at, (size_t)(end - at), like, sizeof(like) - 1)); at++)
		n += number_before(a->text, at);
	for (const char *at = a->text;
		(at = memmem(at, (size_t)(end - at), total, sizeof(total) - 1)); at++)
		n += number_at(at + sizeof(total) - 1, end);
	return n ? n : 1;
}

/* A 400 that names a rule for single entries: the others are stored. */
static bool is_partly(const struct tell_http_answer *a)
{
	static const char *const rules[] = { "too old", "too new", "too far behind",
		"total ignored", "ax entry size", "tructured metadata",
		"limit exceeded" };
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (says(a, rules[i]))
			return true;
	return false;
}

void tell_loki_judge(const struct tell_http_answer *a, size_t n, struct tell_answer *ret)
{
	if (tell_http_judge(a, ret)) {
		if (a->status == 401 && says(a, "no org id"))
			tell_answer_set(ret, ret->kind,
				"it answers 401: no org id; give tenant=");
		return;
	}
	if (a->status == 400 && is_partly(a)) {
		ret->kind = TELL_ANSWER_PARTLY;
		ret->refused = n_ignored(a);
	} else if (a->status == 429 && says(a, "active stream limit")) {
		ret->kind = TELL_ANSWER_STREAMS;
	} else if (a->status == 429 && says(a, "Per stream rate limit") && n > 1) {
		ret->kind = TELL_ANSWER_LARGE; /* over its burst it never passes */
	} else if (a->status == 500 && says(a, "larger than max")) {
		ret->kind = TELL_ANSWER_LARGE;
	}
}
