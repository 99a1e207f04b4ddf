#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "base/buf.h"
#include "decode/input.h"
#include "record/record.h"
#include "source/journal_name.h"

/* One record as `query` found it, in a journal or in a file of lines: the record, who made
 * it, and what only a journal knows.
 *
 * Shape:   everything lives in the entry's own memory until the next load.
 * Types:   a journal keeps text only. In records of telltale (they have TELL_SEQ) a text
 *          that is a number, true, false or null in its one canonical spelling has that
 *          type again; in other programs' records all values stay text.
 * Names:   the exits' own (systemd.journal-fields(7), DESIGN 5) become parts of the head;
 *          trusted ones ("_UID") are in `raw` alone, unless `trusted` asks for the few that
 *          say something elsewhere ("_SYSTEMD_UNIT": systemd_unit).
 * Threads: one owner. */
#define TELL_ENTRY_RAW_MAX                                                               \
	2048 /* journald keeps 1024 fields an entry, and adds its own */

struct tell_raw_field {
	const char *name, *value;
	size_t name_len, len;
	struct tell_journal_name *judged; /* NULL: it is no name of a journal */
};

struct tell_entry {
	struct tell_record record;
	struct tell_identity who;
	bool trusted; /* the owner's wish */
	bool own;     /* telltale wrote it */
	bool journal; /* raw is there */
	bool cut;     /* a field was over memory's limit, and is not in raw */
	struct tell_raw_field raw[TELL_ENTRY_RAW_MAX];
	size_t n_raw;
	uint64_t realtime_us; /* the journal's */

	struct tell_buf memory; /* what the pointers above point to */
	struct tell_input line;
	struct tell_field *fields; /* scratch */
	struct tell_journal_names names;
	uint64_t serial; /* how many were loaded from journals */
	/* Of the entry: where in raw each part is, TELL_ENTRY_RAW_MAX: nowhere. */
	uint32_t parts[TELL_JOURNAL_N_PARTS];
	struct sd_journal *where;
};

int tell_entry_init(struct tell_entry *e);
void tell_entry_done(struct tell_entry *e);

static inline uint64_t tell_entry_time(const struct tell_entry *e)
{
	return e->record.head->realtime_ns;
}

/* The value of a journal's field by its journal name; NULL when it is not there. */
const struct tell_raw_field *tell_entry_raw(const struct tell_entry *e, const char *name);

/* From a line of a file. What is no JSON object becomes a message of level info at
 * time_ns. 0 or -ENOMEM. */
int tell_entry_from_line(
	struct tell_entry *e, const char *line, size_t len, uint64_t time_ns);

/* The same of a part of a journal's entry. */
static inline const struct tell_raw_field *tell_entry_part(
	const struct tell_entry *e, enum tell_journal_part which)
{
	uint32_t i = e->parts[which];
	return i < TELL_ENTRY_RAW_MAX ? &e->raw[i] : NULL;
}

struct sd_journal;

/* From a journal's current entry, which it stays until the journal moves on. 0 or a negative
 * errno. */
int tell_entry_from_journal(struct tell_entry *e, struct sd_journal *j);

/* Of that: the journal's cursor, which the caller frees, NULL when there is none; and when it
 * came by the clock since the boot, 0 when not known. Both are costly to ask. */
char *tell_entry_cursor(const struct tell_entry *e);
uint64_t tell_entry_monotonic_us(const struct tell_entry *e);

/* The record's place, from strings; used by the two above. */
void tell_entry_place(struct tell_entry *e, const char *file, uint32_t line,
	const char *func, const char *logger);

/* "<run>.<lane>.<n>" into the head; false when it is none. */
bool tell_entry_seq(struct tell_head *h, const char *text, size_t len);

/* "span", "event", ... into the head. */
void tell_entry_kind(struct tell_head *h, const char *word, size_t len);
