#include "base/number.h"
#include "tool/redact_json.h"

/* telltale redact: texts that are arrays of bytes. */
#define LEAST 8 /* shorter ones are numbers, and too short for a secret with its name */

bool tell_redact_json_bytes(const struct tell_json_span *array, struct tell_buf *text)
{
	struct tell_json_span none, e;
	size_t n = 0;
	for (size_t pos = 0; tell_json_next(array, &pos, &none, &e); n++) {
		uint64_t byte;
		if (e.kind != TELL_JSON_NUMBER || !tell_parse_u64(e.text, e.len, &byte) ||
			byte > UINT8_MAX)
			return false;
		tell_buf_putc(text, (char)byte);
	}
	return n >= LEAST && !text->cut;
}

void tell_redact_json_put_bytes(struct tell_buf *to, const char *text, size_t n)
{
	char number[24];
	tell_buf_putc(to, '[');
	for (size_t i = 0; i < n; i++) {
		char *end = tell_put_u64(number, (uint8_t)text[i]);
		if (i)
			tell_buf_putc(to, ',');
		tell_buf_put(to, number, (size_t)(end - number));
	}
	tell_buf_putc(to, ']');
}
