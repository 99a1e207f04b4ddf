#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <telltale/field.h>
#include "base/crash.h"
#include "queue/lane.h"
#include "record/deferred.h"
#include "record/record.h"
#include "record/slot.h"
#include "record/thread.h"

/* The short way of a call into the queue: what the long one found out about a site is
 * remembered, and the next call only copies.
 *
 * Shape:   a plan is good for one stack and one ring: its mark says which. It holds for
 *          calls with the same literal keys in the same order.
 * Promise: the block is the one that the long way makes, byte for byte but for its time.
 * Threads: a plan is written once, before it is published. */
#define TELL_QUICK_FIELDS 16
#define TELL_QUICK_SHORT  255 /* bytes of a text: longer ones are measured first */
#define TELL_QUICK_SLOTS_BIT                                                             \
	32 /* of the head's first word: n_slots, and 16 up the level */
#define TELL_QUICK_FLAGS_BIT 48 /* of its fourth: flags */

/* What is known of a field; as long as a struct tell_field, to go along it. */
struct tell_quick_field {
	const char *key; /* the literal; NULL: look it up */
	uint32_t kind;	 /* type, flags and key_len as at the first call */
	uint16_t id, unused;
	uint64_t slot; /* the slot's head; of a text without its length */
};

struct tell_quick_plan {
	uint64_t mark; /* of the stack, see tell_stack_quick_mark(); 0: none; atomic */
	uint32_t gate; /* what the site said when the mark was given; atomic */
	uint32_t
		most; /* bytes of a record with texts of TELL_QUICK_SHORT, less the message */
	uint64_t first; /* of the head: n_slots, level */
	uint64_t place; /* of the head, with context; atomic */
	uint64_t flags; /* of the head, with run and lane; atomic */
	uint64_t names; /* one bit a key, as in struct tell_record */
	uint16_t n;
	bool whole; /* all keys are literals of the site's object, and no two the same */
	const char *form; /* of a printf site, in its object's constant memory; or NULL */
	struct tell_deferred arguments;
	struct tell_quick_field field[TELL_QUICK_FIELDS];
};

/* A plan, all zero, and its end: another's from then on. Neither locks nor allocates by
 * malloc(3). NULL: memory is out. */
struct tell_quick_plan *tell_quick_plan_new(void);
void tell_quick_plan_free(struct tell_quick_plan *plan);

/* Fill in what follows from the plan's fields: each has its key, kind and id. */
void tell_quick_plan_end(struct tell_quick_plan *plan, uint8_t level);

/* Of a field: what a plan's `kind` is compared with. */
static inline uint32_t tell_quick_kind(const struct tell_field *f)
{
	uint32_t kind;
	memcpy(&kind, (const char *)f + offsetof(struct tell_field, type), sizeof(kind));
	return kind;
}

static inline __attribute__((always_inline)) void tell__put_word(char *p, uint64_t word)
{
	memcpy(p, &word, sizeof(word));
}

static inline __attribute__((always_inline)) void tell__copy_16(
	char *to, const char *from)
{
	memcpy(to, from, 16);
}

/* Copy n bytes and zero up to the next multiple of 8, where it ends. With n = 0 the word
 * before `to` is overwritten. */
