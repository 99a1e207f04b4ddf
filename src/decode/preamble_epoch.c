/* Times of a preamble that are one number. */
#include <string.h>
#include "base/clock.h"
#include "decode/preamble_cursor.h"

#define FRACTION_MAX 9

bool tell_preamble_time_ends(const char *p, const char *end)
{
	if (p == end || memchr(" \t])|", *p, 5))
		return true;
	return memchr(",;:", *p, 3) && blank_or_end(p + 1, end);
}

/* Seconds since 1970: ten digits. Bare ones need a fraction of ms, us or ns, as a number
 * may begin a message; in brackets also without, and as 13 digits of ms. */
static size_t since_1970(const char *p, const char *end, bool bracketed, uint64_t *ret_ns)
{
	size_t n = digits(p, end), k = 0;
	uint64_t whole = 0, ns = 0;
	for (size_t i = 0; i < n && i < 13; i++)
		whole = whole * 10 + (uint64_t)(p[i] - '0');
	if (*p == '0')
		return 0;
	if (n == 13 && bracketed) {
		*ret_ns = whole * TELL_NS_PER_MS;
		return n;
	}
	if (n != 10)
		return 0;
	if (p + n < end && p[n] == '.') {
		k = digits(p + n + 1, end);
		for (size_t i = 0; i < FRACTION_MAX; i++)
			ns = ns * 10 + (i < k ? (uint64_t)(p[n + 1 + i] - '0') : 0);
	}
	bool fine = k == 3 || k == 6 || k == 9;
	*ret_ns = whole * TELL_NS_PER_SEC + ns;
	return fine ? n + 1 + k : bracketed && k == 0 ? n : 0;
}

/* "[   12.345678]", the kernel's seconds since boot: all of the brackets */
static bool is_uptime(const char *p, const char *end)
{
	size_t n = digits(p, end);
	return n > 0 && n < 10 && end - p == (long)n + 7 && p[n] == '.' &&
		digits(p + n + 1, end) == 6;
}

size_t tell_preamble_epoch(
	const char *p, const char *end, bool bracketed, uint64_t *ret_ns)
{
	size_t n = since_1970(p, end, bracketed, ret_ns);
	if (n && tell_preamble_time_ends(p + n, end))
		return n;
	*ret_ns = 0;
	return bracketed && is_uptime(p, end) ? (size_t)(end - p) : 0;
}
