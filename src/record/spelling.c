#include "record/spelling.h"
#include <string.h>
#include "base/lasting.h"

const struct tell_spelling *tell_spelling_find(
	const struct tell_spellings *s, uint32_t hash, const char *given, size_t len)
{
	const struct tell_spelling_table *t = __atomic_load_n(
		&s->table, __ATOMIC_ACQUIRE);
	if (!t)
		return NULL;
	for (uint32_t i = hash;; i++) {
		const struct tell_spelling *one = __atomic_load_n(
			&t->slots[i & t->mask], __ATOMIC_ACQUIRE);
		if (!one)
			return NULL;
		if (one->hash == hash && one->len == len &&
			memcmp(one->text, given, len) == 0)
			return one;
	}
}

static void put(struct tell_spelling_table *t, const struct tell_spelling *one)
{
	uint32_t i = one->hash;
	while (t->slots[i & t->mask])
		i++;
	__atomic_store_n(&t->slots[i & t->mask], one, __ATOMIC_RELEASE);
}

static struct tell_spelling_table *twice_as_large(struct tell_spelling_table *old)
{
	uint32_t n = 2 * (old->mask + 1);
	struct tell_spelling_table *t = tell_lasting(sizeof(*t) + n * sizeof(*t->slots));
	if (!t)
		return NULL;
	t->mask = n - 1;
	t->slots = (const struct tell_spelling **)(t + 1);
	for (uint32_t i = 0; i <= old->mask; i++)
		if (old->slots[i])
			put(t, old->slots[i]);
	return t;
}

bool tell_spellings_room(struct tell_spellings *s)
{
	struct tell_spelling_table *t = s->table;
	if (t && 2 * (s->n + 1) <= t->mask + 1)
		return true;
	if (t) {
		t = twice_as_large(t);
	} else {
		t = &s->first;
		t->mask = TELL_SPELLINGS_FIRST - 1;
		t->slots = s->first_slots;
	}
	if (!t)
		return false;
	__atomic_store_n(&s->table, t, __ATOMIC_RELEASE);
	return true;
}

void tell_spelling_add(struct tell_spellings *s, const struct tell_spelling *one)
{
	put(s->table, one);
	s->n++;
}
