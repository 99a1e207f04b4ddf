#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <telltale/field.h>
#include <telltale/module.h>
#include "record/key.h"

/* One event: a flat block of memory, the same in the call, the ring, the spool, the capture
 * sink and test fixtures.
 *
 * Shape:   a head of 64 bytes, then slots: 8 bytes {key, type, flags, len}, for an inline
 *          key its name (one byte of length, the bytes, padded to 8), then len bytes of
 *          value, padded with zeros to 8. No pointers: it may be copied, and read by
 *          another process that has the dictionaries of keys and places. Own byte order.
 * First:   the message is the slot with key TELL_KEY_MESSAGE and, when there is one, the
 *          first slot.
 * Whose:   a record says itself when its service, facility or process are not those of who
 *          sends it: the slot with key TELL_KEY_SERVICE, and the head.
 * Limit:   `limit` bytes the whole block (default 64 KiB); while it is being built it may
 *          be TELL_RECORD_MARGIN longer, so that redaction sees a secret that straddles
 *          the limit; tell_record_trim() cuts after redaction. At most TELL_SLOTS_MAX
 *          slots. What is cut is marked TELL_SLOT_CUT / TELL_RECORD_CUT.
 * Threads: one owner at a time. */
#define TELL_RECORD_LIMIT     ((size_t)64 << 10)
#define TELL_RECORD_LIMIT_MAX ((size_t)4 << 20)
#define TELL_RECORD_MARGIN    ((size_t)8 << 10)
#define TELL_SLOTS_MAX	      1008 /* journald keeps 1024 fields an entry, our 16 included */

#define TELL_FACILITIES 24 /* RFC 5424 table 1 */

enum tell_kind {
	TELL_KIND_LOG,
	TELL_KIND_SPAN,
	TELL_KIND_EVENT,
	TELL_KIND_METRIC,
	TELL_KIND_HEALTH,
	TELL_KIND_ALERT,
	TELL_KIND_COST,
	TELL_KIND_FEEDBACK,
	TELL_KIND_LOSS
};

/* Flags of a head. */
#define TELL_RECORD_CUT	       0x01 /* something was cut to the limit */
#define TELL_RECORD_FORCED     0x02 /* a level rule let it on: `filter level` agrees */
#define TELL_RECORD_LATE       0x04 /* delivered later than it was made */
#define TELL_RECORD_RECOVERED  0x08
#define TELL_RECORD_OTHER_PID  0x10 /* another process's, or one asked for: say the pid */
#define TELL_RECORD_OTHER_NAME 0x20 /* it has a service of its own, TELL_KEY_SERVICE */
#define TELL_RECORD_ON_STDERR  0x40 /* a sink has written it there */

/* In a queue only. */
#define TELL_RECORD_TICKS      0x80  /* realtime_ns holds ticks (base/ticks.h) */
#define TELL_RECORD_DEFERRED   0x100 /* the message is arguments (record/deferred.h) */
#define TELL_RECORD_UNFILTERED 0x200 /* enrich and filter come behind it */

struct tell_head {
	uint32_t size; /* bytes in use, this head included; a multiple of 8 */
	uint16_t n_slots;
	uint8_t level; /* enum tell_level */
	uint8_t kind;  /* enum tell_kind */
	uint64_t realtime_ns;
	uint64_t seq; /* TELL_SEQ is <run>.<lane>.<seq>; 0: not numbered */
	uint32_t run;
	uint16_t lane;
	uint16_t flags;
	uint32_t pid, tid;
	uint32_t place; /* tell_place() */
	uint32_t context;
	uint8_t facility; /* one more than RFC 5424 table 1 has; 0: as the service's */
	uint8_t reserved[15];
};

/* Flags of a slot. */
#define TELL_SLOT_DEAD	0x01 /* overwritten by a later one of the same name: skip it */
#define TELL_SLOT_MOVED 0x02 /* the value is elsewhere: {uint32 offset, uint32 len} */
#define TELL_SLOT_SCOPE 0x04 /* came from a scope or handle: not part of message=full */
/* TELL_SLOT_ADDED 0x08: came from an enrich module: likewise; <telltale/module.h> */
#define TELL_SLOT_CUT  0x10 /* the value was cut */
#define TELL_SLOT_SAFE 0x20 /* our own text, no detector needs to read it */

