#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "api/deliver.h"
#include "api/handle.h"
#include "api/level.h"
#include "api/process.h"
#include "api/quick.h"
#include "base/clock.h"
#include "base/extent.h"
#include "base/utf8.h"
#include "record/place.h"
#include "record/slot.h"

#define NO_MEMORY "(out of memory)" /* what tell_fmt() gives then */
#define FMT_FIRST 512 /* most messages fit: formatted on the machine stack */

/* A record without a place: tell_vlogf(NULL, ...), `telltale log`. */
static struct tell_site no_site = { .level = TELL__LEVEL_VARIES };

/* The names of a site's fields, resolved at its first execution. Only literals of the object
 * that the site is in: they go when it goes. At the address of another object's there may be
 * another word some day (dlclose(3)), and it may be "password". */
static struct tell_quick_plan *keys_learn(
	struct tell_site *site, const struct tell_field *fields, size_t n)
{
	struct tell_quick_plan *keys = calloc(1, sizeof(*keys));
	if (!keys)
		return NULL;
	struct tell_extent object = { 0 };
	(void)tell_extent_of(site, &object); /* in none: no key is kept */
	keys->n = (uint16_t)n;
	keys->whole = site->level !=
		TELL__LEVEL_VARIES; /* the gate's answer would vary */
	for (size_t i = 0; i < n; i++) {
		const struct tell_key *k = NULL;
		if (fields[i].flags & TELL_FIELD_LITERAL &&
			tell_extent_has(&object, fields[i].key))
			k = tell_key_of(fields[i].key, fields[i].key_len);
		keys->key[i] = k ? fields[i].key : NULL;
		keys->id[i] = k ? k->id : 0;
		struct tell_slot slot = { keys->id[i], fields[i].type, 0, 0 };
		memcpy(&keys->head[i], &slot, sizeof(slot));
		keys->type[i] = fields[i].type;
		keys->whole &= k && !(keys->names & tell_key_bit(k->id)) &&
			(fields[i].type == TELL_TYPE_STR ||
				tell_type_is_number(fields[i].type));
		keys->names |= tell_key_bit(keys->id[i]);
	}
	void *none = NULL;
	if (__atomic_compare_exchange_n((void **)&site->keys, &none, keys, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return keys;
	free(keys); /* another thread was first */
	return none;
}

static void add_fields(struct tell_record *r, struct tell_site *site,
	const struct tell_field *fields, size_t n)
{
	struct tell_quick_plan *keys = __atomic_load_n(
		(struct tell_quick_plan **)&site->keys, __ATOMIC_ACQUIRE);
	if (n > TELL_QUICK_FIELDS || site == &no_site ||
		(!keys && !(keys = keys_learn(site, fields, n)))) {
		tell_record_add(r, fields, n, 0, NULL);
		return;
	}
	uint16_t ids[TELL_QUICK_FIELDS] __attribute__((uninitialized));
	for (size_t i = 0; i < n; i++)
		ids[i] = fields[i].key == keys->key[i] ? keys->id[i] : 0;
	tell_record_add(r, fields, n, 0, ids);
}

/* May the site speak at this level? Resolves it when that is due. */
static bool site_on(struct tell_site *site, int level)
{
	uint8_t state = __atomic_load_n(&site->state, __ATOMIC_RELAXED);
	if (__builtin_expect(state == TELL__UNRESOLVED, 0))
		state = tell_level_resolve(site);
	if (state == TELL__OFF)
		return false;
	return site->level != TELL__LEVEL_VARIES ||
		level <= __atomic_load_n(&site->threshold, __ATOMIC_RELAXED);
}

/* What every call shares: gate, thread, stack, errno. */
struct call {
	struct tell_thread *thread;
	struct tell_service *service;
	struct tell_stack *stack;
	int saved_errno;
	bool cut; /* no memory for all of the message */
};

static bool call_begin(
	struct call *c, struct tell *handle, struct tell_site *site, int *level)
{
	c->saved_errno = errno;
	c->cut = false;
	if (!tell_thread_enter_whole()) { /* a signal came in the middle of another call */
		__atomic_fetch_add(&tell_process.lost.nested, 1, __ATOMIC_RELAXED);
		return false;
	}
	tell_process_check();
	if (__builtin_expect(*level < TELL_EMERG, 0))
		*level = TELL_EMERG;
	if (__builtin_expect(*level > TELL_DEBUG, 0))
		*level = TELL_DEBUG;
	c->thread = tell_thread_self();
	if (!c->thread) {
		__atomic_fetch_add(&tell_process.lost.memory, 1, __ATOMIC_RELAXED);
		goto no;
	}
	c->service = handle ? handle->service : &tell_process.main;
	c->stack = tell_service_enter(c->service, c->thread); /* a start may set levels */
	if (!c->stack) {
		__atomic_fetch_add(&tell_process.lost.memory, 1, __ATOMIC_RELAXED);
		goto no;
	}
	if (!site_on(site, *level)) {
		tell_service_leave(c->thread);
		goto no;
	}
	if (c->thread->n_frames)
		tell_context_settle(c->thread, __builtin_frame_address(0));
	return true;
no:
	tell_thread_leave();
	errno = c->saved_errno;
	return false;
}

static void call_end(struct call *c)
{
	tell_service_leave(c->thread);
	tell_thread_leave();
	errno = c->saved_errno;
}

/* Begin the thread's record, fill and send it. */
static void emit(const struct call *c, struct tell *handle, struct tell_site *site,
	int level, const char *message, size_t len, const struct tell_field *fields,
	size_t n)
{
	struct tell_thread *t = c->thread;
	struct tell_record *r = tell_deliver_begin(t, c->service, c->stack, level);
	if (!r)
		return;
	r->head->place = site == &no_site ? 0 : tell_place_add(site);
	if (c->cut)
		r->head->flags |= TELL_RECORD_CUT;
	if (__atomic_load_n(&site->forced, __ATOMIC_RELAXED))
		r->head->flags |= TELL_RECORD_FORCED;
	tell_record_message(r, message, len);
	if (handle)
		tell_record_splice(r, &handle->bound, handle->twice);
	if (t->n_frames)
		tell_record_splice(r, &t->context, t->twice);
	add_fields(r, site, fields, n);
	/* Asked before it goes: then it is the reader's. */
	void *lane = !handle && r == &t->lent && tell_stack_quick_mark(c->stack)
		? tell_stack_quick_lane(c->stack, r)
		: NULL;
	if (tell_deliver(t, c->service, c->stack, r) == TELL_SPOOLED && lane)
		tell_quick_learn(site, t, c->service, c->stack, lane);
}

void tell__log(struct tell *handle, struct tell_site *site, int level,
	const char *message, const struct tell_field *fields, size_t n)
{
	struct call c;
	if (!site)
		site = &no_site;
	if (!message)
		message = "";
	if (!handle && tell_quick_log(site, level, message, fields, n))
		return;
	if (!call_begin(&c, handle, site, &level))
		return;
	emit(&c, handle, site, level, message, strlen(message), fields, n);
	call_end(&c);
}

/* Format into first, or when that is too small into buf, cut to its limit on a UTF-8
 * boundary; NUL-terminated. Without memory first holds the beginning, and buf is cut. */
__attribute__((format(printf, 4, 0))) static const char *format(struct tell_buf *buf,
	char first[FMT_FIRST], size_t *ret_len, const char *fmt, va_list ap)
{
	tell_buf_clear(buf);
	va_list again;
	va_copy(again, ap);
	const char *text = first;
	int n = vsnprintf(first, FMT_FIRST, fmt, ap);
	*ret_len = (size_t)n;
	if (n < 0) {
		text = fmt; /* a wide character has no form here: say the rest */
		*ret_len = strlen(fmt);
	} else if (n >= FMT_FIRST) {
		size_t need = (size_t)n + 1;
		if (buf->limit && need > buf->limit)
			need = buf->limit;
		if (tell_buf_reserve(buf, need)) {
			(void)vsnprintf(
				buf->data, need, fmt, again); /* fits, or is cut */
			text = buf->data;
		} else {
			need = FMT_FIRST;
		}
		if (need <= (size_t)n)
			*ret_len = tell_utf8_cut(text, need - 1, need - 1);
	}
	va_end(again);
	return text;
}

__attribute__((format(printf, 4, 0))) static void vlogf(struct tell *handle,
	struct tell_site *site, int level, const char *fmt, va_list ap)
{
	struct call c;
	if (!call_begin(&c, handle, site, &level))
		return;
	struct tell_buf *text = &c.thread->work; /* encoders use it later, not before */
	size_t limit = text->limit;
	text->limit = tell_stack_limit(c.stack) + TELL_RECORD_MARGIN;
	errno = c.saved_errno; /* %m */
	char first[FMT_FIRST] __attribute__((uninitialized));
	size_t len;
	const char *message = format(text, first, &len, fmt, ap);
	text->limit = limit;
	c.cut = text->cut;
	emit(&c, handle, site, level, message, len, NULL, 0);
	call_end(&c);
}

void tell__logf(
	struct tell *handle, struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vlogf(handle, site ? site : &no_site, level, fmt, ap);
	va_end(ap);
}

void tell_vlogf(struct tell_site *site, int level, const char *fmt, va_list ap)
{
	vlogf(NULL, site ? site : &no_site, level, fmt, ap);
}

const char *tell_fmt(const char *fmt, ...)
{
	int saved = errno;
	if (!tell_thread_enter())
		return fmt; /* in a signal handler: its record will be dropped as well */
	struct tell_thread *t = tell_thread_self();
	if (!t) {
		tell_thread_leave();
		return NO_MEMORY;
	}
	struct tell_buf *buf = &t->fmt[t->next_fmt++ % TELL_N_FMT];
	errno = saved; /* %m */
	va_list ap;
	va_start(ap, fmt);
	char first[FMT_FIRST] __attribute__((uninitialized));
	size_t len;
	const char *text = format(buf, first, &len, fmt, ap);
	va_end(ap);
	if (text != buf->data)
		tell_buf_put(buf, text, len);
	else
		buf->len = len;
	text = buf->cut ? NO_MEMORY : tell_buf_cstr(buf);
	tell_thread_leave();
	errno = saved;
	return text;
}

bool tell__once(uint8_t *done)
{
	return !__atomic_exchange_n(done, 1, __ATOMIC_RELAXED);
}

bool tell__every(uint64_t *next_ns, uint64_t gap_ms)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	uint64_t next = __atomic_load_n(next_ns, __ATOMIC_RELAXED);
	if (now_ns < next)
		return false;
	return __atomic_compare_exchange_n(next_ns, &next,
		now_ns + gap_ms * TELL_NS_PER_MS, false, __ATOMIC_RELAXED,
		__ATOMIC_RELAXED);
}

void tell_log_unresolve(void)
{
	__atomic_store_n(&no_site.state, TELL__UNRESOLVED, __ATOMIC_RELAXED);
}
