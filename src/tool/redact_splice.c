#include <string.h>
#include "base/ascii.h"
#include "encode/json.h"
#include "encode/room.h"
#include "tool/redact_json.h"

/* telltale redact: a string of JSON whose content changed, with the spelling it had. */

static unsigned hex4(const char *p)
{
	unsigned v = 0;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		v = v << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return v;
}

static bool is_escape_u(const char *raw, size_t n, size_t at)
{
	return n - at >= 6 && raw[at] == '\\' && raw[at + 1] == 'u';
}

/* The character or escape at `at` of a checked string: bytes it has there, and decoded
 * (as tell_json_decode() does). */
static size_t unit(const char *raw, size_t n, size_t at, size_t *ret_plain)
{
	*ret_plain = 1;
	if (raw[at] != '\\')
		return 1;
	if (!is_escape_u(raw, n, at))
		return 2;
	unsigned cp = hex4(raw + at + 2);
	bool high = cp >= 0xd800 && cp < 0xdc00;
	if (high && is_escape_u(raw, n, at + 6)) {
		unsigned low = hex4(raw + at + 8);
		if (low >= 0xdc00 && low < 0xe000) {
			*ret_plain = 4;
			return 12;
		}
	}
	*ret_plain = cp < 0x80 ? 1 : cp < 0x800 ? 2 : 3;
	return 6;
}

static bool is_rest_of_char(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* How many bytes both have in front; whole characters. */
static size_t common_front(const char *a, size_t n, const char *b, size_t m)
{
	size_t i = 0;
	while (i < n && i < m && a[i] == b[i])
		i++;
	while (i > 0 &&
		((i < n && is_rest_of_char(a[i])) || (i < m && is_rest_of_char(b[i]))))
		i--;
	return i;
}

static size_t common_end(const char *a, size_t n, const char *b, size_t m)
{
	size_t i = 0;
	while (i < n && i < m && a[n - 1 - i] == b[m - 1 - i])
		i++;
	while (i > 0 && is_rest_of_char(a[n - i]))
		i--;
	return i;
}

static void put_escaped(struct tell_buf *to, const char *s, size_t n)
{
	if (!n || !tell_buf_reserve(to, n + TELL_SLACK))
		return;
	char *p = tell_json_text(to, to->data + to->len, s, n);
	to->len = (size_t)(p - to->data);
}

void tell_redact_json_splice(struct tell_buf *to, const char *raw, size_t n_raw,
	const struct tell_buf *plain, const char *masked, size_t n_masked)
{
	const char *s = plain->data ? plain->data : "";
	size_t front = common_front(s, plain->len, masked, n_masked);
	size_t end = common_end(
		s + front, plain->len - front, masked + front, n_masked - front);
	size_t raw_front = 0, raw_end = 0, at = 0, decoded = 0, step;
	while (at < n_raw && decoded < plain->len - end) {
		at += unit(raw, n_raw, at, &step);
		decoded += step;
		if (decoded <= front) {
			raw_front = at;
			raw_end = decoded;
		}
	}
	front = raw_end; /* decoded bytes that raw_front stands for */
	raw_end = at;
	end = plain->len - decoded;
	tell_buf_put(to, raw, raw_front);
	put_escaped(to, masked + front, n_masked - front - end);
	tell_buf_put(to, raw + raw_end, n_raw - raw_end);
}
