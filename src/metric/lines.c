#include "metric/lines.h"
#include <math.h>
#include <string.h>
#include "base/ascii.h"
#include "base/number.h"

/* A part of a name; dots: they divide parts, and may stand in this one. */
static void put_name(struct tell_buf *out, const char *s, bool dots)
{
	for (; *s; s++) {
		bool good = tell_is_letter(*s) || tell_is_digit(*s) || *s == '_' ||
			*s == '-' || (*s == '.' && dots);
		tell_buf_putc(out, good ? *s : '_');
	}
}

static void put_tag(struct tell_buf *out, const char *s, bool name)
{
	for (; *s; s++) {
		bool good = (unsigned char)*s >= ' ' && *s != 0x7f && *s != ',' &&
			*s != '|' && *s != '#' && !(name && *s == ':');
		tell_buf_putc(out, good ? *s : '_');
	}
}

static void put_value(struct tell_buf *out, struct tell_reading v)
{
	char text[TELL_F64_MAX_CHARS];
	char *end = v.whole ? tell_put_u64(text, v.u64) : tell_put_f64(text, v.f64);
	tell_buf_put(out, text, (size_t)(end - text));
}

static void put_series(struct tell_buf *out, const struct tell_statsd_line *l)
{
	put_name(out, l->prefix, true);
	put_name(out, l->name, false);
	tell_buf_puts(out, l->end);
	for (size_t i = 0; !l->tags && i < l->n_labels; i++) {
		tell_buf_putc(out, '.');
		put_name(out, *l->labels[i].value ? l->labels[i].value : "none", false);
	}
	tell_buf_putc(out, ':');
}

static void put_tags(struct tell_buf *out, const struct tell_statsd_line *l)
{
	for (size_t i = 0; l->tags && i < l->n_labels; i++) {
		tell_buf_puts(out, i ? "," : "|#");
		put_tag(out, l->labels[i].name, true);
		tell_buf_putc(out, ':');
		put_tag(out, l->labels[i].value, false);
	}
}

bool tell_statsd_put(struct tell_buf *out, const struct tell_statsd_line *l)
{
	if (!l->value.whole && !isfinite(l->value.f64))
		return false;
	/* To a gauge a sign means "so much less": it is set to 0 first. */
	if (!l->counter && !l->tags && !l->value.whole && signbit(l->value.f64)) {
		put_series(out, l);
		tell_buf_puts(out, "0|g\n");
	}
	put_series(out, l);
	put_value(out, l->value);
	tell_buf_puts(out, l->counter ? "|c" : "|g");
	put_tags(out, l);
	return true;
}
