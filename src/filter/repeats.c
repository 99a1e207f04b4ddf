#include "filter/repeats.h"
#include <string.h>

static uint64_t get(const uint64_t *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

static void add(uint64_t *n, uint64_t v)
{
	(void)__atomic_fetch_add(n, v, __ATOMIC_RELAXED);
}

static void init_locks(struct tell_repeats *r)
{
	for (size_t i = 0; i < TELL_REPEAT_LOCKS; i++)
		(void)pthread_mutex_init(&r->sets[i].lock, NULL); /* default: no errors */
}

void tell_repeats_init(struct tell_repeats *r, uint64_t window_ns)
{
	r->window_ns = window_ns;
	init_locks(r);
}

static struct tell_repeat_set *set_of(struct tell_repeats *r, uint64_t key)
{
	return &r->sets[(key >> 32) % TELL_REPEAT_LOCKS];
}

static struct tell_repeat *find(struct tell_repeat_set *set, uint64_t key)
{
	for (size_t i = 0; i < TELL_REPEAT_WAYS; i++)
		if (set->list[i].key == key)
			return &set->list[i];
	return NULL;
}

/* One for a new window: unused, else the one that ends first with nothing to say. NULL: none. */
static struct tell_repeat *find_free(struct tell_repeat_set *set)
{
	struct tell_repeat *best = NULL;
	for (size_t i = 0; i < TELL_REPEAT_WAYS; i++) {
		struct tell_repeat *it = &set->list[i];
		if (it->key == 0)
			return it;
		if (it->n == 0 && (!best || it->end_ns < best->end_ns))
			best = it;
	}
	return best;
}

/* The text of what is repeated is kept when it is for the first time: most is never. */
static void repeat(struct tell_repeat *it, const struct tell_saying *s)
{
	if (it->n++ == 0) {
		it->first_ns = s->realtime_ns;
		it->place = s->place;
		it->level = s->level;
		it->whole = s->len <= TELL_REPEAT_TEXT;
		it->len = it->whole ? (uint16_t)s->len : 0;
		memcpy(it->text, s->text, it->len);
	}
	it->last_ns = s->realtime_ns;
}

static bool is_repeated(
	struct tell_repeats *r, struct tell_repeat_set *set, const struct tell_saying *s)
{
	struct tell_repeat *it = find(set, s->key);
	if (it && (it->n || s->now_ns < it->end_ns)) {
		repeat(it, s);
		return true;
	}
	if (!it)
		it = find_free(set);
	if (!it) {
		add(&r->full, 1);
		return false;
	}
	if (it->key && it->key != s->key && s->now_ns < it->end_ns)
		add(&r->full, 1); /* that one is forgotten before its window ended */
	it->key = s->key;
	it->n = 0;
	it->end_ns = s->now_ns + r->window_ns;
	return false;
}

bool tell_repeats_is(struct tell_repeats *r, const struct tell_saying *s)
{
	struct tell_repeat_set *set = set_of(r, s->key);
	(void)pthread_mutex_lock(&set->lock);
	bool again = is_repeated(r, set, s);
	if (again) {
		add(&r->repeated, 1);
		add(&r->unsaid, 1);
	}
	(void)pthread_mutex_unlock(&set->lock);
	return again;
}

bool tell_repeats_take(struct tell_repeats *r, size_t *pos, uint64_t now_ns, bool all,
	struct tell_repeat *ret)
{
	bool found = false;
	while (!found && *pos < TELL_REPEATS && get(&r->unsaid)) {
		struct tell_repeat_set *set = &r->sets[*pos / TELL_REPEAT_WAYS];
		struct tell_repeat *it = &set->list[(*pos)++ % TELL_REPEAT_WAYS];
		(void)pthread_mutex_lock(&set->lock);
		found = it->n && (all || it->end_ns <= now_ns);
		if (found) {
			*ret = *it;
			*it = (struct tell_repeat){ 0 };
			(void)__atomic_fetch_sub(&r->unsaid, ret->n, __ATOMIC_RELAXED);
		}
		(void)pthread_mutex_unlock(&set->lock);
	}
	return found;
}

void tell_repeats_untake(
	struct tell_repeats *r, size_t pos, const struct tell_repeat *one)
{
	struct tell_repeat_set *set = &r->sets[(pos - 1) / TELL_REPEAT_WAYS];
	struct tell_repeat *it = &set->list[(pos - 1) % TELL_REPEAT_WAYS];
	(void)pthread_mutex_lock(&set->lock);
	if (it->key == 0) {
		*it = *one;
		add(&r->unsaid, one->n);
	}
	(void)pthread_mutex_unlock(&set->lock);
}

void tell_repeats_child(struct tell_repeats *r)
{
	uint64_t window_ns = r->window_ns;
	memset(r, 0, sizeof(*r));
	tell_repeats_init(r, window_ns);
}
