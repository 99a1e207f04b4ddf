#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "record/record.h"
#include "spool/format.h"

/* A record as it lies in a spool, where no dictionary is: made, and read again.
 *
 * Shape:   numbers of keys become names in the record, but for the message and the service,
 *          which are parts of the record; the place becomes text.
 * Threads: pure but for the tables of keys and places. */

/* Append the record's entry to out; it has gone through redaction. False: it is longer than
 * TELL_SPOOL_ENTRY_MAX, or memory is out; out is as before. */
bool tell_spool_entry_put(struct tell_buf *out, const struct tell_record *r,
	uint64_t number, uint32_t salt);

/* Is what lies there an entry, whole? Its bytes, or 0. */
size_t tell_spool_entry_check(const void *at, size_t len, uint32_t salt);

/* The block of an entry that was checked, with this process's numbers, into out (cleared
 * first), where it is aligned to 8. 0; -EBADMSG: no record; -ENOMEM. */
int tell_spool_entry_read(struct tell_buf *out, const void *entry);