static inline __attribute__((always_inline)) char *tell__put_padded(
	char *to, const char *from, size_t n)
{
	char *end = to + tell_pad8(n);
	tell__put_word(end - 8, 0);
	if (__builtin_expect(n >= 16, 1)) {
		size_t last = n - 16; /* overlaps what was copied before it */
		if (last > 16) {
			tell__copy_16(to, from);
			tell__copy_16(to + 16, from + 16);
			for (size_t at = 32; __builtin_expect(at < last, 0); at += 16)
				tell__copy_16(to + at, from + at);
		} else if (last) {
			tell__copy_16(to, from);
		}
		tell__copy_16(to + last, from + last);
	} else if (n >= 8) {
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else if (n >= 4) {
		memcpy(to, from, 4);
		memcpy(to + n - 4, from + n - 4, 4);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
	}
	return end;
}

/* The fields' slots from p on, no text longer than `longest`: where they end, or NULL. */
static inline __attribute__((always_inline)) char *tell__put_fields(char *p,
	const struct tell_quick_plan *plan, const struct tell_field *f, size_t longest)
{
	const struct tell_quick_field *q = plan->field, *end = q + plan->n;
	for (; q < end; q++, f++) {
		if (__builtin_expect(
			    f->key != q->key || tell_quick_kind(f) != q->kind, 0))
			return NULL;
		if (f->type != TELL_TYPE_STR) {
			tell__put_word(p, q->slot);
			tell__put_word(p + 8, f->v.u64);
			p += 16;
			continue;
		}
		size_t n = f->len;
		char *slot = p;
		if (__builtin_expect(n > longest, 0))
			return NULL;
		p = tell__put_padded(p + 8, f->v.ptr, n);
		tell__put_word(slot, q->slot | (uint64_t)n << 32);
	}
	return p;
}

/* The slots of a record from p on, scopes or NULL: where they end, or NULL. Everything is
 * passed by value: what had an address would live in memory on this way. */
static inline __attribute__((always_inline)) char *tell__put_slots(char *p,
	const struct tell_quick_plan *plan, const struct tell_head *scopes,
	const char *message, size_t len, const struct tell_field *fields, size_t longest)
{
	tell__put_word(p, TELL_KEY_MESSAGE | TELL_TYPE_STR << 16 | (uint64_t)len << 32);
	p = tell__put_padded(p + 8, message, len);
	TELL_CRASH_POINT("mid-copy");
	if (scopes)
		p = tell__put_padded(
			p, (const char *)(scopes + 1), scopes->size - sizeof(*scopes));
	return tell__put_fields(p, plan, fields, longest);
}

/* The same where the lane's end is near or it is half full, or a text is long: then the entry goes where
 * tell_lane_entry() says afterwards. NULL: no room in one piece now, or it is not for the
 * short way. */
char *tell_quick_put_long(const struct tell_quick_self *self,
	const struct tell_quick_plan *plan, const struct tell_head *scopes,
	const char *message, size_t len, const struct tell_field *fields);

/* Write the head of the record from h to end, and publish it. flags: more of them. */
static inline __attribute__((always_inline)) void tell__put_head(char *h, const char *end,
	const struct tell_quick_self *self, const struct tell_quick_plan *plan,
	uint64_t n_slots, uint64_t flags, uint64_t time)
{
	size_t size = (size_t)(end - h);
	uint64_t seq = self->lane->n_numbered + 1;
	_Static_assert(sizeof(struct tell_head) == 64, "a head is eight words");
	tell__put_word(h, plan->first + (n_slots << TELL_QUICK_SLOTS_BIT) + size);
	tell__put_word(h + 8, time);
	tell__put_word(h + 16, seq);
	tell__put_word(h + 24,
		self->run_lane_flags | flags << TELL_QUICK_FLAGS_BIT |
			__atomic_load_n(&plan->flags, __ATOMIC_RELAXED));
	tell__put_word(h + 32, self->pid_tid);
	tell__put_word(h + 40, __atomic_load_n(&plan->place, __ATOMIC_RELAXED));
	memset(h + 48, 0, 16);
	TELL_CRASH_POINT("before-commit");
	tell_lane_commit_at(self->lane, (struct tell_entry *)h - 1, size, seq);
	TELL_CRASH_POINT("after-commit");
}

/* Put the record into the lane; len and what scopes carry are not 0. False: it is not for the
 * short way (another type of value, no room in one piece): nothing happened. */
static inline __attribute__((always_inline)) bool tell_quick_put(
	const struct tell_quick_self *self, const struct tell_quick_plan *plan,
	const struct tell_head *scopes, uint64_t time, const char *message, size_t len,
	const struct tell_field *fields)
{
	struct tell_lane *l = self->lane;
	size_t carried = scopes ? scopes->size : 0;
	char *end = NULL, *h = (char *)(tell_lane_entry(l) + 1);
	if (__builtin_expect(l->head + plan->most + len + carried <= l->open_to, 1))
		end = tell__put_slots(h + sizeof(struct tell_head), plan, scopes, message,
			len, fields, TELL_QUICK_SHORT);
	if (__builtin_expect(!end, 0)) {
		end = tell_quick_put_long(self, plan, scopes, message, len, fields);
		if (!end)
			return false;
		h = (char *)(tell_lane_entry(l) + 1);
	}
	tell__put_head(h, end, self, plan, scopes ? scopes->n_slots : 0, 0, time);
	return true;
}

/* The same for a printf form: its arguments, which redaction and encoders read as text when
 * the service thread has made it of them. False: also what is not for keeping; `ap` is used
 * up all the same. */
bool tell_quick_put_form(const struct tell_quick_self *self,
	const struct tell_quick_plan *plan, const struct tell_head *scopes, uint64_t time,
	int error, va_list ap);
