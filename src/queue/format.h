#pragma once
#include <stdint.h>
#include "base/ticks.h"

/* The ring's file: what calls left in memory for the service thread, readable by another
 * process when this one is gone, whatever killed it.
 *
 * Shape:   a head of whole pages, then chunks of whole pages in the order they were made:
 *          lanes (a thread's ring of records) and dictionaries (the names and places that
 *          records know by number). No pointer is in it; all in the host's byte order,
 *          which `order` shows. Everything is written before the word that makes it count
 *          (n_chunks, head, used) is, so that there is no half of anything.
 * Life:    made by a service in a directory of memory (tmpfs), 0600, locked (fcntl) and
 *          removed when all of it was delivered. A file whose lock is free and whose
 *          process is gone is an orphan, and its records are someone's to deliver.
 * Reading: a file is another's word: every number is checked before use (queue/orphan.c).
 * Threads: a lane has one writer and one reader at a time; the rest one writer. */
#define TELL_RING_MAGIC	       "TELLRING"
#define TELL_RING_VERSION      1
#define TELL_RING_ORDER	       UINT32_C(0x01020304)
#define TELL_RING_PAGE	       4096
#define TELL_RING_LANES	       68
#define TELL_RING_NESTED       4 /* of the lanes, with the highest numbers: of handlers */
#define TELL_RING_LANE_MOST    ((uint32_t)16 << 20)
#define TELL_RING_NESTED_BYTES ((uint32_t)16 << 10) /* of one of those */
#define TELL_RING_CHUNKS       128
#define TELL_RING_DICT_BYTES   ((uint64_t)64 << 10)
#define TELL_RING_SUFFIX       ".ring"

enum tell_chunk_kind {
	TELL_CHUNK_LANE = 1,
	TELL_CHUNK_DICT = 2,
};

struct tell_chunk {
	uint32_t kind;	 /* enum tell_chunk_kind */
	uint32_t number; /* of a lane: 1 to TELL_RING_LANES, the <lane> of TELL_SEQ */
	uint64_t offset, bytes;
};

struct tell_ring_head {
	char magic[8];
	uint32_t version, order;
	uint32_t head_bytes; /* where chunks begin */
	uint32_t lane_bytes; /* of a thread's lane, see tell_ring_lane_bytes() */
	uint32_t pid, uid;
	uint64_t
		pid_start; /* /proc/PID/stat field 22: two processes of one number differ */
	uint64_t pid_space; /* inode of the pid namespace in which pid means something */
	uint64_t made_ns;   /* realtime */
	struct tell_tick_pair
		pairs[2]; /* what ticks mean, renewed by the reader each second */
	char service[72];
	uint32_t n_chunks; /* atomic: those before it are whole */
	struct tell_chunk chunks[TELL_RING_CHUNKS];
};

/* The ring of a lane with this number, in bytes: a power of two. */
static inline uint32_t tell_ring_lane_bytes(uint32_t lane_bytes, uint32_t number)
{
	return number > TELL_RING_LANES - TELL_RING_NESTED ? TELL_RING_NESTED_BYTES
							   : lane_bytes;
}

/* A lane: this head, then its ring. Offsets count bytes ever written; the place
 * in the ring is the offset modulo its size. */
struct tell_lane_head {
	uint64_t head; /* atomic: published up to here */
	uint64_t unused[7];
	uint64_t tail; /* atomic: delivered up to here */
	uint64_t unused_too[7];
};

/* An entry lies in one piece, 8-byte aligned: this, then a record block (record/record.h)
 * of bytes - 8 bytes; or filling up to the ring's end. */
struct tell_entry {
	uint32_t bytes; /* this head included; a multiple of 8 */
	uint32_t kind;	/* enum tell_entry_kind */
};
enum tell_entry_kind {
	TELL_ENTRY_RECORD = 1,
	TELL_ENTRY_PAD = 2,
};

/* A dictionary: `used` bytes of words behind this. */
struct tell_dict_head {
	uint64_t used; /* atomic */
};

/* One word, padded to 8: of a key its name; of a place file, func and logger, one behind
 * the other; a form belongs to the place before it with the same id. */
struct tell_word {
	uint32_t bytes; /* with this head and the padding */
	uint8_t kind;	/* enum tell_word_kind */
	uint8_t file_len, func_len, logger_len;
	uint32_t id; /* what records say; of a key below TELL_KEYS_MAX */
	uint32_t line;
	uint16_t key_len; /* of a form, too */
	uint16_t unused[3];
};
enum tell_word_kind {
	TELL_WORD_KEY = 1,
	TELL_WORD_PLACE = 2,
	TELL_WORD_FORM = 3,
};
