#include "tool/channel.h"
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include "api/deliver.h"
#include "api/init.h"
#include "api/level.h"
#include "api/process.h"
#include "record/slot.h"
#include "stack/stack.h"
#include "tool/option.h"

#define LATE_NS UINT64_C(1000000000) /* older than this, a record says its own time */

/* Records of no place come from here: level rules hold for it all the same. */
static struct tell_site nowhere = { .level = TELL__LEVEL_VARIES };

int tell_channel_name(const char *verb, const char *service)
{
	if (tell_service_name_ok(service))
		return 0;
	return tell_cli_error(EX_USAGE, verb,
		"\"%s\" is no service; write 1 to 64 letters, digits, _ . or -, and no . "
		"at the begin",
		service);
}

int tell_channel_open(const char *verb, const char *service, int facility)
{
	int r = tell_channel_name(verb, service);
	if (r != 0)
		return r;
	tell_process.main.facility = facility > 0 ? (uint8_t)facility : 0;
	r = tell__init_tool(service);
	if (r == -ENOMEM)
		return tell_cli_error(EX_OSERR, verb, "out of memory");
	if (r < 0)
		(void)tell_cli_error(0, verb,
			"the stack of %s has errors, see telltale check %s; going on without "
			"the wrong lines",
			service, service);
	return 0;
}

static void set_time(struct tell_head *h, uint64_t time_ns)
{
	uint64_t now_ns = h->realtime_ns;
	uint64_t away_ns = time_ns < now_ns ? now_ns - time_ns : time_ns - now_ns;
	h->realtime_ns = time_ns;
	if (away_ns > LATE_NS)
		h->flags |= TELL_RECORD_LATE;
}

/* Fields of all records are not part of message=full, as those of scopes. */
static void add_more(struct tell_record *r, const struct tell_field *f)
{
	const struct tell_key *key = tell_key_of(f->key, f->key_len);
	struct tell_key made;
	if (key && !(r->names & tell_key_bit(key->id))) {
		tell_record_add(r, f, 1, TELL_SLOT_SCOPE, &key->id);
		return;
	}
	if (!key) {
		(void)tell_key_make(&made, f->key, f->key_len);
		key = &made;
	}
	if (!tell_record_has(r, key->name, key->len))
		tell_record_add(r, f, 1, TELL_SLOT_SCOPE, NULL);
}

static void fill(struct tell_record *r, const struct tell_channel_record *from,
	const struct tell_site *site)
{
	if (from->time_ns)
		set_time(r->head, from->time_ns);
	if (site->forced)
		r->head->flags |= TELL_RECORD_FORCED;
	r->head->place = site->id;
	tell_record_message(r, from->message, from->message_len);
	tell_record_add(r, from->preamble, from->n_preamble, TELL_SLOT_ADDED, NULL);
	tell_record_add(r, from->fields, from->n_fields, 0, NULL);
	for (size_t i = 0; i < from->n_more; i++)
		add_more(r, &from->more[i]);
}

static enum tell_fate fate_of(enum tell_verdict v)
{
	if (v == TELL_SUCCESS || v == TELL_SPOOLED)
		return TELL_FATE_DELIVERED;
	return v == TELL_IGNORE ? TELL_FATE_FILTERED : TELL_FATE_LOST;
}

enum tell_fate tell_channel_send(const struct tell_channel_record *r)
{
	struct tell_service *s = &tell_process.main;
	struct tell_thread *t = tell_thread_self();
	struct tell_stack *stack = t ? tell_service_enter(s, t) : NULL;
	struct tell_site *site = r->site ? r->site : &nowhere;
	if (!stack)
		return TELL_FATE_LOST;
	if (site->state == TELL__UNRESOLVED)
		(void)tell_level_resolve(
			site); /* for good: a tool reads its stack once */

	enum tell_fate fate = TELL_FATE_FILTERED;
	if (site->state == TELL__ON && r->level <= site->threshold) {
		struct tell_record *made = tell_deliver_begin(t, s, stack, r->level);
		if (made)
			fill(made, r, site);
		fate = made ? fate_of(tell_deliver(t, s, stack, made)) : TELL_FATE_LOST;
	}
	tell_service_leave(t);
	return fate;
}

bool tell_channel_flush(unsigned timeout_ms)
{
	return tell_flush(timeout_ms) == 0;
}

static bool is_failure(enum tell_verdict v)
{
	return v != TELL_SUCCESS && v != TELL_SPOOLED && v != TELL_IGNORE;
}

void tell_channel_why(struct tell_buf *out)
{
	const struct tell_stack *stack = tell__stack();
	struct tell_line_stats line;
	for (size_t pos = 0; stack && tell_stack_next_line(stack, &pos, &line);) {
		if (strcmp(line.type, "sink") != 0)
			continue;
		for (int v = 0; v < TELL_N_VERDICTS; v++)
			if (line.verdicts[v] && is_failure((enum tell_verdict)v))
				tell_buf_printf(out, "%ssink %s (%s:%u) %s",
					out->len ? ", " : "", line.module, line.file,
					line.line,
					tell_verdict_word((enum tell_verdict)v));
	}
	if (!out->len)
		tell_buf_puts(
			out, "the sink lines together say failure; see telltale check");
}
