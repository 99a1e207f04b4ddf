#include "api/relay.h"
#include "api/deliver.h"
#include "record/place.h"

/* What the record says of its maker where that differs from who sends it. */
static void identify(struct tell_record *to, const struct tell_relay *r)
{
	struct tell_head *h = to->head;
	if (r->facility >= 0 && r->facility < TELL_FACILITIES)
		h->facility = (uint8_t)(r->facility + 1);
	if (r->pid)
		h->pid = r->pid;
	if (r->say_pid)
		h->flags |= TELL_RECORD_OTHER_PID;
	if (r->name && r->name_len)
		tell_record_service(to, r->name, r->name_len);
}

/* The record's own fields win over what all of them are to have. */
static void add_more(struct tell_record *to, const struct tell_relay *r)
{
	for (size_t i = 0; i < r->n_more; i++) {
		const struct tell_field *f = &r->more[i];
		struct tell_key key;
		(void)tell_key_make(&key, f->key, f->key_len);
		if (!tell_record_has(to, key.name, key.len))
			tell_record_add(to, f, 1, TELL_SLOT_ADDED, NULL);
	}
}

enum tell_verdict tell_relay(
	struct tell_call *c, struct tell_site *site, const struct tell_relay *r)
{
	struct tell_thread *t = c->thread;
	struct tell_record *to = (r->kept ? tell_deliver_begin_own : tell_deliver_begin)(
		t, c->service, c->stack, r->level);
	if (!to)
		return TELL_FULL;
	if (site)
		to->head->place = tell_place_add(site);
	if (__atomic_load_n(&(site ? site : &tell_no_site)->forced, __ATOMIC_RELAXED))
		to->head->flags |= TELL_RECORD_FORCED;
	if (c->cut)
		to->head->flags |= TELL_RECORD_CUT;
	if (r->time_ns)
		to->head->realtime_ns = r->time_ns;
	tell_record_message(to, r->message, r->message_len);
	identify(to, r);
	if (tell_thread_has_scopes(t))
		tell_record_splice(to, &t->context, t->twice);
	tell_record_add(to, r->fields, r->n_fields, r->slot_flags, r->keys);
	add_more(to, r);
	return tell_deliver_record(t, c->service, c->stack, to, r->kept);
}
