#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "decode/json_read.h"

/* Any bytes as JSON: what is taken can be walked to its end, every member lies inside, and
 * a string decodes to no more bytes than its text has. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static void walk(const struct tell_json_span *in)
{
	struct tell_json_span key, value;
	size_t before = 0;
	for (size_t pos = 0; tell_json_next(in, &pos, &key, &value); before = pos) {
		expect(pos > before && pos <= in->len);
		expect(value.len > 0 && value.text >= in->text &&
			value.text + value.len <= in->text + in->len);
		struct tell_buf text = { 0 };
		if (value.kind == TELL_JSON_STRING) {
			tell_json_decode(&text, &value);
			expect(text.len + 2 <= value.len);
		}
		tell_buf_done(&text);
		if (value.kind == TELL_JSON_ARRAY || value.kind == TELL_JSON_OBJECT)
			walk(&value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tell_json_span span;
	if (len && tell_json_check((const char *)data, len, &span) &&
		(span.kind == TELL_JSON_ARRAY || span.kind == TELL_JSON_OBJECT))
		walk(&span);
	return 0;
}
