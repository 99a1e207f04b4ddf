#include "tool/by_field.h"
#include <math.h>
#include <string.h>
#include "encode/encode.h"
#include "encode/parts.h"
#include "record/expr_value.h"
#include "record/level.h"
#include "record/place.h"

static void put_text(struct tell_buf *out, const char *text)
{
	tell_buf_puts(out, text);
}

static void put_number(struct tell_buf *out, uint32_t n)
{
	if (n)
		tell_buf_printf(out, "%u", n);
}

static void put_caller(struct tell_buf *out, const struct tell_place *p)
{
	if (p->file_len)
		tell_buf_printf(out, "%s:%u", p->file, p->line);
}

static void put_message(struct tell_buf *out, const struct tell_record *r)
{
	size_t len;
	const char *text = tell_record_text(r, &len);
	tell_buf_put(out, text, len);
}

/* What is no field. False: it is none of these. */
static bool put_head(const struct tell_entry *e, const char *name, struct tell_buf *out)
{
	const struct tell_head *h = e->record.head;
	if (strcmp(name, "level") == 0)
		put_text(out, tell_level_word(h->level));
	else if (strcmp(name, "service") == 0)
		put_text(out, e->who.service);
	else if (strcmp(name, "host") == 0 && *e->who.host)
		put_text(out, e->who.host);
	else if (strcmp(name, "kind") == 0)
		put_text(out, tell_kind_word(h->kind));
	else if (strcmp(name, "pid") == 0)
		put_number(out, h->pid);
	else if (strcmp(name, "tid") == 0)
		put_number(out, h->tid);
	else if (strcmp(name, "seq") == 0)
		tell_encode_seq(out, h);
	else if (strcmp(name, "logger") == 0)
		put_text(out, tell_place(h->place)->logger);
	else if (strcmp(name, "caller") == 0)
		put_caller(out, tell_place(h->place));
	else if (strcmp(name, "message") == 0)
		put_message(out, &e->record);
	else
		return false;
	return true;
}

/* Raw names are upper case. */
static const struct tell_raw_field *raw(const struct tell_entry *e, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; i < e->n_raw; i++)
		if (e->raw[i].name_len == n && strncasecmp(e->raw[i].name, name, n) == 0)
			return &e->raw[i];
	return NULL;
}

bool tell_by_field(const struct tell_entry *e, const char *name, struct tell_buf *out)
{
	size_t before = out->len;
	struct tell_value v;
	if (put_head(e, name, out))
		return out->len > before; /* "" is missing: the encoders leave it out */
	const struct tell_raw_field *f = name[0] == '_' ? raw(e, name) : NULL;
	if (f)
		tell_buf_put(out, f->value, f->len);
	if (name[0] == '_')
		return f;
	if (!tell_record_get(&e->record, name, strlen(name), &v) ||
		v.type == TELL_TYPE_NULL)
		return false;
	tell_encode_value(out, &v);
	return true;
}

bool tell_by_number(const struct tell_entry *e, const char *name, double *ret)
{
	struct tell_value v;
	struct tell_operand o = { 0 };
	struct tell_number n;
	if (!tell_record_get(&e->record, name, strlen(name), &v))
		return false;
	tell_operand_value(&o, &v);
	if (!tell_operand_number(&o, &n))
		return false;
	*ret = tell_number_f64(&n);
	return isfinite(*ret);
}
