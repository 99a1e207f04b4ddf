#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Field names, made fit for every exit once and known by a number from then on.
 *
 * Shape:   a process-wide dictionary from spellings as given ("Request-Id") to names
 *          ("request_id"), at most TELL_KEYS_MAX names and as many other spellings; entries
 *          are never removed. When it is full, new names are stored in the record itself.
 * Rule:    [a-z][a-z0-9_]{0,63}: lower-cased, every other byte '_', leading '_' dropped;
 *          a name that does not begin with a letter, or belongs to the exits (message,
 *          level, syslog_*, ...) gets "user_" in front; over 64 bytes: the first 30,
 *          '_', 4 hex digits, '_', the last 28: by the end redaction judges a name.
 *          More than a change of case or of '-', '.' is counted as renamed. A secret in a
 *          spelling becomes its mask first.
 * Threads: look-ups without a lock; additions under one.
 * Source:  systemd.journal-fields(7), journal_field_valid() in systemd: 1-64 of A-Z0-9_. */
#define TELL_NAME_MAX 64
#define TELL_KEYS_MAX 4096

struct tell_key {
	uint16_t id;
	uint8_t len;
	char name[TELL_NAME_MAX + 1];  /* request_id */
	char upper[TELL_NAME_MAX + 1]; /* REQUEST_ID, the journal's spelling */
	char json[TELL_NAME_MAX + 8];  /* `,"request_id":"`, of those in the dictionary */
};

/* Ids that are the same in every process. TELL_KEY_INLINE: the name is in the record. Names
 * of the exits come first: no spelling leads to them, who may set one knows its number. The
 * first two are no fields but parts of the record, see tell_key_is_field(). */
enum {
	TELL_KEY_INLINE,
	TELL_KEY_MESSAGE,
	TELL_KEY_SERVICE,
	TELL_KEY_MESSAGE_ID,
	TELL_KEY_INVOCATION_ID,
	TELL_KEY_OBJECT_PID,
	TELL_KEY_ERRNO,
	TELL_KEY_ERROR,
	TELL_KEY_TRACE_ID,
	TELL_KEY_SPAN_ID,
	TELL_KEY_TRACE_FLAGS,
	TELL_KEY_FIRST_FREE
};

/* Is it a field, not the record's message or service? */
static inline bool tell_key_is_field(uint16_t id)
{
	return (uint16_t)(id - TELL_KEY_MESSAGE) > TELL_KEY_SERVICE - TELL_KEY_MESSAGE;
}

/* The key for a spelling, added when new. NULL: the dictionary is full (or memory out);
 * then tell_key_make() gives the name to keep inline. */
const struct tell_key *tell_key_of(const char *given, size_t len);

/* The same without a lock, for signal handlers. NULL: nobody has given this name yet. */
const struct tell_key *tell_key_find(const char *given, size_t len);

/* The key with this id; NULL for TELL_KEY_INLINE and ids nobody gave out. */
const struct tell_key *tell_key_by_id(uint16_t id);

/* Make a name from a spelling without the dictionary; ret->id is TELL_KEY_INLINE.
 * True when it had to be renamed. */
bool tell_key_make(struct tell_key *ret, const char *given, size_t len);

/* Names renamed since the start, once per spelling; for the ledger. */
uint64_t tell_keys_renamed(void);

/* In a forked child: another thread of the parent may have held the lock. */
void tell_keys_child(void);
