#include "meter/stats.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include "meter/window.h"

#define NS_PER_SEC 1e9
#define HOUR_S	   3600

struct tell_kept {
	struct tell_histogram *h;
	struct tell_window *window;
	double min, max; /* of all before its last look */
	struct tell_kept *next;
	struct tell_window *left; /* the parent's, perhaps in the middle of a change */
};

/* What is too large for small stacks. */
struct scratch {
	struct tell_tally all, asked;
};

static struct {
	pthread_mutex_t lock;
	struct tell_kept *first;
	uint64_t begun_ns;	 /* atomic */
	struct scratch *scratch; /* made with the first */
} windows = { .lock = PTHREAD_MUTEX_INITIALIZER };

void tell_stats_begin(uint64_t now_ns)
{
	uint64_t never = 0;
	(void)__atomic_compare_exchange_n(&windows.begun_ns, &never, now_ns, false,
		__ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* The lock is held here and below. */
static struct tell_kept *keep(struct tell_histogram *h)
{
	struct tell_kept *k = h->kept;
	if (!windows.scratch && !(windows.scratch = malloc(sizeof(*windows.scratch))))
		return NULL;
	if (!k && (k = calloc(1, sizeof(*k)))) {
		k->h = h;
		k->next = windows.first;
		windows.first = h->kept = k;
	}
	if (!k || k->window)
		return k;
	k->min = (double)INFINITY;
	k->max = -(double)INFINITY;
	k->window = tell_window_new(__atomic_load_n(&windows.begun_ns, __ATOMIC_RELAXED));
	return k->window ? k : NULL;
}

/* Leaves what was read in windows.all. */
static void look(struct tell_kept *k, uint64_t now_ns)
{
	struct tell_tally *all = &windows.scratch->all;
	tell_tally_init(all);
	tell_histogram_take(k->h, all);
	tell_window_tick(k->window, all, now_ns);
	k->min = all->min < k->min ? all->min : k->min;
	k->max = all->max > k->max ? all->max : k->max;
}

static int get(struct tell_histogram *h, unsigned window_s, uint64_t now_ns,
	struct tell_stats *ret)
{
	struct tell_kept *k = keep(h);
	if (!k)
		return -ENOMEM;
	look(k, now_ns);
	struct tell_tally *asked = &windows.scratch->asked;
	tell_tally_init(asked);
	uint64_t ns = now_ns - __atomic_load_n(&windows.begun_ns, __ATOMIC_RELAXED);
	if (window_s) {
		ns = tell_window_read(k->window, &windows.scratch->all, now_ns,
			window_s * (uint64_t)NS_PER_SEC, asked);
	} else {
		tell_tally_add(asked, &windows.scratch->all);
		tell_tally_widen(asked, k->min, k->max);
	}
	tell_tally_stats(asked, h->grid, ret);
	ret->seconds = (double)ns / NS_PER_SEC;
	return 0;
}

int tell_stats_get(struct tell_histogram *h, unsigned window_s, uint64_t now_ns,
	struct tell_stats *ret)
{
	if (window_s > HOUR_S)
		return -EINVAL;
	(void)pthread_mutex_lock(&windows.lock); /* a default mutex: no errors */
	int r = get(h, window_s, now_ns, ret);
	(void)pthread_mutex_unlock(&windows.lock);
	return r;
}

uint64_t tell_stats_tick(uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;
	(void)pthread_mutex_lock(&windows.lock); /* a default mutex: no errors */
	for (struct tell_kept *k = windows.first; k; k = k->next) {
		if (!k->window)
			continue;
		if (now_ns >= tell_window_due(k->window))
			look(k, now_ns);
		uint64_t due_ns = tell_window_due(k->window);
		/* One that found no memory is due again a slot later. */
		if (due_ns <= now_ns)
			due_ns = now_ns + TELL_WINDOW_SLOT_NS;
		next_ns = due_ns < next_ns ? due_ns : next_ns;
	}
	(void)pthread_mutex_unlock(&windows.lock);
	return next_ns;
}

void tell_stats_child(uint64_t now_ns)
{
	(void)pthread_mutex_init(&windows.lock, NULL); /* its owner stayed behind */
	if (windows.begun_ns)
		windows.begun_ns = now_ns;
	for (struct tell_kept *k = windows.first; k; k = k->next) {
		k->left = k->window;
		k->window = NULL;
	}
}
