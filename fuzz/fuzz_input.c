#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "encode/encode.h"
#include "decode/preamble.h"
#include "decode/input.h"
#include "tool/join.h"
#include "decode/json_read.h"

/* Any bytes as a line of a command: it becomes a record whose JSON our own reader takes,
 * and of its preamble nothing is lost. The first byte chooses the forms. */
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
	tell_record_add(&r, in->preamble, in->n_preamble, 0, NULL);
	tell_record_add(&r, in->fields, in->n_fields, 0, NULL);
	tell_record_trim(&r);
	tell_encode_json(out, &r, &layout);
	tell_record_done(&r);
}

/* ---- the preamble: each byte is in a part, or says only what the part is ----------------------- */

static void mark(char *seen, const char *text, size_t n, struct tell_piece piece)
{
	if (!piece.n)
		return;
	expect(piece.p >= text && piece.p + piece.n <= text + n);
	memset(seen + (piece.p - text), 1, piece.n);
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "pid", "tid" and "thread" are the field's name; the line's number is the place's. */
static bool is_kept_otherwise(const char *word, size_t n, uint32_t line)
{
	static const char *const words[] = { "pid", "tid", "thread" };
	char number[16];
	for (size_t i = 0; i < 3; i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], word, n) == 0)
			return true;
	int k = snprintf(number, sizeof(number), "%u", line);
	return (size_t)k == n && memcmp(number, word, n) == 0;
}

static void check_preamble(const char *text, size_t len)
{
	struct tell_preamble h;
	const char *feed = memchr(text, '\n', len);
	size_t n = tell_preamble_read(&h, text, feed ? (size_t)(feed - text) : len);
	if (!n)
		return;
	expect(n < len);
	char *seen = calloc(1, n);
	const struct tell_piece parts[] = { h.time, h.level, h.pid, h.thread, h.program,
		h.host, h.logger, h.file, h.func, h.column };
	for (size_t i = 0; seen && i < sizeof(parts) / sizeof(parts[0]); i++)
		mark(seen, text, n, parts[i]);
	for (size_t i = 0, k; seen && i < n; i = k) {
		for (k = i; k < n && !seen[k] && is_alnum(text[k]);)
			k++;
		if (k > i)
			expect(is_kept_otherwise(text + i, k - i, h.line));
		else
			expect(seen[k] ||
				(text[k] && strchr(" \t[]():,;|-#/=", text[k]))),
				k++;
	}
	free(seen);
}

/* Lines that are joined stay the lines they were. */
static void check_join(const char *text, size_t len)
{
	struct tell_join j;
	bool begun = false;
	for (const char *p = text, *end = text + len; p < end;) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((feed ? feed : end) - p);
		enum tell_join_answer a = begun ? tell_join_next(&j, p, n) : TELL_JOIN_NO;
		expect(a != TELL_JOIN_PERHAPS || n == 0);
		expect(a != TELL_JOIN_YES || n > 0);
		if (a == TELL_JOIN_NO)
			tell_join_begin(&j, p, n);
		begun = true;
		p += n + 1;
	}
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
	in->parse = (enum tell_input_parse)(
		(data[0] & 3) | (data[0] & 16 ? TELL_INPUT_PRINTF : 0));
	in->prefix = data[0] & 4;
	in->heads = data[0] & 8;
	check_preamble((const char *)data + 1, len - 1);
	check_join((const char *)data + 1, len - 1);
	tell_input_read(in, (const char *)data + 1, len - 1);
	expect(in->n_fields <= TELL_INPUT_FIELDS_MAX &&
		in->n_preamble <= TELL_INPUT_PREAMBLE_MAX);
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
