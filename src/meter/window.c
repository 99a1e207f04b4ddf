#include "meter/window.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A place and how often it was met: the place in the upper bits, so that they sort. */
#define PLACE_SHIFT 52
#define COUNT_MASK  ((UINT64_C(1) << PLACE_SHIFT) - 1)

_Static_assert(TELL_GRID_PLACES < 1 << (64 - PLACE_SHIFT), "a place fits");

struct slot {
	uint64_t from_ns, to_ns;
	double sum, min, max;
	size_t n;
	uint32_t n_few; /* the values, all of them if not over; behind met */
	bool over;
	uint64_t met[];
};

struct tell_window {
	uint64_t last_ns; /* the open slot began */
	struct tell_tally
		last; /* all until then; its extremes and few are the open slot's */
	size_t n_slots;
	struct slot *slots[TELL_WINDOW_SLOTS]; /* the oldest first, without gaps */
};

struct tell_window *tell_window_new(uint64_t begin_ns)
{
	struct tell_window *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	tell_tally_init(&w->last);
	w->last_ns = begin_ns;
	return w;
}

struct tell_window *tell_window_free(struct tell_window *w)
{
	for (size_t i = 0; w && i < w->n_slots; i++)
		free(w->slots[i]);
	free(w);
	return NULL;
}

uint64_t tell_window_due(const struct tell_window *w)
{
	return w->last_ns + TELL_WINDOW_SLOT_NS;
}

/* ---- slots ---- */

static struct slot *slot_new(size_t n, size_t n_few)
{
	return calloc(1, sizeof(struct slot) + (n + n_few) * sizeof(uint64_t));
}

_Static_assert(sizeof(double) == sizeof(uint64_t), "values lie behind places");

static void slot_keep(struct slot *s, const struct tell_few *few)
{
	s->over = few->over;
	s->n_few = few->over ? 0 : few->n;
	memcpy(&s->met[s->n], few->at, s->n_few * sizeof(double));
}

static void slot_few(const struct slot *s, struct tell_few *to)
{
	double values[TELL_FEW];
	memcpy(values, &s->met[s->n], s->n_few * sizeof(double));
	tell_few_join(to, values, s->n_few, s->over);
}

/* The two neighbours as one. NULL: memory is out. */
static struct slot *slot_join(const struct slot *a, const struct slot *b)
{
	struct tell_few few = { .n = 0 };
	slot_few(a, &few);
	slot_few(b, &few);
	struct slot *s = slot_new(a->n + b->n, few.over ? 0 : few.n);
	if (!s)
		return NULL;
	s->from_ns = a->from_ns;
	s->to_ns = b->to_ns;
	s->sum = a->sum + b->sum;
	s->min = a->min < b->min ? a->min : b->min;
	s->max = a->max > b->max ? a->max : b->max;
	for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
		uint64_t x = i < a->n ? a->met[i] >> PLACE_SHIFT : UINT64_MAX;
		uint64_t y = k < b->n ? b->met[k] >> PLACE_SHIFT : UINT64_MAX;
		uint64_t met = x <= y ? a->met[i++] : b->met[k++];
		if (x == y)
			met += b->met[k++] & COUNT_MASK;
		s->met[s->n++] = met;
	}
	slot_keep(s, &few);
	return s;
}

/* Slot i and the next become one, or stay two. */
static bool join_next(struct tell_window *w, size_t i)
{
	struct slot *s = slot_join(w->slots[i], w->slots[i + 1]);
	if (!s)
		return false;
	free(w->slots[i]);
	free(w->slots[i + 1]);
	w->slots[i] = s;
	w->n_slots--;
	memmove(&w->slots[i + 1], &w->slots[i + 2],
		(w->n_slots - i - 1) * sizeof(struct slot *));
	return true;
}

