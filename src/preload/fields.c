#include "preload/fields.h"
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "preload/memory.h"

#define SEPARATOR "\x1e"

static struct {
	struct tell_field list[TELL_PRELOAD_FIELDS_MAX];
	size_t n;
} fields;

static struct tell_field field_of(const char *name, const char *value)
{
	struct tell_number number;
	size_t len = strlen(value);
	if (tell_number_canonical(value, len, &number)) {
		if (number.kind == TELL_NUMBER_I64)
			return tell_i64(name, number.i64);
		if (number.kind == TELL_NUMBER_U64)
			return tell_u64(name, number.u64);
		if (number.kind == TELL_NUMBER_F64)
			return tell_f64(name, number.f64);
	}
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		return tell_bool(name, *value == 't');
	return tell_strn(name, value, len);
}

/* "name=value", which stays. */
static void take(char *text)
{
	char *equals = strchr(text, '=');
	if (!equals || equals == text || fields.n == TELL_PRELOAD_FIELDS_MAX)
		return;
	*equals = '\0';
	fields.list[fields.n++] = field_of(text, equals + 1);
}

void tell_preload_read_fields(void)
{
	const char *given = getenv("TELLTALE_PRELOAD_FIELDS");
	if (!given || !*given || fields.n)
		return;
	size_t len = strlen(given);
	char *at = tell_memory_get(len + 1); /* kept: the fields point into it */
	if (!at)
		return;
	memcpy(at, given, len + 1);
	for (char *text; (text = strsep(&at, SEPARATOR));)
		take(text);
}

const struct tell_field *tell_preload_fields(size_t *ret_n)
{
	*ret_n = fields.n;
	return fields.list;
}