/* A record and the memory it grows in. */
struct tell_record {
	struct tell_head *head; /* the block; NULL: none begun */
	size_t cap;		/* bytes of memory behind head; 0: borrowed */
	size_t limit;
	size_t room; /* up to this size slots go without asking: see tell_record_room() */
	uint64_t names; /* one bit a key id, to see quickly that a name is new */
	uint32_t floor; /* slots before it are left alone when a name comes again */
	uint8_t fixed;	/* enum tell_record_fixed */
};

/* A record that stays in the memory it was lent, for signal handlers: none is asked for, and
 * what does not fit is cut. It takes no lock either: names that nobody knows are stored in it
 * (NUMBERED), or all but those that have a number in every process (NAMED). */
enum tell_record_fixed { TELL_RECORD_GROWS, TELL_RECORD_NUMBERED, TELL_RECORD_NAMED };

/* ---- building ---- */

/* Begin a record in r's memory: everything zero but level and kind; r->limit 0 means the
 * default. 0 or -ENOMEM. */
int tell_record_begin(struct tell_record *r, int level, int kind);

/* The same in `room` bytes of lent memory, aligned to 8; r holds none of its own. When they
 * are not enough the record moves into memory of r, see tell_record_done(). */
void tell_record_begin_at(
	struct tell_record *r, void *lent, size_t room, int level, int kind);

/* Make r a copy of a block that is sound, to be changed. 0 or -ENOMEM. */
int tell_record_copy(struct tell_record *r, const void *block, size_t len);

/* Put the message; call it first. */
void tell_record_message(struct tell_record *r, const char *text, size_t len);

/* The same for a sentence of our own: it is readable even where redaction failed and all
 * other values are masked. */
void tell_record_own_message(struct tell_record *r, const char *text, size_t len);

/* Name the service the record is of: SYSLOG_IDENTIFIER, APP-NAME. Any bytes; not "". */
void tell_record_service(struct tell_record *r, const char *name, size_t len);

/* Add n fields as a call gives them; slot_flags is ORed in. Later ones win. keys: NULL, or
 * n ids resolved before, 0 where not known. */
void tell_record_add(struct tell_record *r, const struct tell_field *fields, size_t n,
	uint8_t slot_flags, const uint16_t *keys);

/* Append the slots of another record, such as a scope's fields; they win over those that
 * are there. twice: names may come more than once among them, the last one wins. */
void tell_record_splice(
	struct tell_record *r, const struct tell_record *from, bool twice);

/* Has it a live field of this name? */
bool tell_record_has(const struct tell_record *r, const char *name, size_t len);

/* ---- changing ---- */

/* Give the field at v->at another value of the given type; its place in the order stays.
 * The old bytes are overwritten with zeros. 0 or -ENOMEM. */
int tell_record_replace(struct tell_record *r, const struct tell_value *v, uint8_t type,
	const void *data, size_t len);

/* Remove the field at v->at and wipe its bytes. */
void tell_record_drop(struct tell_record *r, const struct tell_value *v);

/* Cut to the limit: from the end of the longest values, on UTF-8 boundaries; marks. */
void tell_record_trim(struct tell_record *r);

/* Give the memory back when it grew past 64 KiB, else keep it for the next record. */
void tell_record_rest(struct tell_record *r);
void tell_record_done(struct tell_record *r);

/* ---- reading ---- */

/* Walk the live fields: *pos starts at 0. False at the end. */
bool tell_record_next(const struct tell_record *r, uint32_t *pos, struct tell_value *ret);

/* The field of this name. */
bool tell_record_get(const struct tell_record *r, const char *name, size_t len,
	struct tell_value *ret);

/* The message; "" with len 0 when there is none. */
const char *tell_record_text(const struct tell_record *r, size_t *ret_len);

/* The service it names. False: it names none, and is of who sends it. */
bool tell_record_named(
	const struct tell_record *r, const char **ret_name, size_t *ret_len);

/* Walk a LIST value's elements: their name is empty. */
bool tell_value_next(
	const struct tell_value *list, uint32_t *pos, struct tell_value *ret);

/* Borrow foreign bytes as a record: every offset checked. 0 or -EBADMSG. */
int tell_record_view(struct tell_record *ret, const void *bytes, size_t len);

static inline int64_t tell_value_i64(const struct tell_value *v)
{
	int64_t n;
	memcpy(&n, v->data, sizeof(n));
	return n;
}

static inline uint64_t tell_value_u64(const struct tell_value *v)
{
	uint64_t n;
	memcpy(&n, v->data, sizeof(n));
	return n;
}

static inline double tell_value_f64(const struct tell_value *v)
{
	double d;
	memcpy(&d, v->data, sizeof(d));
	return d;
}
