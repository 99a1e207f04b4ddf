#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "base/buf.h"
#include "record/record.h"
#include "decode/input.h"

/* One record as `query` found it, in a journal or in a file of lines: the record, who made
 * it, and what only a journal knows.
 *
 * Shape:   everything lives in the entry's own memory until the next load.
 * Types:   a journal keeps text only. In records of telltale (they have TELL_SEQ) a text
 *          that is a number, true, false or null in its one canonical spelling has that
 *          type again; in other programs' records all values stay text.
 * Names:   the exits' own (systemd.journal-fields(7), DESIGN 5) become parts of the head;
 *          trusted ones ("_UID") are in `raw` alone.
 * Threads: one owner. */
#define TELL_ENTRY_RAW_MAX                                                               \
	2048 /* journald keeps 1024 fields an entry, and adds its own */

struct tell_raw_field {
	const char *name, *value;
	size_t name_len, len;
};

struct tell_entry {
	struct tell_record record;
	struct tell_identity who;
	bool own;     /* telltale wrote it */
	bool journal; /* raw and cursor are there */
	struct tell_raw_field raw[TELL_ENTRY_RAW_MAX];
	size_t n_raw;
	uint64_t realtime_us, monotonic_us; /* the journal's */
	char *cursor;			    /* NULL: not known */

	struct tell_buf memory; /* what the pointers above point to */
	struct tell_input line;
	struct tell_field *fields; /* scratch */
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

struct sd_journal;

/* From a journal's current entry. 0 or a negative errno. */
int tell_entry_from_journal(struct tell_entry *e, struct sd_journal *j);

/* The record's place, from strings; used by the two above. */
void tell_entry_place(struct tell_entry *e, const char *file, uint32_t line,
	const char *func, const char *logger);

/* "<run>.<lane>.<n>" into the head; false when it is none. */
bool tell_entry_seq(struct tell_head *h, const char *text, size_t len);

/* "span", "event", ... into the head. */
void tell_entry_kind(struct tell_head *h, const char *word, size_t len);
