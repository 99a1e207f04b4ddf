#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A stretch of text that was walked: none of its bytes ends what was walked for. The next
 * walk for the same hops over it, so that many that begin close together read each byte
 * once, however far each of them may go.
 *
 * Shape:   [from, to); all zero knows nothing.
 * Threads: one owner at a time. */
struct tell_gap {
	size_t from, to;
};

/* The first place in [at, stop) where ends(arg, place) is true; stop: there is none. The
 * answer must depend on the place alone. */
static inline __attribute__((always_inline)) size_t tell_gap_walk(struct tell_gap *g,
	size_t at, size_t stop, bool (*ends)(const void *, size_t), const void *arg)
{
	size_t i = at;
	if (at < g->from) {
		size_t near = g->from < stop ? g->from : stop;
		while (i < near && !ends(arg, i))
			i++;
		if (i < near || i >= stop)
			return i < stop ? i : stop;
		g->from = at;
		i = g->to;
	} else if (at <= g->to) {
		i = g->to;
	} else {
		g->from = at;
	}
	while (i < stop && !ends(arg, i))
		i++;
	g->to = i;
	return i < stop ? i : stop;
}
