#pragma once
#include "record/record.h"

/* What a record of ours is, by the catalogue src/record/events.tsv: a kind, a MESSAGE_ID= by
 * which journalctl -x finds what to say of it, and a name, EVENT=. Plain log records have
 * none of the three.
 *
 * Threads: as the record. */
enum tell_event {
#define TELL_EVENT(word, kind, name, id) TELL_EVENT_##word,
#include "record/events.def"
#undef TELL_EVENT
	TELL_N_EVENTS
};

/* Say so in a record that was begun. Its message stays as it is. */
void tell_record_event(struct tell_record *r, enum tell_event event);

/* 32 hex digits. */
const char *tell_event_id(enum tell_event event);
