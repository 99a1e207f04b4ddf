#include "meter/recent.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "meter/cells.h"
#include "meter/window.h"

static struct {
	pthread_mutex_t lock;
	size_t n;
	struct recent {
		char *key;
		struct tell_window *window;
	} list[TELL_RECENT_MAX];
	struct tell_tally
		*all; /* what is too large for small stacks; made with the first */
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

/* The lock is held. *ret_new: it has no window yet. 0, -ENOSPC, -ENOMEM. */
static int find(struct recent **ret, const char *key)
{
	size_t i = 0;
	while (i < recents.n && strcmp(recents.list[i].key, key) != 0)
		i++;
	*ret = &recents.list[i];
	if (i < recents.n)
		return 0;
	if (i == TELL_RECENT_MAX)
		return -ENOSPC;
	if (!recents.all && !(recents.all = malloc(sizeof(*recents.all))))
		return -ENOMEM;
	char *copy = strdup(key);
	if (!copy)
		return -ENOMEM;
	recents.list[recents.n++] = (struct recent){ copy, NULL };
	return 0;
}

static int read_locked(const char *key, const struct tell_family *f,
	tell_choose_fn *choose, const void *arg, uint64_t window_ns, uint64_t now_ns,
	struct tell_tally *ret, uint64_t *ret_ns)
{
	struct recent *r;
	int error = find(&r, key);
	if (error)
		return error;
	sum_up(recents.all, f, choose, arg);
	if (!r->window) {
		r->window = tell_window_new(now_ns);
		if (!r->window)
			return -ENOMEM;
		tell_window_skip(r->window, recents.all, now_ns);
	}
	tell_window_tick(r->window, recents.all, now_ns);
	*ret_ns = tell_window_read(r->window, recents.all, now_ns, window_ns, ret);
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
	recents.n = 0; /* what was kept may be in the middle of a change: left */
	recents.all = NULL;
}
