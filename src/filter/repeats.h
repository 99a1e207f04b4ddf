#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was said lately, to tell what is said again.
 *
 * Shape:   TELL_REPEATS windows, known by 64 bits that stand for what is equal: two that are
 *          not are taken for it once in 2^64. A window opens with the first, and is closed by
 *          who takes its sum. 16 to a lock; one that has nothing to say makes room for a new
 *          one, and is counted as not remembered when its window was open; where all 16 have
 *          something to say the new one is not remembered, counted.
 * Limit:   a text of TELL_REPEAT_TEXT bytes is kept, a longer one not at all: half a secret
 *          is not known as one.
 * Clock:   the caller passes both times.
 * Threads: any number at a time; a lock for a few comparisons. child: alone. */
#define TELL_REPEATS	  256
#define TELL_REPEAT_WAYS  16
#define TELL_REPEAT_LOCKS (TELL_REPEATS / TELL_REPEAT_WAYS)
#define TELL_REPEAT_TEXT  256

struct tell_repeat {
	uint64_t key;		    /* 0: none */
	uint64_t end_ns;	    /* monotonic */
	uint64_t n;		    /* again, since it opened */
	uint64_t first_ns, last_ns; /* of these, realtime */
	uint32_t place;
	uint16_t len;
	uint8_t level;
	bool whole; /* text is all of it */
	char text[TELL_REPEAT_TEXT];
};

struct tell_repeats {
	uint64_t window_ns;
	uint64_t repeated, full; /* ever; not remembered */
	uint64_t unsaid;	 /* of repeated */
	struct tell_repeat_set {
		pthread_mutex_t lock;
		struct tell_repeat list[TELL_REPEAT_WAYS];
	} sets[TELL_REPEAT_LOCKS];
};

/* One that is said. */
struct tell_saying {
	uint64_t key, now_ns, realtime_ns;
	uint32_t place;
	uint8_t level;
	const char *text;
	size_t len;
};

/* Memory that is all zero, and how long a window is. */
void tell_repeats_init(struct tell_repeats *r, uint64_t window_ns);

/* Has it been said within the window? Then it is counted. A window that has ended with
 * something to say stays until that is taken: see tell_repeats_take(). */
bool tell_repeats_is(struct tell_repeats *r, const struct tell_saying *s);

/* Take the next sum whose window has ended, or any (`all`); it is closed. *pos starts at 0.
 * False: no further one. */
bool tell_repeats_take(struct tell_repeats *r, size_t *pos, uint64_t now_ns, bool all,
	struct tell_repeat *ret);

/* It could not be said: it goes on where it was, unless another has its place; then it is
 * left to the numbers. */
void tell_repeats_untake(
	struct tell_repeats *r, size_t pos, const struct tell_repeat *one);

/* In a forked child: as it was in the beginning. */
void tell_repeats_child(struct tell_repeats *r);
