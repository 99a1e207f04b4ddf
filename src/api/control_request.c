#include "api/control_request.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "base/number.h"

struct words {
	const char *p, *end;
};

/* The next word; what is behind it stays. */
static size_t next(struct words *w, const char **ret)
{
	const char *blank = memchr(w->p, ' ', (size_t)(w->end - w->p));
	size_t n = blank ? (size_t)(blank - w->p) : (size_t)(w->end - w->p);
	*ret = w->p;
	w->p += n + (blank != NULL);
	return n;
}

static bool is(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

static bool is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

static bool take_ms(struct words *w, uint64_t *ret)
{
	const char *s;
	size_t n = next(w, &s);
	return tell_parse_u64(s, n, ret) && *ret <= TELL_REQUEST_MS_MAX;
}

static int take_arguments(struct tell_request *r, struct words *w, const char **ret_why)
{
	bool timed = r->verb == TELL_REQUEST_LEVEL || r->verb == TELL_REQUEST_FLUSH;
	*ret_why = "a number of milliseconds is missing or too large";
	if (timed && !take_ms(w, &r->ms))
		return -EINVAL;
	size_t left = (size_t)(w->end - w->p);
	*ret_why = "a level rule is missing";
	if (r->verb == TELL_REQUEST_LEVEL && left == 0)
		return -EINVAL;
	if (r->verb == TELL_REQUEST_LEVEL || r->verb == TELL_REQUEST_RESET) {
		memcpy(r->rules, w->p, left); /* shorter than the request */
		r->rules[left] = '\0';
		return 0;
	}
	*ret_why = "there are words too many";
	return left ? -EINVAL : 0;
}

int tell_request_parse(
	struct tell_request *ret, const char *bytes, size_t n, const char **ret_why)
{
	static const char *const verbs[] = {
		[TELL_REQUEST_LEVEL] = "level",
		[TELL_REQUEST_RELOAD] = "reload",
		[TELL_REQUEST_REOPEN] = "reopen",
		[TELL_REQUEST_FLUSH] = "flush",
		[TELL_REQUEST_STATS] = "stats",
		[TELL_REQUEST_RESET] = "reset",
	};
	*ret_why = "the request is too long";
	if (n >= TELL_REQUEST_MAX)
		return -EMSGSIZE;
	*ret_why = "the request is no text";
	if (!is_text(bytes, n))
		return -EINVAL;
	struct words w = { bytes, bytes + n };
	const char *verb;
	size_t len = next(&w, &verb);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!is(verb, len, verbs[i]))
			continue;
		ret->verb = (enum tell_request_verb)i;
		ret->ms = 0;
		ret->rules[0] = '\0';
		return take_arguments(ret, &w, ret_why);
	}
	*ret_why = "this version does not know the request";
	return -EINVAL;
}
