#include "record/event.h"

static const struct {
	const char *name, *id;
	uint8_t kind;
} events[] = {
#define TELL_EVENT(word, kind, name, id) { name, id, TELL_KIND_##kind },
#include "record/events.def"
#undef TELL_EVENT
};

void tell_record_event(struct tell_record *r, enum tell_event event)
{
	const struct tell_field fields[] = {
		tell_str("message_id", events[event].id),
		tell_str("event", events[event].name),
	};
	static const uint16_t keys[] = { TELL_KEY_MESSAGE_ID, 0 };
	r->head->kind = events[event].kind;
	tell_record_add(r, fields, 2, TELL_SLOT_ADDED | TELL_SLOT_SAFE, keys);
}

const char *tell_event_id(enum tell_event event)
{
	return events[event].id;
}
