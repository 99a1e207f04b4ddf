#pragma once
#include <stdint.h>
#include "queue/dict.h"
#include "queue/file.h"
#include "queue/lane.h"

/* A ring's file with records in it, as a process that is gone left it.
 *
 *	struct ring_maker m;
 *	ring_maker_begin(&m, dir, "shop");
 *	struct tell_lane *l = ring_maker_lane(&m, 1);
 *	ring_maker_put(&m, l, 7, "paid");	(its field n is 7)
 *	const char *name = ring_maker_end(&m);	(in dir)
 *
 * Shape:   lanes of 16 KiB; the owner is a process that nobody can be.
 * Threads: one. */
#define RING_MAKER_LANE	 16384
#define RING_MAKER_LANES 8

struct ring_maker {
	struct tell_ring_file file;
	struct tell_dict words;
	struct tell_lane lanes[RING_MAKER_LANES];
	uint32_t n_lanes;
	char name[256];
};

void ring_maker_begin(struct ring_maker *m, const char *dir, const char *service);
struct tell_lane *ring_maker_lane(struct ring_maker *m, uint32_t number);

/* Put a record with this time, message and field n. False: the lane is full. */
bool ring_maker_put(
	struct ring_maker *m, struct tell_lane *l, uint64_t time_ns, const char *message);

/* Leave the file to whoever finds it: its name, which is m's. */
const char *ring_maker_end(struct ring_maker *m);
