#include "base/table.h"
#include <string.h>
#include "base/lasting.h"

bool tell_table_reserve(struct tell_table *t, uint32_t i)
{
	if (i < t->room)
		return true;
	uint32_t room = t->room;
	while (room <= i)
		room *= 2;
	const void **at = tell_lasting(room * sizeof(*at));
	if (!at)
		return false;
	memcpy(at, t->at, t->room * sizeof(*at));
	__atomic_store_n(&t->at, at, __ATOMIC_RELEASE);
	__atomic_store_n(&t->room, room, __ATOMIC_RELEASE);
	return true;
}

void tell_table_set(struct tell_table *t, uint32_t i, const void *p)
{
	__atomic_store_n(&t->at[i], p, __ATOMIC_RELEASE);
}
