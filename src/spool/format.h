#pragma once
#include <stdint.h>

/* A spool: records that a sink does not have for sure, on a disk, in the order they came.
 *
 * Shape:   a directory (0700) of segments and a file `position`. A segment is a head and then
 *          entries, one a record; its name has the number of its first record and a salt:
 *          0000000000000001-5be0cd19.seg. All in the host's byte order, which `order` shows.
 * Alone:   an entry says all by itself, its field names and its place too, and has a checksum
 *          over all of it that begins with the segment's salt: whatever else of the file is
 *          gone, it is found and told from text of a record that only looks like one.
 * Numbers: each record of a spool has the next one, so that a gap is a loss that can be
 *          counted. `position` says up to which they are delivered, twice, so that one
 *          half-written slot is none; without it all that is there is delivered again.
 * Life:    a segment goes when the position behind it is written.
 * Reading: a file is another's word: every number is checked before use (spool/scan.c).
 * Source:  FAULTS.md, lessons (1) to (4); RFC 3720 for the checksum. */
#define TELL_SPOOL_MAGIC      "TELLSPOL"
#define TELL_SPOOL_VERSION    1
#define TELL_SPOOL_ORDER      UINT32_C(0x01020304)
#define TELL_SPOOL_ENTRY      UINT32_C(0x52a7e55f) /* no text has these four bytes */
#define TELL_SPOOL_ENTRY_MAX  ((uint32_t)5 << 20)  /* a record of 4 MiB, and its names */
#define TELL_SPOOL_SUFFIX     ".seg"
#define TELL_SPOOL_NAME_CHARS 29 /* 16 hex, '-', 8 hex, ".seg" */
#define TELL_SPOOL_POSITION   "position"

struct tell_segment_head {
	char magic[8];
	uint32_t version, order;
	uint64_t first;	  /* number of the first record */
	uint64_t made_ns; /* realtime */
	char service[72];
	uint32_t salt, crc; /* crc: of all before it */
	uint64_t unused[2];
};

/* In front of an entry's parts: file, func and logger one behind the other, padded to 8;
 * then a record block (record/record.h) whose names are all in it. */
struct tell_spool_entry {
	uint32_t magic;
	uint32_t crc;	/* of the salt and all behind this word */
	uint32_t bytes; /* with this head; a multiple of 8 */
	uint32_t line;
	uint64_t number;
	uint8_t file_len, func_len, logger_len, unused[5];
};

/* Which process has the spool, and how far it is. */
struct tell_spool_slot {
	char magic[8];
	uint64_t turn; /* the slot with the higher one holds */
	uint64_t next; /* number of the first record that is not delivered for sure */
	uint64_t pid_start, pid_space;
	uint32_t pid;
	uint32_t crc; /* of all before it */
};
