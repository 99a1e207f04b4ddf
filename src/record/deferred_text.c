#include "record/deferred.h"
#include <stdio.h>
#include <string.h>
#include "base/number.h"
#include "record/directive.h"
#include "record/place.h"
#include "record/slot.h"
#include "record/walk.h"

/* The longest number: 309 digits before the point, TELL_DEFERRED_WIDTH behind it. */
#define NUMBER_MAX (TELL_DEFERRED_WIDTH + 320)
#define NO_SENSE   "(?)"
#define UNKNOWN	   "(a message whose form is not known)"

/* What is left of what was kept. */
struct kept {
	const char *at, *end;
	bool bad; /* it ended early */
};

static uint64_t next_word(struct kept *k)
{
	uint64_t word = 0;
	if ((size_t)(k->end - k->at) < sizeof(word)) {
		k->bad = true;
		return 0;
	}
	memcpy(&word, k->at, sizeof(word));
	k->at += sizeof(word);
	return word;
}

static const char *next_text(struct kept *k, size_t *ret_len)
{
	uint64_t n = next_word(k);
	const char *text = k->at;
	if (n > (size_t)(k->end - k->at) || tell_pad8(n) > (size_t)(k->end - k->at)) {
		k->bad = true;
		n = 0;
	} else {
		k->at += tell_pad8(n);
	}
	*ret_len = n;
	return text;
}

/* A width or precision: as the form says, or as was kept. */
static int number_of(struct kept *k, int said)
{
	if (said != TELL_DIRECTIVE_STAR)
		return said;
	int64_t v = (int64_t)next_word(k);
	if (v > TELL_DEFERRED_WIDTH)
		return TELL_DEFERRED_WIDTH;
	return v < -TELL_DEFERRED_WIDTH ? -TELL_DEFERRED_WIDTH : (int)v;
}

static void put_blanks(struct tell_buf *out, size_t n)
{
	while (n--)
		tell_buf_putc(out, ' ');
}

static void put_text(struct tell_buf *out, const struct tell_directive *one, int width,
	const char *text, size_t n)
{
	bool left = width < 0 || strchr(one->flags, '-');
	size_t wide = (size_t)(width < 0 ? -width : width),
	       fill = wide > n ? wide - n : 0;
	if (!left)
		put_blanks(out, fill);
	tell_buf_put(out, text, n);
	if (left)
		put_blanks(out, fill);
}

static int64_t as_signed(uint64_t word, uint8_t bytes)
{
	switch (bytes) {
	case 1:
		return (int8_t)word;
	case 2:
		return (int16_t)word;
	case 4:
		return (int32_t)word;
	default:
		return (int64_t)word;
	}
}

static uint64_t as_unsigned(uint64_t word, uint8_t bytes)
{
	return bytes >= sizeof(word) ? word : word & ((UINT64_C(1) << 8 * bytes) - 1);
}

/* By libc: `length` and the conversion behind flags, width and precision. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* made of what was checked */
static void put_number(struct tell_buf *out, const struct tell_directive *one, int width,
	int precision, const char *length, uint64_t word)
{
	char form[32], text[NUMBER_MAX + 1];
	double f64;
	int n;
	(void)snprintf(form, sizeof(form), "%%%s*.*%s%c", one->flags, length,
		one->conversion); /* at most 15 characters */
	memcpy(&f64, &word, sizeof(f64));
	if (one->conversion == 'p')
		(void)snprintf(form, sizeof(form), "%%%s*p", one->flags);
	if (one->conversion == 'p')
		n = snprintf(text, sizeof(text), form, width, (void *)(uintptr_t)word);
	else if (*length)
		n = snprintf(text, sizeof(text), form, width, precision, (intmax_t)word);
	else
		n = snprintf(text, sizeof(text), form, width, precision, f64);
	if (n > 0)
		tell_buf_put(out, text,
			(size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}
#pragma GCC diagnostic pop

static void put_integer(struct tell_buf *out, const struct tell_directive *one, int width,
	int precision, uint64_t word)
{
	bool is_signed = one->conversion == 'd' || one->conversion == 'i';
	uint64_t v = is_signed ? (uint64_t)as_signed(word, one->bytes)
			       : as_unsigned(word, one->bytes);
	bool plain = !one->flags[0] && width == 0 && precision < 0;
	if (plain && (is_signed || one->conversion == 'u') &&
		tell_buf_reserve(out, TELL_U64_MAX_CHARS)) {
		char *at = out->data + out->len;
		char *end = is_signed ? tell_put_i64(at, (int64_t)v)
				      : tell_put_u64(at, v);
		out->len += (size_t)(end - at);
		return;
	}
	put_number(out, one, width, precision, "j", v);
}

static void put_one(
	struct tell_buf *out, const struct tell_directive *one, struct kept *k)
{
	char c[128];
	size_t n;
	const char *text;
	int width = one->width == TELL_DIRECTIVE_NONE ? 0 : number_of(k, one->width);
	int precision = number_of(k, one->precision);
	switch (one->conversion) {
	case 's':
		text = next_text(k, &n);
		break;
	case 'c':
		c[0] = (char)next_word(k);
		text = c;
		n = 1;
		break;
	case 'm':
		text = strerror_r((int)next_word(k), c, sizeof(c));
		n = strlen(text);
		if (precision >= 0 && n > (size_t)precision)
			n = (size_t)precision;
		break;
	case 'p':
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		put_number(out, one, width, precision, "", next_word(k));
		return;
	default:
		put_integer(out, one, width, precision, next_word(k));
		return;
	}
	put_text(out, one, width, text, n);
}

void tell_deferred_text(
	struct tell_buf *out, const char *form, const void *kept, size_t len)
{
	struct kept k = { kept, (const char *)kept + len, false };
	const char *next;
	(void)next_word(&k); /* how many: the form says that too */
	for (; (next = strchr(form, '%')); form = next) {
		struct tell_directive one;
		tell_buf_put(out, form, (size_t)(next - form));
		if (*++next == '%') {
			tell_buf_putc(out, *next++);
			continue;
		}
		if (!tell_directive_read(&one, &next))
			break; /* a form that nobody would have kept */
		put_one(out, &one, &k);
		if (k.bad)
			break;
	}
	if (!next)
		tell_buf_puts(out, form);
	else
		tell_buf_puts(out, NO_SENSE);
}

int tell_deferred_settle(struct tell_record *r, struct tell_buf *work)
{
	struct tell_value message;
	uint32_t pos = 0;
	const char *form = tell_place(r->head->place)->form;
	r->head->flags &= (uint16_t)~TELL_RECORD_DEFERRED;
	if (!tell_walk_next(r->head, &pos, &message) || message.key != TELL_KEY_MESSAGE)
		return 0;
	tell_buf_clear(work);
	if (form)
		tell_deferred_text(work, form, message.data, message.len);
	else
		tell_buf_puts(work, UNKNOWN);
	return tell_record_replace(r, &message, TELL_TYPE_STR, work->data, work->len);
}
