#include "support/ring_maker.h"
#include <stdlib.h>
#include <string.h>
#include <telltale/field.h>
#include "record/place.h"
#include "record/record.h"
#include "support/unit.h"

/* Of no process: numbers end at 4,194,304 (proc(5), pid_max). */
#define NOBODY 4194305u

static struct tell_site site = {
	.line = 7, .file = "till.c", .func = "pay", .logger = "shop"
};

static void *grown(
	struct ring_maker *m, enum tell_chunk_kind kind, uint32_t number, size_t bytes)
{
	void *at = tell_ring_file_grow(&m->file, kind, number, bytes);
	tell_unit_expect(at, "no chunk");
	return at;
}

void ring_maker_begin(struct ring_maker *m, const char *dir, const char *service)
{
	memset(m, 0, sizeof(*m));
	tell_unit_expect(
		tell_ring_file_make(&m->file, dir, service, RING_MAKER_LANE) == 0,
		"no ring in %s", dir);
	m->words.chunk = grown(m, TELL_CHUNK_DICT, 0, 4096);
	m->words.room = 4096 - sizeof(struct tell_dict_head);
}

struct tell_lane *ring_maker_lane(struct ring_maker *m, uint32_t number)
{
	tell_unit_expect(m->n_lanes < RING_MAKER_LANES, "too many lanes");
	struct tell_lane_head *shared = grown(
		m, TELL_CHUNK_LANE, number, sizeof(*shared) + RING_MAKER_LANE);
	struct tell_lane *l = &m->lanes[m->n_lanes++];
	tell_lane_init(l, shared, RING_MAKER_LANE, number);
	return l;
}

bool ring_maker_put(
	struct ring_maker *m, struct tell_lane *l, uint64_t time_ns, const char *message)
{
	struct tell_record r = { 0 };
	tell_unit_expect(tell_record_begin(&r, 6, TELL_KIND_LOG) == 0, "no memory");
	r.head->realtime_ns = time_ns;
	r.head->run = 42;
	r.head->lane = (uint16_t)l->number;
	r.head->seq = l->n_numbered + 1;
	r.head->pid = NOBODY;
	r.head->place = tell_place_add(&site);
	tell_record_message(&r, message, strlen(message));
	const struct tell_field fields[] = { tell_u64("n", time_ns),
		tell_str("said", message) };
	tell_record_add(&r, fields, 2, 0, NULL);
	tell_unit_expect(tell_dict_add(&m->words, r.head), "no room for words");
	size_t room;
	void *at = tell_lane_reserve(l, r.head->size, &room);
	if (at) {
		memcpy(at, r.head, r.head->size);
		tell_lane_commit(l, r.head->size);
	}
	tell_record_done(&r);
	return at != NULL;
}

const char *ring_maker_end(struct ring_maker *m)
{
	const char *slash = strrchr(m->file.path, '/');
	(void)snprintf(m->name, sizeof(m->name), "%s", slash + 1);
	m->file.head->pid = NOBODY;
	tell_ring_file_leave(&m->file);
	return m->name;
}
