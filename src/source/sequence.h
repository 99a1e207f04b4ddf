#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which entries of a journal should be there. Who writes it numbers them, one by one over all
 * of its files, and each file's head says where its own numbers begin and end. A number that
 * no entry came with is an entry that is gone, or that cannot be read: at most one, for a write
 * that failed uses up a number, too.
 *
 * Shape:   a sequence for each id that a cursor or a file's head has; of more than
 *          TELL_SEQUENCES_MAX nothing is counted.
 * Threads: one owner.
 * Source:  systemd.io/JOURNAL_FILE_FORMAT, "Sequence Numbers". */
#define TELL_SEQUENCES_MAX 64
#define TELL_SEQUENCE_ID   32 /* hex digits */

struct tell_sequence {
	char id[TELL_SEQUENCE_ID + 1];
	bool begun;    /* entries of it were read, or given up */
	uint64_t last; /* all up to this one came, or were counted */
	/* What the files' heads say: the first that is wanted, 0: not known; the last; and how
	 * many there are in files that end behind the begin. */
	uint64_t head, tail, n;
};

struct tell_sequences {
	struct tell_sequence list[TELL_SEQUENCES_MAX];
	size_t n;
	uint64_t begin_us; /* what is older is not wanted */
};

/* The head of a file. */
struct tell_sequence_part {
	char id[TELL_SEQUENCE_ID + 1];
	uint64_t head, tail,
		n; /* its first and last number, and how many it has of them */
	uint64_t head_us, tail_us;
	bool online; /* its last number may be of an entry that is being written */
};

/* A cursor's id and number. False: it has none. */
bool tell_sequence_of(
	const char *cursor, char id[TELL_SEQUENCE_ID + 1], uint64_t *ret_number);

/* The sequence of that id, which is made; NULL: there are too many. */
struct tell_sequence *tell_sequences_get(struct tell_sequences *s, const char *id);

/* What the heads said is asked anew: forget, then hand in each. */
void tell_sequences_forget(struct tell_sequences *s);
void tell_sequences_part(struct tell_sequences *s, const struct tell_sequence_part *part);

/* Does it not follow the one before? Then the heads should be known anew, and take() asked. */
bool tell_sequence_leaps(const struct tell_sequence *q, uint64_t number);

/* An entry came: how many are missing right before it. */
uint64_t tell_sequence_take(struct tell_sequence *q, uint64_t number);

/* There is no more for now: how many are missing behind the last that came. The heads are older
 * than the look for more. */
uint64_t tell_sequences_end(struct tell_sequences *s);
