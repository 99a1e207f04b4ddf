#include "forward/veil.h"
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "record/place.h"
#include "source/origin.h"

#define NAME_MAX_KEPT 256

void tell_veil_done(struct tell_veil *v)
{
	for (size_t i = 0; i < TELL_VEIL_NAMES; i++)
		free(v->clean[i]);
	tell_record_done(&v->record);
	tell_buf_done(&v->service);
	memset(v->clean, 0, sizeof(v->clean));
}

/* Append what the redact lines leave of a text, as a C string. False: memory is out. */
static bool put_redacted(struct tell_veil *v, struct tell_stack *stack,
	const struct tell_run *run, const char *text, struct tell_buf *out)
{
	struct tell_run own = *run;
	size_t len;
	v->record.limit = TELL_RECORD_LIMIT_MAX; /* above an entry's: nothing is cut */
	if (tell_record_begin(&v->record, TELL_INFO, TELL_KIND_LOG) < 0)
		return false;
	tell_record_message(&v->record, text, strlen(text));
	own.record = &v->record;
	tell_stack_redact(stack, &own);
	const char *left = tell_record_text(&v->record, &len);
	tell_buf_put(out, left, len);
	tell_buf_putc(out, '\0');
	return !out->cut && !(v->record.head->flags & TELL_RECORD_CUT);
}

static bool veil_service(struct tell_veil *v, struct tell_stack *stack,
	const struct tell_run *run, struct tell_entry *e)
{
	const char *name = e->who.service;
	char **clean = &v->clean[tell_hash_bytes(name, strlen(name)) % TELL_VEIL_NAMES];
	if (!*name || (*clean && strcmp(*clean, name) == 0))
		return true;
	tell_buf_clear(&v->service);
	if (!put_redacted(v, stack, run, name, &v->service))
		return false;
	if (strcmp(v->service.data, name) == 0) {
		free(*clean); /* NULL: it is read again */
		*clean = strlen(name) <= NAME_MAX_KEPT ? strdup(name) : NULL;
	} else {
		e->who.service = v->service.data;
	}
	return true;
}

static bool veil_place(struct tell_veil *v, struct tell_stack *stack,
	const struct tell_run *run, struct tell_entry *e)
{
	uint32_t id = e->record.head->place;
	const struct tell_place *place = tell_place(id);
	if (!place->id || v->places[id / 8] & 1 << id % 8)
		return true;
	struct tell_buf text = { 0 };
	tell_buf_init(&text, 0);
	bool ok = put_redacted(v, stack, run, place->file, &text);
	size_t func = text.len;
	ok = ok && put_redacted(v, stack, run, place->func, &text);
	size_t logger = text.len;
	ok = ok && put_redacted(v, stack, run, place->logger, &text);
	if (ok && strcmp(text.data, place->file) == 0 &&
		strcmp(text.data + func, place->func) == 0 &&
		strcmp(text.data + logger, place->logger) == 0) {
		v->places[id / 8] |= (uint8_t)(1 << id % 8);
	} else if (ok) {
		const struct tell_site *site = tell_origin(
			text.data, place->line, text.data + func, text.data + logger);
		e->record.head->place = site ? site->id : 0;
	}
	tell_buf_done(&text);
	return ok;
}

bool tell_veil(struct tell_veil *v, struct tell_stack *stack, const struct tell_run *run,
	struct tell_entry *e)
{
	return veil_service(v, stack, run, e) && veil_place(v, stack, run, e);
}
