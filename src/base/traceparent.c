#include "base/traceparent.h"
#include <string.h>
#include <sys/random.h>

static bool is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(s[i] >= '0' && s[i] <= '9') && !(s[i] >= 'a' && s[i] <= 'f'))
			return false; /* upper case makes it invalid, section 3.2.2 */
	return true;
}

static bool all_zero(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '0')
			return false;
	return true;
}

static uint8_t hex_value(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Where the parts stand: version 0, trace id 3, parent id 36, flags 53. */
bool tell_traceparent_read(struct tell_traceparent *ret, const char *text, size_t n)
{
	if (n < TELL_TRACEPARENT_CHARS || text[2] != '-' || text[35] != '-' ||
		text[52] != '-' || !is_hex(text, 2) || memcmp(text, "ff", 2) == 0 ||
		!is_hex(text + 3, 32) || !is_hex(text + 36, 16) || !is_hex(text + 53, 2))
		return false;
	if (all_zero(text + 3, 32) || all_zero(text + 36, 16))
		return false;
	/* Version 00 ends here; of a later one a dash may follow, and what we do not know. */
	bool first = memcmp(text, "00", 2) == 0;
	if (n > TELL_TRACEPARENT_CHARS && (first || text[TELL_TRACEPARENT_CHARS] != '-'))
		return false;

	memcpy(ret->trace_id, text + 3, TELL_TRACE_ID_CHARS);
	ret->trace_id[TELL_TRACE_ID_CHARS] = '\0';
	memcpy(ret->parent_id, text + 36, TELL_SPAN_ID_CHARS);
	ret->parent_id[TELL_SPAN_ID_CHARS] = '\0';
	ret->flags = (uint8_t)(hex_value(text[54]) &
		(TELL_TRACE_FLAG_SAMPLED | TELL_TRACE_FLAG_RANDOM));
	return true;
}

static void put_hex(char *to, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*to++ = "0123456789abcdef"[bytes[i] >> 4];
		*to++ = "0123456789abcdef"[bytes[i] & 15];
	}
	*to = '\0';
}

bool tell_traceparent_new(struct tell_traceparent *ret)
{
	uint8_t bytes[24];
	do {
		if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
			return false;
		put_hex(ret->trace_id, bytes, 16);
		put_hex(ret->parent_id, bytes + 16, 8);
	} while (all_zero(ret->trace_id, 32) || all_zero(ret->parent_id, 16));
	ret->flags = TELL_TRACE_FLAG_SAMPLED | TELL_TRACE_FLAG_RANDOM;
	return true;
}

void tell_traceparent_put(char *to, const struct tell_traceparent *t)
{
	memcpy(to, "00-", 3);
	memcpy(to + 3, t->trace_id, TELL_TRACE_ID_CHARS);
	to[35] = '-';
	memcpy(to + 36, t->parent_id, TELL_SPAN_ID_CHARS);
	to[52] = '-';
	put_hex(to + 53, &t->flags, 1);
}
