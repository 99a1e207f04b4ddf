#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <telltale/log.h>
#include "api/call.h"
#include "api/deliver.h"
#include "api/format.h"
#include "api/nested.h"
#include "api/quick.h"
#include "base/clock.h"
#include "base/extent.h"
#include "record/place.h"
#include "record/slot.h"

#define NO_MEMORY "(out of memory)" /* what tell_fmt() gives then */

/* A record without a place: tell_vlogf(NULL, ...), `telltale log`. */
struct tell_site tell_no_site = { .level = TELL__LEVEL_VARIES };

static const struct tell_quick_plan no_names;

/* The names of a site's fields, resolved at its first execution. Only literals of the object
 * that the site is in: they go when it goes. At the address of another object's there may be
 * another word some day (dlclose(3)), and it may be "password". */
static struct tell_quick_plan *keys_learn(struct tell_site *site,
	const struct tell_field *fields, size_t n, const char *form)
{
	struct tell_extent object;
	if (!tell_extent_of(site, &object)) {
		/* In none: it may go as it came, and a plan of its own would be lost. */
		struct tell_quick_plan *none = (void *)(uintptr_t)&no_names;
		__atomic_store_n((void **)&site->keys, none, __ATOMIC_RELEASE);
		return none;
	}
	struct tell_quick_plan *keys = tell_quick_plan_new();
	if (!keys)
		return NULL;
	if (form && tell_extent_is_constant(&object, form) &&
		tell_deferred_parse(&keys->arguments, form))
		keys->form = form;
	uint64_t names = 0;
	keys->n = (uint16_t)n;
	keys->whole = site->level !=
		TELL__LEVEL_VARIES; /* the gate's answer would vary */
	for (size_t i = 0; i < n; i++) {
		const struct tell_key *k = NULL;
		if (fields[i].flags & TELL_FIELD_LITERAL &&
			tell_extent_has(&object, fields[i].key))
			k = tell_key_of(fields[i].key, fields[i].key_len);
		keys->field[i] = (struct tell_quick_field){ k ? fields[i].key : NULL,
			tell_quick_kind(&fields[i]), k ? k->id : 0, 0, 0 };
		keys->whole &= k && !(names & tell_key_bit(k->id)) &&
			(fields[i].type == TELL_TYPE_STR ||
				tell_type_is_number(fields[i].type));
		names |= k ? tell_key_bit(k->id) : 0;
	}
	tell_quick_plan_end(keys, site->level);
	void *none = NULL;
	if (__atomic_compare_exchange_n((void **)&site->keys, &none, keys, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return keys;
	tell_quick_plan_free(keys); /* another thread was first */
	return none;
}

/* NULL: nothing is known of its keys. */
static const struct tell_quick_plan *keys_of(struct tell_site *site,
	const struct tell_field *fields, size_t n, const char *form)
{
	const struct tell_quick_plan *keys = __atomic_load_n(
		(struct tell_quick_plan **)&site->keys, __ATOMIC_ACQUIRE);
	if (n > TELL_QUICK_FIELDS || site == &tell_no_site)
		return NULL;
	return keys ? keys : keys_learn(site, fields, n, form);
}

static void add_fields(struct tell_record *r, const struct tell_quick_plan *keys,
	const struct tell_field *fields, size_t n)
{
	if (!keys) {
		tell_record_add(r, fields, n, 0, NULL);
		return;
	}
	uint16_t ids[TELL_QUICK_FIELDS] __attribute__((uninitialized));
	for (size_t i = 0; i < n; i++)
		ids[i] = fields[i].key == keys->field[i].key ? keys->field[i].id : 0;
	tell_record_add(r, fields, n, 0, ids);
}

/* Begin the thread's record, fill and send it. */
static void emit(const struct tell_call *c, struct tell *handle, struct tell_site *site,
	int level, const char *message, size_t len, const struct tell_field *fields,
	size_t n)
{
	struct tell_thread *t = c->thread;
	struct tell_record *r = tell_deliver_begin(t, c->service, c->stack, level);
	if (!r)
		return;
	const struct tell_quick_plan *keys = keys_of(site, fields, n, c->form);
	r->head->place = site == &tell_no_site
		? 0
		: tell_place_add_form(site, keys ? keys->form : NULL);
	if (c->cut)
		r->head->flags |= TELL_RECORD_CUT;
	if (__atomic_load_n(&site->forced, __ATOMIC_RELAXED))
		r->head->flags |= TELL_RECORD_FORCED;
	tell_record_message(r, message, len);
	if (handle)
		tell_record_splice(r, &handle->bound, handle->twice);
	if (tell_thread_has_scopes(t))
		tell_record_splice(r, &t->context, t->twice);
	add_fields(r, keys, fields, n);
	/* Asked before it goes: then it is the reader's. */
	void *lane = !handle && r == &t->lent && tell_stack_quick_mark(c->stack)
		? tell_stack_quick_lane(c->stack, r)
		: NULL;
	if (tell_deliver(t, c->service, c->stack, r) == TELL_SPOOLED && lane)
		tell_quick_learn(site, t, c->service, c->stack, lane);
}

/* By the stack. */
static __attribute__((noinline)) void log_text(struct tell *handle,
	struct tell_site *site, int level, const char *text, size_t len,
	const struct tell_field *fields, size_t n)
{
	struct tell_call c;
	if (!text)
		text = "", len = 0;
	if (!site)
		site = &tell_no_site;
	if (__builtin_expect(tell_thread_inside, 0)) { /* a signal's handler in between */
		tell_nested_log(handle, site, level, text, len, fields, n);
		return;
	}
	if (!tell_call_begin(&c, handle, site, &level))
		return;
	emit(&c, handle, site, level, text, len, fields, n);
	tell_call_end(&c);
}

void tell__log_text(struct tell *handle, struct tell_site *site, int level,
	const char *text, size_t len, const struct tell_field *fields, size_t n)
{
	if (site && !handle && tell_quick_log(site, text, len, fields, n))
		return;
	log_text(handle, site, level, text, len, fields, n);
}

void tell__log(struct tell *handle, struct tell_site *site, int level,
	const char *message, const struct tell_field *fields, size_t n)
{
	tell__log_text(
		handle, site, level, message, message ? strlen(message) : 0, fields, n);
}

void tell_log_at(struct tell_site *site, int level, const char *message,
	const struct tell_field *fields, size_t n)
{
	tell__log(NULL, site, level, message, fields, n);
}

__attribute__((format(printf, 4, 0))) static void vlogf(struct tell *handle,
	struct tell_site *site, int level, const char *fmt, va_list ap)
{
	struct tell_call c;
	if (__builtin_expect(tell_thread_inside, 0)) {
		tell_nested_vlogf(handle, site, level, fmt, ap);
		return;
	}
	if (site != &tell_no_site && !handle &&
		tell_quick_logf(site, fmt, ap, __builtin_frame_address(0)))
		return;
	if (!tell_call_begin(&c, handle, site, &level))
		return;
	c.form = fmt;
	struct tell_buf *text = &c.thread->work; /* encoders use it later, not before */
	size_t limit = text->limit;
	text->limit = tell_stack_limit(c.stack) + TELL_RECORD_MARGIN;
	errno = c.saved_errno; /* %m */
	char first[TELL_FORMAT_FIRST] __attribute__((uninitialized));
	size_t len;
	const char *message = tell_format(text, first, &len, 0, fmt, ap);
	text->limit = limit;
	c.cut = text->cut;
	emit(&c, handle, site, level, message, len, NULL, 0);
	tell_call_end(&c);
}

void tell__logf(
	struct tell *handle, struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vlogf(handle, site ? site : &tell_no_site, level, fmt, ap);
	va_end(ap);
}

void tell_vlogf(struct tell_site *site, int level, const char *fmt, va_list ap)
{
	vlogf(NULL, site ? site : &tell_no_site, level, fmt, ap);
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
	char first[TELL_FORMAT_FIRST] __attribute__((uninitialized));
	size_t len;
	const char *text = tell_format(buf, first, &len, 0, fmt, ap);
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
	__atomic_store_n(&tell_no_site.state, TELL__UNRESOLVED, __ATOMIC_RELAXED);
}
