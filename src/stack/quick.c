#include "record/walk.h"
#include "stack/chain.h"

/* What the short way of api/quick.h needs to know about a stack. */

/* Process-wide: marks are never used again. */
static uint64_t last_mark;

/* Does the line say the same of every record of one level? */
static bool is_constant(const struct tell_link *link)
{
	return !link->run || strcmp(link->module->name, "level") == 0 ||
		strcmp(link->module->name, "permit") == 0;
}

bool tell_stack_early_is_constant(const struct tell_stack *s)
{
	const struct tell_chain *filters = &s->chains[TELL_CHAIN_FILTER];
	for (size_t i = 0; i < filters->n; i++)
		if (!is_constant(&filters->links[i]))
			return false;
	return s->chains[TELL_CHAIN_ENRICH].n == 0;
}

static bool may_be_quick(const struct tell_stack *s)
{
	const struct tell_chain *redact = &s->chains[TELL_CHAIN_REDACT];
	if (!s->queue || !s->queue->module->queue->lane ||
		s->chains[TELL_CHAIN_QUEUE].n != 1 || !tell_stack_early_is_constant(s))
		return false;
	for (size_t i = 0; i < redact->n; i++)
		if (redact->links[i].early && !redact->links[i].module->keeps)
			return false;
	return !redact->broken;
}

void tell_stack_quick_renew(struct tell_stack *s)
{
	s->quick_mark = may_be_quick(s)
		? __atomic_add_fetch(&last_mark, 1, __ATOMIC_RELAXED)
		: 0;
}

uint64_t tell_stack_quick_mark(const struct tell_stack *s)
{
	return s->quick_mark;
}

static bool keeps(const struct tell_chain *redact, const struct tell_value *v)
{
	for (size_t i = 0; i < redact->n; i++) {
		const struct tell_link *link = &redact->links[i];
		if (link->early &&
			!link->module->keeps(link->state, v->key, v->name, v->name_len))
			return false;
	}
	return true;
}

void *tell_stack_quick_lane(const struct tell_stack *s, const struct tell_record *r)
{
	struct tell_value v;
	for (uint32_t pos = 0; tell_walk_next(r->head, &pos, &v);)
		if (v.key == TELL_KEY_INLINE || !keeps(&s->chains[TELL_CHAIN_REDACT], &v))
			return NULL;
	return s->queue->module->queue->lane(s->queue->state, r);
}

/* A line that cannot say what it leaves alone, such as detect, reads values. */
bool tell_chain_hides(const void *redact, const char *name, size_t len)
{
	const struct tell_chain *chain = redact;
	const size_t most = UINT8_MAX; /* as a value's; names are judged by their end */
	if (len > most) {
		name += len - most;
		len = most;
	}
	for (size_t i = 0; i < chain->n; i++) {
		const struct tell_link *link = &chain->links[i];
		if (link->module && link->module->keeps &&
			!link->module->keeps(link->state, TELL_KEY_INLINE, name, len))
			return true;
	}
	return false;
}
