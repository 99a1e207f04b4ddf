#include "queue/merge.h"
#include "record/record.h"

static void look(struct tell_merge *m, uint32_t i)
{
	struct tell_lane *l = &m->lanes[i];
	size_t len;
	bool bad;
	const void *block = tell_lane_next(l, &len, &bad);
	m->due_ns[i] = UINT64_MAX;
	if (bad || (block && len < sizeof(struct tell_head))) {
		m->n_lost += tell_lane_give_up(l);
		m->n_bad++;
	} else if (block) {
		const struct tell_head *h = block;
		uint64_t t = h->flags & TELL_RECORD_TICKS
			? tell_ticks_ns(&m->pairs[0], &m->pairs[1], h->realtime_ns)
			: h->realtime_ns;
		m->due_ns[i] = t < UINT64_MAX ? t : UINT64_MAX - 1;
		m->block[i] = block;
		m->len[i] = len;
	}
}

void tell_merge_begin(struct tell_merge *m, struct tell_lane *lanes, uint32_t n,
	const struct tell_tick_pair pairs[2])
{
	m->pairs[0] = pairs[0];
	m->pairs[1] = pairs[1];
	m->lanes = lanes;
	m->n = n;
	m->n_bad = m->n_lost = 0;
	for (uint32_t i = 0; i < n; i++)
		look(m, i);
}

int tell_merge_next(const struct tell_merge *m)
{
	int oldest = -1;
	uint64_t due_ns = UINT64_MAX;
	for (uint32_t i = 0; i < m->n; i++)
		if (m->due_ns[i] < due_ns) {
			due_ns = m->due_ns[i];
			oldest = (int)i;
		}
	return oldest;
}

void tell_merge_step(struct tell_merge *m, uint32_t lane)
{
	tell_lane_skip(&m->lanes[lane]);
	look(m, lane);
}
