#include "queue/quick.h"
#include "base/lasting.h"

#define HEADS (sizeof(struct tell_entry) + sizeof(struct tell_head))

/* Plans of sites that are gone, by their first word; atomic. */
static void *idle_plans;

void tell_quick_plan_free(struct tell_quick_plan *plan)
{
	void *next = __atomic_load_n(&idle_plans, __ATOMIC_RELAXED);
	do
		memcpy(plan, &next, sizeof(next));
	while (!__atomic_compare_exchange_n(
		&idle_plans, &next, plan, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/* All of them are taken and the rest put back: what is looked at is nobody else's. */
struct tell_quick_plan *tell_quick_plan_new(void)
{
	struct tell_quick_plan *plan = __atomic_load_n(&idle_plans, __ATOMIC_RELAXED)
		? __atomic_exchange_n(&idle_plans, NULL, __ATOMIC_ACQUIRE)
		: NULL;
	if (!plan)
		return tell_lasting(sizeof(*plan));
	void *rest;
	memcpy(&rest, plan, sizeof(rest));
	while (rest) {
		void *one = rest;
		memcpy(&rest, one, sizeof(rest));
		tell_quick_plan_free(one);
	}
	memset(plan, 0, sizeof(*plan));
	return plan;
}

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

/* Room was found. Who reads sleeps up to 100 ms when nothing happens, and a burst fills a lane
 * in less: the writer comes back here when the lane is half full, and wakes him. */
static void mind_half(const struct tell_quick_self *self, size_t most)
{
	struct tell_lane *l = self->lane;
	uint64_t half = l->tail_seen + l->size / 2;
	if (l->head + most > half) {
		l->tail_seen = __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE);
		half = l->tail_seen + l->size / 2;
	}
	if (l->head + most <= half)
		l->open_to = l->open_to < half ? l->open_to : half;
	else if (self->wake)
		self->wake(self->wake_arg);
}

char *tell_quick_put_long(const struct tell_quick_self *self,
	const struct tell_quick_plan *plan, const struct tell_head *scopes,
	const char *message, size_t len, const struct tell_field *fields)
{
	struct tell_lane *l = self->lane;
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
	mind_half(self, most > n ? most : n);
	return tell__put_slots(
		(char *)(tell_lane_entry(l) + 1) + sizeof(struct tell_head), plan, scopes,
		message, len, fields, SIZE_MAX);
}

/* At least `least` bytes in one piece, and all there are up to a quarter lane. */
static char *form_room(const struct tell_quick_self *self, size_t least, char **ret_end)
{
	struct tell_lane *l = self->lane;
	size_t room = (size_t)(l->open_to - l->head), quarter = l->size / 4;
	if (room < least) {
		if (!tell_lane_reserve(l, least, &room))
			return NULL;
		mind_half(self, least);
	}
	room = (size_t)(l->open_to - l->head);
	*ret_end = (char *)tell_lane_entry(l) + (room < quarter ? room : quarter);
	return (char *)(tell_lane_entry(l) + 1);
}

bool tell_quick_put_form(const struct tell_quick_self *self,
	const struct tell_quick_plan *plan, const struct tell_head *scopes, uint64_t time,
	int error, va_list ap)
{
	const struct tell_deferred *args = &plan->arguments;
	size_t carried = scopes ? scopes->size - sizeof(*scopes) : 0;
	size_t least = HEADS + sizeof(struct tell_slot) +
		(1 + (size_t)args->n) * sizeof(uint64_t) +
		args->n_texts * (size_t)(TELL_QUICK_SHORT + 1) + carried;
	char *end, *h = form_room(self, least, &end);
	if (!h)
		return false;
	char *slot = h + sizeof(struct tell_head), *p = slot + sizeof(struct tell_slot);
	p = tell_deferred_keep(args, p, end - carried, error, ap);
	if (!p)
		return false;
	size_t len = (size_t)(p - slot) - sizeof(struct tell_slot);
	tell__put_word(
		slot, TELL_KEY_MESSAGE | TELL_TYPE_BYTES << 16 | (uint64_t)len << 32);
	TELL_CRASH_POINT("mid-copy");
	if (carried)
		p = tell__put_padded(p, (const char *)(scopes + 1), carried);
	tell__put_head(h, p, self, plan, scopes ? scopes->n_slots : 0,
		TELL_RECORD_DEFERRED, time);
	return true;
}
