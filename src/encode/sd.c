#include "encode/sd.h"
#include <string.h>
#include "base/hash.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/room.h"
#include "encode/value.h"

#define KEPT_N 27 /* of a name too long; then '_' and 4 hex digits of its hash */

struct sd_name {
	char text[TELL_SD_NAME_MAX];
	size_t len;
};

/* A name too long, cut; `salt` tells apart those whose beginning and hash are the same. */
static void name_cut(struct sd_name *name, const struct tell_value *v, uint32_t salt)
{
	uint32_t hash = tell_hash_bytes(v->name, v->name_len) + salt;
	memcpy(name->text, v->name, KEPT_N);
	name->text[KEPT_N] = '_';
	for (int i = 0; i < 4; i++)
		name->text[KEPT_N + 1 + i] = "0123456789abcdef"[hash >> (4 * i) & 15];
	name->len = TELL_SD_NAME_MAX;
}

/* Is there a parameter of this name? A quote inside a value has a backslash in front, so
 * ` name="` is found where it is a name only. */
static bool name_taken(const struct tell_sd *sd, const struct sd_name *name)
{
	char wanted[TELL_SD_NAME_MAX + 3];
	if (sd->out->len == sd->begin)
		return false;
	wanted[0] = ' ';
	memcpy(wanted + 1, name->text, name->len);
	memcpy(wanted + 1 + name->len, "=\"", 2);
	return memmem(sd->out->data + sd->begin, sd->out->len - sd->begin, wanted,
		       name->len + 3) != NULL;
}

/* Names of fields differ, but cut ones may meet: each other, or one just as long. */
static void name_make(
	const struct tell_sd *sd, struct sd_name *name, const struct tell_value *v)
{
	if (v->name_len <= TELL_SD_NAME_MAX) {
		name->len = v->name_len;
		memcpy(name->text, v->name, v->name_len);
		if (name->len < TELL_SD_NAME_MAX || !name_taken(sd, name))
			return;
	}
	uint32_t salt = 0;
	do /* ends: a message has room for some hundred parameters, not for 2^16 */
		name_cut(name, v, salt++);
	while (name_taken(sd, name));
}

/* The escaped value; bytes over the cap are left out. RFC 5424 section 6.3.3. */
static void put_value(struct tell_sd *sd, const char *s, size_t n)
{
	size_t kept = n <= TELL_SD_VALUE_MAX ? n : tell_utf8_cut(s, n, TELL_SD_VALUE_MAX);
	sd->cut |= kept < n;
	char *p = tell_room_begin(sd->out, 3 * TELL_SD_VALUE_MAX + TELL_SLACK);
	if (!p)
		return;
	while (kept) { /* a byte becomes three at most: U+FFFD */
		uint32_t cp = (unsigned char)*s;
		if (__builtin_expect(cp >= 0x20 && cp < 0x7f, 1)) { /* most are */
			if (cp == '"' || cp == '\\' || cp == ']')
				*p++ = '\\';
			*p++ = *s++;
			kept--;
			continue;
		}
		size_t len = (size_t)tell_utf8_next(s, kept, &cp);
		if (tell_cp_unsafe(cp))
			cp = ' ';
		p += tell_utf8_put(p, cp);
		s += len;
		kept -= len;
	}
	tell_room_end(sd->out, p, sd->out->len);
}

static void put_param(
	struct tell_sd *sd, const char *name, size_t name_len, const char *s, size_t n)
{
	size_t start = sd->out->len;
	tell_buf_putc(sd->out, ' ');
	tell_buf_put(sd->out, name, name_len);
	tell_buf_puts(sd->out, "=\"");
	put_value(sd, s, n);
	tell_buf_putc(sd->out, '"');
	if (sd->out->len <= sd->end)
		return;
	sd->out->len = start;
	sd->cut = true;
}

void tell_sd_text(struct tell_sd *sd, const char *name, const char *s, size_t n)
{
	put_param(sd, name, strlen(name), s, n);
}

void tell_sd_field(struct tell_sd *sd, const struct tell_value *v)
{
	char text[TELL_SHORT_MAX_CHARS];
	struct sd_name name;
	name_make(sd, &name, v);
	sd->cut |= (v->flags & TELL_SLOT_CUT) != 0;

	char *end = tell_put_short(text, v);
	if (end) {
		put_param(sd, name.text, name.len, text, (size_t)(end - text));
		return;
	}
	if (v->type == TELL_TYPE_STR || v->type == TELL_TYPE_JSON) {
		put_param(sd, name.text, name.len, v->data, v->len);
		return;
	}
	struct tell_buf made;
	tell_buf_init(&made, 0);
	tell_encode_value(&made, v);
	put_param(sd, name.text, name.len, made.data ? made.data : "", made.len);
	tell_buf_done(&made);
}
