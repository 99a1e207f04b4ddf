#include "meter/recent.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "meter/cells.h"
#include "meter/window.h"

struct recent {
	char *key;
	struct tell_window *window;
	struct tell_window *left; /* the parent's, perhaps in the middle of a change */
};

struct kept {
	pthread_mutex_t lock;
	size_t n;
	struct recent list[TELL_RECENT_MAX];
	struct tell_tally all; /* what is too large for small stacks */
};

static struct kept *recents; /* atomic; made by the first question, and stays */

/* NULL: no memory. */
static struct kept *get(void)
{
	struct kept *none = NULL, *all = __atomic_load_n(&recents, __ATOMIC_ACQUIRE);
	if (all)
		return all;
	all = calloc(1, sizeof(*all));
	if (!all)
		return NULL;
	(void)pthread_mutex_init(&all->lock, NULL); /* cannot fail in glibc */
	if (__atomic_compare_exchange_n(
		    &recents, &none, all, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return all;
	free(all);
	return none;
}

static void add_series(
	struct tell_tally *all, const struct tell_family *f, const struct tell_series *s)
{
	if (f->grid)
		tell_histogram_read(&s->number.histogram, all);
	else
		all->n[0] += tell_counter_get(&s->number.counter);
}

/* Its extremes are those since somebody else's last look: they say nothing, and bound nothing. */
static void sum_up(struct tell_tally *all, const struct tell_family *f,
	tell_choose_fn *choose, const void *arg)
{
	tell_tally_init(all);
	if (tell_family_shows_own(f) && choose(arg, f, NULL))
		add_series(all, f, &f->own);
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		if (choose(arg, f, s->values))
			add_series(all, f, s);
	all->min = -(double)INFINITY;
	all->max = (double)INFINITY;
}

/* 0, -ENOSPC, -ENOMEM. */
static int find(struct recent **ret, struct kept *k, const char *key)
{
	size_t i = 0;
	while (i < k->n && strcmp(k->list[i].key, key) != 0)
		i++;
	*ret = &k->list[i];
	if (i < k->n)
		return 0;
	if (i == TELL_RECENT_MAX)
		return -ENOSPC;
	char *copy = strdup(key);
	if (!copy)
		return -ENOMEM;
	k->list[i].key = copy;
	__atomic_store_n(&k->n, i + 1, __ATOMIC_RELEASE); /* a child may be forked here */
	return 0;
}

/* The lock is held here and below. */
static int begin(struct recent *r, const struct tell_tally *all, uint64_t now_ns)
{
	r->window = tell_window_new(now_ns);
	if (!r->window)
		return -ENOMEM;
	tell_window_skip(r->window, all, now_ns);
	return 0;
}

static int read_locked(struct kept *k, const char *key, const struct tell_family *f,
	tell_choose_fn *choose, const void *arg, uint64_t window_ns, uint64_t now_ns,
	struct tell_tally *ret, uint64_t *ret_ns)
{
	struct recent *r;
	int error = find(&r, k, key);
	if (error)
		return error;
	sum_up(&k->all, f, choose, arg);
	if (!r->window)
		error = begin(r, &k->all, now_ns);
	if (error)
		return error;
	tell_window_tick(r->window, &k->all, now_ns);
	*ret_ns = tell_window_read(r->window, &k->all, now_ns, window_ns, ret);
	return 0;
}

int tell_recent_read(const char *key, const struct tell_family *f, tell_choose_fn *choose,
	const void *arg, uint64_t window_ns, uint64_t now_ns, struct tell_tally *ret,
	uint64_t *ret_ns)
{
	struct kept *k = get();
	if (!k)
		return -ENOMEM;
	(void)pthread_mutex_lock(&k->lock); /* a default mutex: no errors */
	int r = read_locked(k, key, f, choose, arg, window_ns, now_ns, ret, ret_ns);
	(void)pthread_mutex_unlock(&k->lock);
	return r;
}

void tell_recent_child(void)
{
	struct kept *k = recents;
	if (!k)
		return;
	(void)pthread_mutex_init(&k->lock, NULL); /* its owner stayed behind */
	for (size_t i = 0; i < k->n; i++) {
		k->list[i].left = k->list[i].window;
		k->list[i].window = NULL;
	}
}
