#include "source/origin.h"
#include <string.h>
#include "base/hash.h"
#include "record/place.h"

/* Sites by hash, one for another when two meet: a place seen before finds its number again
 * in the process's table, which never forgets. */
static struct tell_site sites[4096];

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static struct tell_site *slot_of(const struct tell_site *s)
{
	const char *const parts[] = { s->file, s->func, s->logger };
	uint32_t hash = s->line;
	for (size_t i = 0; i < 3; i++)
		hash = hash * 31 + tell_hash_bytes(parts[i], strlen(parts[i]));
	return &sites[(hash ^ hash >> 12) % (sizeof(sites) / sizeof(sites[0]))];
}

static struct tell_site *add(struct tell_site *slot, const struct tell_site *wanted)
{
	*slot = *wanted;
	uint32_t id = tell_place_add(slot);
	const struct tell_place *place = tell_place(id);
	if (id == 0) {
		*slot = (struct tell_site){ 0 };
		return NULL;
	}
	slot->file = place->file;
	slot->func = place->func;
	slot->logger = place->logger;
	return slot;
}

struct tell_site *tell_origin(
	const char *file, uint32_t line, const char *func, const char *logger)
{
	struct tell_site wanted = { .level = TELL__LEVEL_VARIES,
		.line = line,
		.file = file ? file : "",
		.func = func ? func : "",
		.logger = logger ? logger : "" };
	if (!*wanted.file && !*wanted.func && !*wanted.logger)
		return NULL;
	struct tell_site *slot = slot_of(&wanted);
	if (slot->id && slot->line == line && same(slot->file, wanted.file) &&
		same(slot->func, wanted.func) && same(slot->logger, wanted.logger))
		return slot;
	return add(slot, &wanted);
}
