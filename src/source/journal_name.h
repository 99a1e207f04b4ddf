#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/key.h"

/* The names of a journal's fields, judged once: the same few come in every entry.
 *
 * Shape:   a table by spelling; what was judged stays where it is until the table is emptied.
 * Limit:   TELL_JOURNAL_NAMES_FEW names outlast an entry; with more, all are judged anew.
 * Threads: one owner.
 * Source:  systemd.journal-fields(7); telltale's own as encode/journal.c writes them. */
#define TELL_JOURNAL_NAMES_FEW 1500

/* What a name stands for in a record. */
enum tell_journal_part {
	TELL_JOURNAL_MESSAGE,
	TELL_JOURNAL_TEXT,
	TELL_JOURNAL_PRIORITY,
	TELL_JOURNAL_IDENTIFIER,
	TELL_JOURNAL_FACILITY,
	TELL_JOURNAL_SYSLOG_PID,
	TELL_JOURNAL_TIME,
	TELL_JOURNAL_RECOVERED,
	TELL_JOURNAL_SEQ,
	TELL_JOURNAL_KIND,
	TELL_JOURNAL_FILE,
	TELL_JOURNAL_LINE,
	TELL_JOURNAL_FUNC,
	TELL_JOURNAL_LOGGER, /* a field, unless telltale wrote the entry */
	TELL_JOURNAL_TID,
	TELL_JOURNAL_MESSAGE_ID,
	TELL_JOURNAL_PID,
	TELL_JOURNAL_COMM,
	TELL_JOURNAL_HOSTNAME,
	TELL_JOURNAL_INVOCATION,
	TELL_JOURNAL_N_PARTS,
	TELL_JOURNAL_FIELD = TELL_JOURNAL_N_PARTS, /* the program's */
	TELL_JOURNAL_TRUSTED, /* journald's, that tells something... */
	TELL_JOURNAL_OTHER    /* ...and what is left out */
};

struct tell_journal_name {
	enum tell_journal_part part;
	uint16_t key;	      /* of a field; 0: the name in `lower` tells */
	uint8_t len, n_lower; /* a journal's names have at most 64 bytes */
	uint64_t seen;	      /* the owner's: in which entry last... */
	uint32_t first;	      /* ...and where there */
	char name[TELL_NAME_MAX], lower[TELL_NAME_MAX + 1];
};

struct tell_journal_names {
	struct tell_journal_name **slots;
	size_t n;
};

int tell_journal_names_init(struct tell_journal_names *t);
void tell_journal_names_done(struct tell_journal_names *t);

/* Between two entries: empty it when there are many. */
void tell_journal_names_rest(struct tell_journal_names *t);

/* NULL: no name a journal has, or memory is out. */
struct tell_journal_name *tell_journal_name(
	struct tell_journal_names *t, const char *name, size_t len);
