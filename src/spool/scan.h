#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "spool/format.h"

/* The whole entries of a segment, one after the other, whatever lies between them.
 *
 * Salvage: where no whole entry is, the next place that has one is looked for, byte by byte. So
 *          a record is lost when one of its own bytes is, and no other with it.
 * End:     what is not whole at the file's end is left: it may still be written to. The next
 *          call looks there again.
 * Limits:  memory is one entry's, at least 64 KiB; sums that led to nothing may read
 *          eight times the file, beyond that only entries up to 64 KiB are found in damage.
 * Threads: one owner at a time. */
struct tell_scan {
	int fd; /* borrowed */
	uint32_t salt;
	uint64_t from;	 /* offset of what is in bytes */
	uint64_t offset; /* where to look next */
	struct tell_buf bytes;
	uint64_t in_vain; /* bytes summed for nothing */
	uint64_t skipped; /* bytes between whole entries */
};

/* A zeroed one may be ended. */
void tell_scan_begin(struct tell_scan *s, int fd, uint32_t salt, uint64_t offset);
void tell_scan_done(struct tell_scan *s);

/* The next whole entry, good until the next call: its bytes; 0: none; or -errno. */
long tell_scan_next(struct tell_scan *s, const void **ret_entry);
