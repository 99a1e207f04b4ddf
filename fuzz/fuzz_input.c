#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "encode/encode.h"
#include "tool/input.h"
#include "tool/json_read.h"

/* Any bytes as a line of a command: it becomes a record whose JSON our own reader takes.
 * The first byte chooses the forms. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static void encode(struct tell_buf *out, const struct tell_input *in)
{
	static const struct tell_identity who = { .service = "fuzz", .host = "h" };
	struct tell_layout layout = { .who = &who };
	struct tell_record r = { 0 };
	expect(tell_record_begin(&r, in->level < 0 ? 6 : in->level, 0) == 0);
	r.head->realtime_ns = 1;
	tell_record_message(&r, in->message, in->message_len);
	tell_record_add(&r, in->fields, in->n_fields, 0, NULL);
	tell_record_trim(&r);
	tell_encode_json(out, &r, &layout);
	tell_record_done(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tell_input *in = calloc(1, sizeof(*in));
	struct tell_buf first = { 0 };
	struct tell_json_span span;
	if (!in || len == 0) {
		free(in);
		return 0;
	}
	tell_input_init(in);
	in->parse = (enum tell_input_parse)(data[0] & 3);
	in->prefix = data[0] & 4;
	in->heads = data[0] & 8;
	tell_input_read(in, (const char *)data + 1, len - 1);
	expect(in->n_fields <= TELL_INPUT_FIELDS_MAX);
	encode(&first, in);
	expect(!first.cut && tell_json_check(first.data, first.len, &span));

	in->parse = TELL_INPUT_JSON;
	in->prefix = false;
	in->heads = true;
	tell_input_read(in, first.data, first.len);
	expect(in->json);
	tell_buf_done(&first);
	tell_input_done(in);
	free(in);
	return 0;
}
