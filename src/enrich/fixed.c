#include "enrich/fixed.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "base/utf8.h"
#include "record/record.h"
#include "record/slot.h"

struct fixed_field {
	struct tell_field field; /* .key is in .name, .v.ptr behind this struct */
	struct tell_key name;
	uint16_t key; /* in the dictionary; 0: it was full */
	uint8_t flags;
};

struct tell_fixed {
	size_t n;
	struct fixed_field *fields[TELL_FIXED_MAX];
};

int tell_fixed_new(struct tell_fixed **ret)
{
	struct tell_fixed *f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	*ret = f;
	return 0;
}

void tell_fixed_free(void *fixed)
{
	struct tell_fixed *f = fixed;
	for (size_t i = 0; f && i < f->n; i++)
		free(f->fields[i]);
	free(f);
}

static bool has(const struct tell_fixed *f, const struct tell_key *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->fields[i]->name.name, name->name) == 0)
			return true;
	return false;
}

/* Room for a field of this name with len bytes of text behind it. NULL, and *ret_error 0:
 * there is one already. */
static struct fixed_field *add(
	struct tell_fixed *f, const char *name, size_t len, int *ret_error)
{
	size_t name_len = strlen(name);
	struct tell_key made;
	(void)tell_key_make(
		&made, name, name_len); /* a renamed name shows in the record */
	*ret_error = 0;
	if (has(f, &made))
		return NULL;
	*ret_error = -E2BIG;
	if (f->n == TELL_FIXED_MAX)
		return NULL;
	struct fixed_field *new = calloc(1, sizeof(*new) + len);
	*ret_error = -ENOMEM;
	if (!new)
		return NULL;
	const struct tell_key *key = tell_key_of(name, name_len);
	new->name = made;
	new->key = key ? key->id : TELL_KEY_INLINE;
	new->flags = TELL_SLOT_ADDED;
	f->fields[f->n++] = new;
	return new;
}

int tell_fixed_text(struct tell_fixed *f, const char *name, const char *text, size_t len,
	enum tell_fixed_origin origin)
{
	int error;
	if (len > TELL_FIXED_TEXT_MAX)
		len = tell_utf8_cut(text, len, TELL_FIXED_TEXT_MAX);
	struct fixed_field *new = add(f, name, len, &error);
	if (!new)
		return error;
	char *copy = (char *)(new + 1);
	memcpy(copy, text, len);
	new->field = tell_strn(new->name.name, copy, len);
	if (origin == TELL_FIXED_OURS)
		new->flags |= TELL_SLOT_SAFE;
	return 0;
}

static bool typed(struct tell_field *ret, const char *name, const char *text)
{
	struct tell_number number;
	bool yes = strcmp(text, "true") == 0;
	if (yes || strcmp(text, "false") == 0) {
		*ret = tell_bool(name, yes);
		return true;
	}
	(void)tell_number_canonical(text, strlen(text), &number); /* NONE is an answer */
	switch (number.kind) {
	case TELL_NUMBER_NONE:
		return false;
	case TELL_NUMBER_I64:
		*ret = tell_i64(name, number.i64);
		return true;
	case TELL_NUMBER_U64:
		*ret = tell_u64(name, number.u64);
		return true;
	case TELL_NUMBER_F64:
		*ret = tell_f64(name, number.f64);
		return true;
	}
	return false;
}

int tell_fixed_typed(struct tell_fixed *f, const char *name, const char *text)
{
	struct tell_field field;
	int error;
	if (!typed(&field, name, text))
		return tell_fixed_text(f, name, text, strlen(text), TELL_FIXED_FOREIGN);
	struct fixed_field *new = add(f, name, 0, &error);
	if (!new)
		return error;
	field.key = new->name.name;
	field.key_len = new->name.len;
	new->field = field;
	return 0;
}

int tell_fixed_refuse(struct tell_refusal *why, int error, const char *arg)
{
	if (error == -E2BIG)
		return tell_refuse(why, error, arg, "name fewer, or use a second line",
			"more than %d fields", TELL_FIXED_MAX);
	return tell_refuse(why, error, arg, "give it memory", "%s", strerror(-error));
}

enum tell_verdict tell_fixed_run(void *fixed, struct tell_run *run)
{
	const struct tell_fixed *f = fixed;
	for (size_t i = 0; i < f->n; i++) {
		const struct fixed_field *e = f->fields[i];
		/* most names are new, which the bits say without a walk */
		if (!(run->record->names & tell_key_bit(e->key)) ||
			!tell_record_has(run->record, e->name.name, e->name.len))
			tell_record_add(run->record, &e->field, 1, e->flags, &e->key);
	}
	return TELL_SUCCESS;
}
