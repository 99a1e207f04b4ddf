#include "record/trace.h"
#include <string.h>
#include "base/ascii.h"
#include "base/bytes.h"
#include "base/traceparent.h"
#include "record/key.h"
#include "record/thread.h"
#include "record/walk.h"

static bool is_id(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '-' && !tell_is_digit(s[i]) &&
			!(s[i] >= 'a' && s[i] <= 'f') && !(s[i] >= 'A' && s[i] <= 'F'))
			return false;
	return n > 0;
}

/* The length; 0: it is none. */
static size_t id_of(char *to, const struct tell_value *v)
{
	if (v->type == TELL_TYPE_ID128 || (v->type == TELL_TYPE_HEX && v->len <= 16))
		return (size_t)(tell_put_hexbytes(to, v->data, v->len) - to);
	if (v->type != TELL_TYPE_STR || v->len > TELL_TRACE_NOW_CHARS ||
		!is_id(v->data, v->len))
		return 0;
	memcpy(to, v->data, v->len);
	return v->len;
}

/* As traceparent has them, two hex digits; a number; or a bool. */
static bool is_sampled(const struct tell_value *v)
{
	const char *text = v->data;
	if (tell_type_is_number(v->type))
		return tell_value_u64(v) & TELL_TRACE_FLAG_SAMPLED;
	if (v->type != TELL_TYPE_STR || v->len == 0)
		return false;
	/* The last bit of a hex digit, in either case: '1' is odd, 'a' (61) and 'A' (41) are,
	 * but stand for an even 10. */
	char last = text[v->len - 1];
	return tell_is_digit(last) ? last & 1 : !(last & 1);
}

bool tell_trace_now(char *ret)
{
	const struct tell_thread *t = tell_thread_me;
	size_t n = 0;
	bool sampled = true;
	struct tell_value v;
	if (!t || !tell_thread_has_scopes(t))
		return false;
	/* Inner ones come last. */
	for (uint32_t pos = 0; tell_walk_next(t->context.head, &pos, &v);) {
		if (v.key == TELL_KEY_TRACE_ID)
			n = id_of(ret, &v);
		else if (v.key == TELL_KEY_TRACE_FLAGS)
			sampled = is_sampled(&v);
	}
	ret[n] = '\0';
	return n > 0 && sampled;
}
