#include "preload/later.h"
#include <string.h>
#include <unistd.h>
#include "api/process.h"
#include "base/clock.h"
#include "preload/wiped.h"

enum { FREE, FILLING, KEPT, TAKEN };

static struct {
	uint64_t last;			 /* atomic; each call has a number */
	uint64_t number[TELL_LATER_MAX]; /* atomic */
	struct tell_later place[TELL_LATER_MAX];
} calls;

static size_t index_of(const struct tell_later *later)
{
	return (size_t)(later - calls.place);
}

static bool move(size_t i, int from, int to)
{
	return __atomic_compare_exchange_n(&tell_wiped()->later[i], &from, to, false,
		__ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

struct tell_later *tell_later_new(enum tell_later_kind kind)
{
	for (size_t i = 0; i < TELL_LATER_MAX; i++) {
		if (!move(i, FREE, FILLING))
			continue;
		uint64_t number = __atomic_add_fetch(&calls.last, 1, __ATOMIC_RELAXED);
		__atomic_store_n(&calls.number[i], number, __ATOMIC_RELAXED);
		struct tell_later *later = &calls.place[i];
		later->kind = kind;
		later->pri = later->facility = 0;
		later->named = later->cut = false;
		later->pid = getpid();
		later->time_ns = tell_clock_realtime_ns();
		later->len = 0;
		return later;
	}
	__atomic_fetch_add(&tell_process.lost.nested, 1, __ATOMIC_RELAXED);
	return NULL;
}

void tell_later_keep(struct tell_later *later)
{
	struct tell_wiped *w = tell_wiped();
	later->text[later->len] = '\0';
	/* Counted first: who finds the count at 0 has missed nothing. */
	(void)__atomic_add_fetch(&w->n_later, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&w->later[index_of(later)], KEPT, __ATOMIC_RELEASE);
}

bool tell_later_put(struct tell_later *later, const void *bytes, size_t n)
{
	size_t room = TELL_LATER_BYTES - later->len;
	size_t fits = n < room ? n : room;
	memcpy(later->text + later->len, bytes, fits);
	later->len += fits;
	later->cut |= fits < n;
	return fits == n;
}

/* TELL_LATER_MAX: none, or only such as another thread is about to take or to keep. */
static size_t oldest(void)
{
	struct tell_wiped *w = tell_wiped();
	size_t first = TELL_LATER_MAX;
	uint64_t lowest = UINT64_MAX;
	for (size_t i = 0; i < TELL_LATER_MAX; i++) {
		uint64_t number = __atomic_load_n(&calls.number[i], __ATOMIC_RELAXED);
		if (__atomic_load_n(&w->later[i], __ATOMIC_ACQUIRE) != KEPT ||
			number >= lowest)
			continue;
		lowest = number;
		first = i;
	}
	return first;
}

struct tell_later *tell_later_take(void)
{
	struct tell_wiped *w = tell_wiped();
	while (__atomic_load_n(&w->n_later, __ATOMIC_RELAXED) > 0) {
		size_t i = oldest();
		if (i == TELL_LATER_MAX)
			return NULL;
		if (!move(i, KEPT, TAKEN))
			continue;
		(void)__atomic_sub_fetch(&w->n_later, 1, __ATOMIC_RELAXED);
		return &calls.place[i];
	}
	return NULL;
}

void tell_later_free(struct tell_later *later)
{
	__atomic_store_n(&tell_wiped()->later[index_of(later)], FREE, __ATOMIC_RELEASE);
}
