#include "queue/quick.h"

#define HEADS (sizeof(struct tell_entry) + sizeof(struct tell_head))

void tell_quick_plan_end(struct tell_quick_plan *plan, uint8_t level)
{
	plan->most = (uint32_t)(HEADS + sizeof(struct tell_slot) + 7);
	plan->names = 0;
	for (size_t i = 0; i < plan->n; i++) {
		struct tell_quick_field *q = &plan->field[i];
		bool is_text = (q->kind & 0xff) == TELL_TYPE_STR;
		struct tell_slot slot = { q->id, (uint8_t)q->kind, 0, is_text ? 0 : 8 };
		memcpy(&q->slot, &slot, sizeof(slot));
		plan->names |= tell_key_bit(q->id);
		plan->most += (uint32_t)(sizeof(slot) +
			(is_text ? tell_pad8(TELL_QUICK_SHORT) : 8));
	}
	plan->first = ((uint64_t)(1 + plan->n) | (uint64_t)level << 16)
		<< TELL_QUICK_SLOTS_BIT;
}

char *tell_quick_put_long(struct tell_lane *l, const struct tell_quick_plan *plan,
	const struct tell_head *scopes, const char *message, size_t len,
	const struct tell_field *fields)
{
	size_t room, more = len + (scopes ? scopes->size : 0);
	size_t n = sizeof(struct tell_head) + sizeof(struct tell_slot) + tell_pad8(more);
	for (size_t i = 0; i < plan->n; i++)
		n += sizeof(struct tell_slot) +
			(fields[i].type == TELL_TYPE_STR ? tell_pad8(fields[i].len) : 8);
	if (!tell_lane_may_hold(l, n))
		return NULL;
	/* Where there is more, the next calls need not ask. */
	size_t most = plan->most + more;
	if (!tell_lane_reserve(l, most > n ? most : n, &room) &&
		!tell_lane_reserve(l, n, &room))
		return NULL;
	return tell__put_slots(
		(char *)(tell_lane_entry(l) + 1) + sizeof(struct tell_head), plan, scopes,
		message, len, fields, SIZE_MAX);
}
