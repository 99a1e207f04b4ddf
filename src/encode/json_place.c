#include <stdlib.h>
#include "base/number.h"
#include "encode/encode.h"
#include "encode/json.h"
#include "encode/room.h"

static void put_text(struct tell_buf *out, const char *s, size_t n)
{
	struct tell_value v = { .type = TELL_TYPE_STR, .len = (uint32_t)n, .data = s };
	tell_encode_json_value(out, &v);
}

size_t tell_json_place_put(struct tell_buf *out, const struct tell_place *place)
{
	char line[TELL_U64_MAX_CHARS];
	if (place->logger_len) {
		tell_buf_puts(out, "\",\"logger\":");
		put_text(out, place->logger, place->logger_len);
		out->len -= out->len > 0; /* what follows brings the quote */
	}
	size_t back = out->len;
	if (!place->file_len)
		return back;
	tell_buf_puts(out, ",\"caller\":{\"file\":");
	put_text(out, place->file, place->file_len);
	tell_buf_puts(out, ",\"line\":");
	tell_buf_put(out, line, (size_t)(tell_put_u64(line, place->line) - line));
	if (place->func_len) { /* of a line that `telltale cat` read it is seldom known */
		tell_buf_puts(out, ",\"function\":");
		put_text(out, place->func, place->func_len);
	}
	tell_buf_putc(out, '}');
	return back;
}

static struct tell_json_place *make(const struct tell_place *place)
{
	struct tell_buf text;
	tell_buf_init(
		&text, UINT16_MAX); /* three names of 255 bytes, six a byte at most */
	size_t back = tell_json_place_put(&text, place);
	struct tell_json_place *made = text.cut
		? NULL
		: malloc(sizeof(*made) + text.len + TELL_PUT_SPARE);
	if (made) {
		made->front_len = (uint16_t)back;
		made->back_len = (uint16_t)(text.len - back);
		memset(made->text + text.len, 0, TELL_PUT_SPARE);
		if (text.len)
			memcpy(made->text, text.data, text.len);
	}
	tell_buf_done(&text);
	return made;
}

const struct tell_json_place *tell_json_place_make(const struct tell_place *place)
{
	static const struct tell_json_place nowhere;
	if (!place->id)
		return &nowhere;

	struct tell_json_place *made = make(place);
	void **slot = (void **)(uintptr_t)&place->json; /* the one part that changes */
	void *before = NULL;
	if (made &&
		!__atomic_compare_exchange_n(
			slot, &before, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		free(made); /* another thread was first */
		return before;
	}
	return made;
}