/* What is no longer new needs no short slots. */
static void join_old(struct tell_window *w, uint64_t now_ns)
{
	for (size_t i = 0; i + 1 < w->n_slots;) {
		const struct slot *a = w->slots[i], *b = w->slots[i + 1];
		if (now_ns - b->to_ns < TELL_WINDOW_FINE_NS)
			return;
		if (b->to_ns - a->from_ns > TELL_WINDOW_WIDE_NS || !join_next(w, i))
			i++;
	}
}

/* What no window reaches: the next one begins an hour ago. */
static void drop_old(struct tell_window *w, uint64_t now_ns)
{
	size_t n = 0;
	while (n < w->n_slots && now_ns - w->slots[n]->to_ns >= TELL_WINDOW_HOUR_NS)
		free(w->slots[n++]);
	w->n_slots -= n;
	memmove(w->slots, w->slots + n, w->n_slots * sizeof(struct slot *));
}

/* ---- looks ---- */

/* An open slot that begins now, with nothing in it. */
static void begin_slot(
	struct tell_window *w, const struct tell_tally *all, uint64_t now_ns)
{
	w->last = *all;
	w->last.min = (double)INFINITY;
	w->last.max = -(double)INFINITY;
	w->last.few = (struct tell_few){ .n = 0 };
	w->last_ns = now_ns;
}

void tell_window_skip(
	struct tell_window *w, const struct tell_tally *all, uint64_t now_ns)
{
	begin_slot(w, all, now_ns);
}

/* The open slot ends. False: it goes on, for want of memory. */
static bool cut(struct tell_window *w, const struct tell_tally *all, uint64_t now_ns)
{
	size_t n = 0;
	for (size_t i = 0; i < TELL_GRID_PLACES; i++)
		n += all->n[i] != w->last.n[i];
	struct slot *s = slot_new(n, w->last.few.over ? 0 : w->last.few.n);
	if (!s)
		return false;
	s->from_ns = w->last_ns;
	s->to_ns = now_ns;
	s->sum = all->sum - w->last.sum;
	s->min = w->last.min;
	s->max = w->last.max;
	for (uint64_t i = 0; i < TELL_GRID_PLACES; i++)
		if (all->n[i] != w->last.n[i])
			s->met[s->n++] = i << PLACE_SHIFT |
				((all->n[i] - w->last.n[i]) & COUNT_MASK);
	slot_keep(s, &w->last.few);
	w->slots[w->n_slots++] = s;
	return true;
}

void tell_window_tick(
	struct tell_window *w, const struct tell_tally *all, uint64_t now_ns)
{
	tell_tally_widen(&w->last, all->min, all->max);
	tell_few_join(&w->last.few, all->few.at, all->few.n, all->few.over);
	if (now_ns < tell_window_due(w))
		return;
	drop_old(w, now_ns);
	join_old(w, now_ns);
	if (w->n_slots == TELL_WINDOW_SLOTS && !join_next(w, 0))
		return;
	if (cut(w, all, now_ns))
		begin_slot(w, all, now_ns);
}

static void add_slot(struct tell_tally *to, const struct slot *s)
{
	for (size_t i = 0; i < s->n; i++)
		to->n[s->met[i] >> PLACE_SHIFT] += s->met[i] & COUNT_MASK;
	to->sum += s->sum;
	tell_tally_widen(to, s->min, s->max);
	slot_few(s, &to->few);
}

uint64_t tell_window_read(const struct tell_window *w, const struct tell_tally *all,
	uint64_t now_ns, uint64_t window_ns, struct tell_tally *ret)
{
	uint64_t from_ns = w->last_ns;
	for (size_t i = 0; i < TELL_GRID_PLACES; i++)
		ret->n[i] += all->n[i] - w->last.n[i];
	ret->sum += all->sum - w->last.sum;
	tell_tally_widen(ret, w->last.min, w->last.max);
	tell_few_join(&ret->few, w->last.few.at, w->last.few.n, w->last.few.over);
	for (size_t i = w->n_slots; i-- > 0 && now_ns - from_ns < window_ns;) {
		add_slot(ret, w->slots[i]);
		from_ns = w->slots[i]->from_ns;
	}
	return now_ns - from_ns;
}
