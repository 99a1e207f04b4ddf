#include "filter/bucket.h"
#include <string.h>

#define MIX UINT64_C(0x9e3779b97f4a7c15) /* 2^64 by the golden ratio */

static uint64_t get(const uint64_t *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

static void set(uint64_t *n, uint64_t v)
{
	__atomic_store_n(n, v, __ATOMIC_RELAXED);
}

static void add(uint64_t *n, uint64_t v)
{
	(void)__atomic_fetch_add(n, v, __ATOMIC_RELAXED);
}

void tell_buckets_init(struct tell_buckets *b, const struct tell_rate *rate)
{
	b->rate = *rate;
	(void)pthread_mutex_init(&b->lock, NULL); /* a default mutex: no errors */
}

/* ---- finding ---- */

static size_t near(uint64_t key, size_t i)
{
	size_t start = (size_t)((key * MIX) >> 48);
	return (start + i) % TELL_BUCKET_PLACES;
}

/* Keys are replaced but never taken away: behind an unused place there is none. */
static struct tell_bucket *find(struct tell_buckets *b, uint64_t key)
{
	for (size_t i = 0; i < TELL_BUCKETS_NEAR; i++) {
		size_t at = near(key, i);
		uint64_t held = get(&b->keys[at]);
		if (held == key)
			return &b->list[at];
		if (held == 0)
			return NULL;
	}
	return NULL;
}

/* Nothing in it that a new one would not have. */
static bool is_free(const struct tell_bucket *it, uint64_t now_ns)
{
	return get(&it->due_ns) <= now_ns && get(&it->held) == 0;
}

static struct tell_bucket *give(struct tell_buckets *b, uint64_t key, uint64_t now_ns)
{
	struct tell_bucket *it = find(b, key); /* another thread may have been first */
	if (it)
		return it;
	for (size_t i = 0; i < TELL_BUCKETS_NEAR; i++) {
		size_t at = near(key, i);
		if (get(&b->keys[at]) != 0 && !is_free(&b->list[at], now_ns))
			continue;
		set(&b->keys[at], key);
		return &b->list[at];
	}
	return &b->rest;
}

static struct tell_bucket *find_or_give(
	struct tell_buckets *b, uint64_t key, uint64_t now_ns)
{
	struct tell_bucket *it = find(b, key);
	if (__builtin_expect(it != NULL, 1))
		return it;
	(void)pthread_mutex_lock(&b->lock); /* a walk over some numbers */
	it = give(b, key, now_ns);
	(void)pthread_mutex_unlock(&b->lock);
	return it;
}

/* ---- spending ---- */

static void refuse(
	struct tell_buckets *b, struct tell_bucket *it, const struct tell_spending *s)
{
	/* Of two at once that are the first each may write what the other did: they are a
	 * moment apart. */
	if (__atomic_fetch_add(&it->held, 1, __ATOMIC_RELAXED) == 0) {
		set(&it->first_ns, s->realtime_ns);
		set(&it->say_ns, s->now_ns + TELL_BUCKETS_SAY_NS);
		__atomic_store_n(&it->level, s->level, __ATOMIC_RELAXED);
		add(&b->triggers, 1);
	} else if (s->level < __atomic_load_n(&it->level, __ATOMIC_RELAXED)) {
		__atomic_store_n(&it->level, s->level, __ATOMIC_RELAXED);
	}
	set(&it->last_ns, s->realtime_ns);
	__atomic_store_n(&it->place, s->place, __ATOMIC_RELAXED);
	add(&b->refused, 1);
	add(&b->unsaid, 1);
	if (it == &b->rest)
		add(&b->shared, 1);
}

bool tell_buckets_take(struct tell_buckets *b, const struct tell_spending *s)
{
	struct tell_bucket *it = find_or_give(b, s->key, s->now_ns);
	if (tell_rate_take(&b->rate, &it->due_ns, s->now_ns))
		return true;
	refuse(b, it, s);
	return false;
}

/* ---- saying ---- */

static struct tell_bucket *at(struct tell_buckets *b, size_t i)
{
	if (i < TELL_BUCKET_PLACES)
		return &b->list[i];
	return i == TELL_BUCKET_PLACES ? &b->rest : NULL;
}

bool tell_buckets_next_due(struct tell_buckets *b, size_t *pos, uint64_t now_ns, bool all,
	struct tell_refused *ret)
{
	struct tell_bucket *it;
	while (get(&b->unsaid) && (it = at(b, (*pos)++))) {
		bool over = get(&it->due_ns) <= now_ns;
		if (get(&it->held) == 0 || (!all && !over && get(&it->say_ns) > now_ns))
			continue;
		*ret = (struct tell_refused){ .first_ns = get(&it->first_ns),
			.last_ns = get(&it->last_ns),
			.place = __atomic_load_n(&it->place, __ATOMIC_RELAXED),
			.level = (uint8_t)__atomic_load_n(&it->level, __ATOMIC_RELAXED),
			.many = it == &b->rest };
		ret->n = __atomic_exchange_n(&it->held, 0, __ATOMIC_RELAXED);
		if (ret->n == 0)
			continue; /* another thread says it */
		(void)__atomic_fetch_sub(&b->unsaid, ret->n, __ATOMIC_RELAXED);
		return true;
	}
	return false;
}

void tell_buckets_untake(struct tell_buckets *b, size_t pos, const struct tell_refused *r)
{
	struct tell_bucket *it = at(b, pos - 1);
	add(&it->held, r->n);
	add(&b->unsaid, r->n);
	set(&it->first_ns, r->first_ns);
}

void tell_buckets_child(struct tell_buckets *b)
{
	struct tell_rate rate = b->rate;
	memset(b, 0, sizeof(*b));
	tell_buckets_init(b, &rate);
}
