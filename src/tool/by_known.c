#include "tool/by_known.h"
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/nearest.h"

#define LEN_MAX 64 /* of a field's name */

/* What is no field, and may be asked for all the same. */
static const char *const heads[] = { "level", "service", "logger", "kind", "caller",
	"host", "pid", "tid", "message" };
#define N_HEADS (sizeof(heads) / sizeof(heads[0]))

void tell_by_known_add(
	struct tell_by_known *k, const char *name, size_t len, const char *ending)
{
	char text[2 * LEN_MAX];
	size_t more = strlen(ending);
	if (len == 0 || len > LEN_MAX || more >= LEN_MAX || memchr(name, '\0', len))
		return;
	memcpy(text, name, len);
	memcpy(text + len, ending, more + 1);
	size_t i = tell_hash_bytes(text, len + more) % TELL_BY_KNOWN_SLOTS;
	for (; k->names[i]; i = (i + 1) % TELL_BY_KNOWN_SLOTS)
		if (strcmp(k->names[i], text) == 0)
			return;
	if (k->n < TELL_BY_KNOWN_MAX && (k->names[i] = strdup(text)))
		k->n++;
}

void tell_by_known_fields(struct tell_by_known *k, const struct tell_entry *e)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(&e->record, &pos, &v);)
		tell_by_known_add(k, v.name, v.name_len, "");
}

struct candidate {
	const char *name;
	size_t steps;
};

static int nearest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->steps != y->steps)
		return x->steps < y->steps ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* What "requests" was meant for may be "requests_total". */
static size_t steps_to(const char *written, const char *name)
{
	struct tell_nearest near = { 0 };
	if (strncmp(name, written, strlen(written)) == 0)
		return 1;
	tell_nearest_offer(&near, written, name);
	return near.word ? near.steps : SIZE_MAX;
}

bool tell_by_known_nearest(
	const struct tell_by_known *k, const char *written, struct tell_buf *out)
{
	struct candidate list[TELL_BY_KNOWN_MAX + N_HEADS];
	size_t n = 0;
	for (size_t i = 0; i < TELL_BY_KNOWN_SLOTS; i++)
		if (k->names[i])
			list[n++] = (struct candidate){ .name = k->names[i] };
	for (size_t i = 0; n > 0 && i < N_HEADS; i++)
		list[n++] = (struct candidate){ .name = heads[i] };
	for (size_t i = 0; i < n; i++)
		list[i].steps = steps_to(written, list[i].name);
	qsort(list, n, sizeof(*list), nearest_first);
	size_t shown = n < TELL_BY_KNOWN_SHOWN ? n : TELL_BY_KNOWN_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		if (i && list[0].steps != SIZE_MAX && list[i].steps == SIZE_MAX)
			break;
		tell_buf_printf(out, "%s%s", i ? ", " : "", list[i].name);
	}
	return n > 0;
}

void tell_by_known_done(struct tell_by_known *k)
{
	for (size_t i = 0; i < TELL_BY_KNOWN_SLOTS; i++)
		free(k->names[i]);
	*k = (struct tell_by_known){ 0 };
}
