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
};

struct kept {
	size_t n;
	struct recent list[TELL_RECENT_MAX];
	struct tell_tally all; /* what is too large for small stacks */
};

static struct {
	pthread_mutex_t lock;
	struct kept *kept; /* made by the first question, and stays */
} recents = { .lock = PTHREAD_MUTEX_INITIALIZER };

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
	k->list[k->n++] = (struct recent){ copy, NULL };
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

static int read_locked(const char *key, const struct tell_family *f,
	tell_choose_fn *choose, const void *arg, uint64_t window_ns, uint64_t now_ns,
	struct tell_tally *ret, uint64_t *ret_ns)
{
	struct recent *r;
	if (!recents.kept)
		recents.kept = calloc(1, sizeof(*recents.kept));
	int error = recents.kept ? find(&r, recents.kept, key) : -ENOMEM;
	if (error)
		return error;
	struct tell_tally *all = &recents.kept->all;
	sum_up(all, f, choose, arg);
	if (!r->window)
		error = begin(r, all, now_ns);
	if (error)
		return error;
	tell_window_tick(r->window, all, now_ns);
	*ret_ns = tell_window_read(r->window, all, now_ns, window_ns, ret);
	return 0;
}

int tell_recent_read(const char *key, const struct tell_family *f, tell_choose_fn *choose,
	const void *arg, uint64_t window_ns, uint64_t now_ns, struct tell_tally *ret,
	uint64_t *ret_ns)
{
	(void)pthread_mutex_lock(&recents.lock); /* a default mutex: no errors */
	int r = read_locked(key, f, choose, arg, window_ns, now_ns, ret, ret_ns);
	(void)pthread_mutex_unlock(&recents.lock);
	return r;
}

void tell_recent_child(void)
{
	(void)pthread_mutex_init(&recents.lock, NULL); /* its owner stayed behind */
	recents.kept = NULL; /* it may be in the middle of a change: left */
}
