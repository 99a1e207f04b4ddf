#include "queue/rings.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/runtime_dir.h"
#include "queue/adopt.h"
#include "record/slot.h"

#define RETRY_NS TELL_NS_PER_SEC

/* Process-wide: a service has one ring, whatever stacks come and go. */
static struct {
	pthread_mutex_t lock;
	struct tell_ring *first;
	uint64_t last_number;
} rings = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct tell_ring *ring_new(const char *service, uint32_t lane_bytes)
{
	struct tell_ring *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->refs = 1;
	r->number = ++rings.last_number;
	r->lane_bytes = lane_bytes;
	strncpy(r->service, service, sizeof(r->service) - 1);
	(void)pthread_mutex_init(&r->lock, NULL); /* cannot fail without attributes */
	tell_held_init(&r->file.fd);
	return r;
}

struct tell_ring *tell_ring_get(const char *service, uint32_t lane_bytes)
{
	(void)pthread_mutex_lock(&rings.lock);
	struct tell_ring *r = rings.first;
	while (r && strcmp(r->service, service) != 0)
		r = r->next;
	if (r) {
		r->refs++;
	} else if ((r = ring_new(service, lane_bytes))) {
		r->next = rings.first;
		rings.first = r;
	}
	(void)pthread_mutex_unlock(&rings.lock);
	return r;
}

uint64_t tell_ring_queued(const struct tell_ring *r)
{
	uint32_t n_lanes = __atomic_load_n(&r->n_lanes, __ATOMIC_ACQUIRE);
	uint64_t n = 0;
	for (uint32_t i = 0; i < n_lanes; i++) {
		uint64_t n_read = __atomic_load_n(&r->lanes[i].n_read, __ATOMIC_RELAXED);
		uint64_t n_taken = tell_lane_n_taken(&r->lanes[i]);
		n += n_taken > n_read ? n_taken - n_read : 0; /* seen apart */
	}
	return n;
}

struct tell_tick_pair tell_ring_renew(struct tell_ring *r)
{
	struct tell_tick_pair now = tell_ticks_now();
	if (now.realtime_ns - r->pairs[1].realtime_ns < TELL_NS_PER_SEC)
		return now;
	r->pairs[0] = r->pairs[1];
	r->pairs[1] = now;
	if (r->file.head)
		memcpy(r->file.head->pairs, r->pairs, sizeof(r->pairs));
	return now;
}

/* A lane that still holds records keeps the file: recovery will find them. */
static bool is_empty(const struct tell_ring *r)
{
	for (uint32_t i = 0; i < r->n_lanes; i++)
		if (!tell_lane_is_empty(&r->lanes[i]))
			return false;
	return true;
}

void tell_ring_end(struct tell_ring *r)
{
	r->adopt = tell_adopt_close(r->adopt);
	bool empty = is_empty(r);
	__atomic_store_n(&r->n_lanes, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&r->retry_ns, UINT64_MAX, __ATOMIC_RELAXED);
	/* No thread's seat is one of this file any more; threads that end ask. */
	__atomic_store_n(&r->number, UINT64_MAX, __ATOMIC_RELAXED);
	if (empty)
		tell_ring_file_remove(&r->file);
	else
		tell_ring_file_leave(&r->file);
}

static void ring_free(struct tell_ring *r)
{
	tell_ring_end(r);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
}

void tell_ring_put(struct tell_ring *r)
{
	(void)pthread_mutex_lock(&rings.lock);
	bool last = --r->refs == 0;
	for (struct tell_ring **at = &rings.first; last && *at; at = &(*at)->next)
		if (*at == r) {
			*at = r->next;
			break;
		}
	(void)pthread_mutex_unlock(&rings.lock);
	if (last)
		ring_free(r);
}

bool tell_ring_is_last(const struct tell_ring *r)
{
	(void)pthread_mutex_lock(&rings.lock);
	bool last = r->refs == 1;
	(void)pthread_mutex_unlock(&rings.lock);
	return last;
}

struct tell_ring *tell_ring_by_number(uint64_t number)
{
	(void)pthread_mutex_lock(&rings.lock);
	struct tell_ring *r = rings.first;
	while (r && __atomic_load_n(&r->number, __ATOMIC_RELAXED) != number)
		r = r->next;
	if (r) /* under both: it is not freed in between */
		(void)pthread_mutex_lock(&r->lock);
	(void)pthread_mutex_unlock(&rings.lock);
	return r;
}

