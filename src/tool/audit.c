#include "tool/audit.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/hash.h"

#define SLOTS 32768 /* over three times the lanes, a power of two */
#define FIRST 4	    /* spans; a lane whose records come in order needs one */

int tell_audit_init(struct tell_audit *a)
{
	*a = (struct tell_audit){ 0 };
	a->lanes = calloc(TELL_AUDIT_LANES, sizeof(*a->lanes));
	a->slots = calloc(SLOTS, sizeof(*a->slots));
	/* Without randomness the hash is still one, only not secret. */
	(void)!getrandom(a->secret, sizeof(a->secret), GRND_NONBLOCK);
	if (a->lanes && a->slots)
		return 0;
	tell_audit_done(a);
	return -ENOMEM;
}

void tell_audit_done(struct tell_audit *a)
{
	for (size_t i = 0; i < a->n_lanes; i++)
		free(a->lanes[i].spans);
	free(a->lanes);
	free(a->slots);
	*a = (struct tell_audit){ 0 };
}

struct tell_audit_lane *tell_audit_lane(struct tell_audit *a, uint32_t run, uint16_t lane)
{
	uint32_t key[2] = { run, lane };
	uint64_t i = tell_siphash(a->secret, key, sizeof(key)) % SLOTS;
	for (; a->slots[i]; i = (i + 1) % SLOTS) {
		struct tell_audit_lane *l = &a->lanes[a->slots[i] - 1];
		if (l->run == run && l->lane == lane)
			return l;
	}
	if (a->n_lanes == TELL_AUDIT_LANES) {
		a->left_out++;
		return NULL;
	}
	struct tell_audit_lane *l = &a->lanes[a->n_lanes];
	*l = (struct tell_audit_lane){ .run = run, .lane = lane, .cap = FIRST };
	l->spans = calloc(FIRST, sizeof(*l->spans));
	if (!l->spans) {
		a->out_of_memory = true;
		return NULL;
	}
	a->slots[i] = (uint32_t)++a->n_lanes;
	return l;
}

/* ---- spans ---- */

/* The lower half of the gaps is counted, and its spans are one. */
static void settle(struct tell_audit *a, struct tell_audit_lane *l)
{
	size_t n = l->n_spans / 2;
	for (size_t i = 0; i < n; i++)
		l->settled += l->spans[i + 1].from - l->spans[i].to - 1;
	l->n_settled += n;
	l->spans[n].from = l->spans[0].from;
	l->n_spans -= n;
	a->n_spans -= n;
	memmove(l->spans, l->spans + n, l->n_spans * sizeof(*l->spans));
}

/* Room for one more. */
static void make_room(struct tell_audit *a, struct tell_audit_lane *l)
{
	if (a->n_spans >= TELL_AUDIT_SPANS_ALL || l->cap >= TELL_AUDIT_SPANS) {
		settle(a, l);
		return;
	}
	struct tell_audit_span *spans = reallocarray(
		l->spans, 2 * l->cap, sizeof(*spans));
	if (!spans) {
		settle(a, l); /* what is known is worth more than what is named */
		return;
	}
	l->spans = spans;
	l->cap *= 2;
}

/* How many spans begin at or below n. Records come nearly in their order: near the end. */
static size_t below(const struct tell_audit_lane *l, uint64_t n)
{
	size_t low = 0, high = l->n_spans;
	if (high && l->spans[high - 1].from <= n)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (l->spans[middle].from <= n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct tell_audit *a, struct tell_audit_lane *l, uint64_t n)
{
	if (l->n_spans == l->cap)
		make_room(a, l);
	size_t i = below(l, n);
	if (i > 0 && l->spans[i - 1].to >= n) {
		l->twice++; /* for a gap that was settled just now */
		return;
	}
	memmove(&l->spans[i + 1], &l->spans[i], (l->n_spans - i) * sizeof(*l->spans));
	l->spans[i] = (struct tell_audit_span){ n, n };
	l->n_spans++;
	a->n_spans++;
	l->found++;
}

static void join(struct tell_audit *a, struct tell_audit_lane *l, size_t i)
{
	l->spans[i].to = l->spans[i + 1].to;
	l->n_spans--;
	a->n_spans--;
	memmove(&l->spans[i + 1], &l->spans[i + 2],
		(l->n_spans - i - 1) * sizeof(*l->spans));
}

bool tell_audit_meet(struct tell_audit *a, struct tell_audit_lane *l, uint64_t n)
{
	size_t i = below(l, n);
	bool lowest = l->n_spans == 0 || n < l->first;
	bool behind = i > 0 && l->spans[i - 1].to == n - 1;
	bool before = i < l->n_spans && l->spans[i].from == n + 1;
	if (i > 0 && l->spans[i - 1].to >= n) {
		l->twice++;
		return false;
	}
	if (lowest)
		l->first = n;
	if (!behind && !before) {
		insert(a, l, n);
		return lowest;
	}
	l->found++;
	if (behind)
		l->spans[i - 1].to = n;
	else
		l->spans[i].from = n;
	if (behind && before)
		join(a, l, i - 1);
	return lowest;
}

uint64_t tell_audit_missing(const struct tell_audit_lane *l)
{
	uint64_t n = l->settled;
	for (size_t i = 1; i < l->n_spans; i++)
		n += l->spans[i].from - l->spans[i - 1].to - 1;
	return n;
}

/* ---- what was said ---- */

void tell_audit_said(struct tell_audit_lane *l, uint64_t lost, uint64_t total)
{
	uint64_t from = lost < total ? total - lost : 0;
	l->lost_from = !l->says || from < l->lost_from ? from : l->lost_from;
	l->lost_to = total > l->lost_to ? total : l->lost_to;
	l->says = true;
}

/* ---- at the end ---- */

static int by_run(const void *a, const void *b)
{
	const struct tell_audit_lane *x = a, *y = b;
	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->lane > y->lane) - (x->lane < y->lane);
}

static int by_service(const void *a, const void *b)
{
	const struct tell_audit_lane *x = a, *y = b;
	int r = strcmp(x->who.service, y->who.service);
	return r ? r : by_run(a, b);
}

void tell_audit_order(struct tell_audit *a)
{
	size_t n = 0;
	if (a->n_lanes == 0)
		return;
	qsort(a->lanes, a->n_lanes, sizeof(*a->lanes), by_run);
	for (size_t i = 0, end; i < a->n_lanes; i = end) {
		bool chosen = false;
		for (end = i; end < a->n_lanes && a->lanes[end].run == a->lanes[i].run;
			end++)
			chosen |= a->lanes[end].chosen;
		struct tell_audit_who who = a->lanes[i].who;
		for (size_t k = i; k < end; k++) {
			if (chosen) {
				a->lanes[n] = a->lanes[k];
				a->lanes[n++].who = who;
			} else {
				free(a->lanes[k].spans);
			}
		}
	}
	a->n_lanes = n;
	qsort(a->lanes, a->n_lanes, sizeof(*a->lanes), by_service);
}

uint64_t tell_audit_beyond(const struct tell_audit *a)
{
	uint64_t beyond = 0;
	for (size_t i = 0, end; i < a->n_lanes; i = end) {
		uint64_t said = 0, missing = 0;
		for (end = i; end < a->n_lanes && a->lanes[end].run == a->lanes[i].run;
			end++) {
			said += a->lanes[end].lost_to - a->lanes[end].lost_from;
			missing += tell_audit_missing(&a->lanes[end]);
		}
		beyond += said > missing ? said - missing : 0;
	}
	return beyond;
}