bool tell_ring_has_file(dev_t dev, ino_t ino)
{
	bool is_ours = false;
	(void)pthread_mutex_lock(&rings.lock);
	for (struct tell_ring *r = rings.first; r && !is_ours; r = r->next) {
		(void)pthread_mutex_lock(&r->lock); /* one may be made just now */
		is_ours = tell_ring_file_is(&r->file, dev, ino);
		(void)pthread_mutex_unlock(&r->lock);
	}
	(void)pthread_mutex_unlock(&rings.lock);
	return is_ours;
}

/* Those of signal handlers, who can make none. */
static bool nested_lanes(struct tell_ring *r)
{
	for (uint32_t i = 0; i < TELL_RING_NESTED; i++) {
		uint32_t number = TELL_RING_LANES - TELL_RING_NESTED + 1 + i;
		struct tell_lane_head *shared = tell_ring_file_grow(&r->file,
			TELL_CHUNK_LANE, number,
			sizeof(*shared) + TELL_RING_NESTED_BYTES);
		if (!shared)
			return false;
		tell_lane_init(&r->lanes[i], shared, TELL_RING_NESTED_BYTES, number);
	}
	return true;
}

/* What a handler's record needs that has no name of its own: then it can always be told. */
static bool first_words(struct tell_ring *r)
{
	struct {
		struct tell_head head;
		struct tell_slot slots[TELL_KEY_FIRST_FREE - 1];
	} all = { .head.size = sizeof(all) };
	for (uint16_t id = 1; id < TELL_KEY_FIRST_FREE; id++)
		all.slots[id - 1].key = id;
	return tell_ring_words(r, &all.head);
}

/* All of it, or none. */
static bool file_new(struct tell_ring *r, const char *dir)
{
	if (tell_ring_file_make(&r->file, dir, r->service, r->lane_bytes) != 0)
		return false;
	r->pairs[0] = r->pairs[1] = tell_ticks_now();
	memcpy(r->file.head->pairs, r->pairs, sizeof(r->pairs));
	if (nested_lanes(r) && first_words(r)) {
		__atomic_store_n(&r->n_lanes, TELL_RING_NESTED, __ATOMIC_RELEASE);
		return true;
	}
	memset(&r->words, 0, sizeof(r->words));
	tell_ring_file_remove(&r->file);
	return false;
}

bool tell_ring_file_there(struct tell_ring *r)
{
	char dir[TELL_RUNTIME_PATH_MAX];
	uint64_t now_ns = tell_clock_tick_ns();
	if (r->file.head)
		return true;
	if (now_ns < r->retry_ns)
		return false;
	int fd = tell_runtime_dir(dir, sizeof(dir), true);
	if (fd >= 0)
		(void)close(fd); /* its path is enough */
	if (fd >= 0 && file_new(r, dir))
		return true;
	__atomic_store_n(&r->retry_ns, now_ns + RETRY_NS, __ATOMIC_RELAXED);
	return false;
}

bool tell_ring_words(struct tell_ring *r, const struct tell_head *h)
{
	while (!tell_dict_add(&r->words, h)) {
		void *chunk = tell_ring_file_grow(
			&r->file, TELL_CHUNK_DICT, 0, TELL_RING_DICT_BYTES);
		if (!chunk)
			return false;
		r->words.chunk = chunk;
		r->words.room = TELL_RING_DICT_BYTES - sizeof(struct tell_dict_head);
	}
	return true;
}

void tell_ring_child(struct tell_ring *r)
{
	/* Nobody else runs here; locks may be held by threads that stayed behind. */
	(void)pthread_mutex_init(&rings.lock, NULL);
	(void)pthread_mutex_init(&r->lock, NULL);
	r->reading = 0;
	tell_ring_file_leave(&r->file);
	r->number = ++rings.last_number;
	r->n_lanes = 0;
	r->retry_ns = 0;
	r->adopt = NULL; /* the parent's to deliver; its memory is left alone */
	r->looked = true;
	memset(&r->words, 0, sizeof(r->words));
	memset(r->owner, 0, sizeof(r->owner));
	memset(r->claim, 0, sizeof(r->claim));
}
