#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which entries of a journal should be there. Who writes it numbers them, one by one over all
 * of its files, and each file's head says where its own numbers begin and end. A number that
 * no entry came with is an entry that is gone, or that cannot be read: at most one, for a write
 * that failed uses up a number, too.
 *
 * Shape:   a sequence for each id that a cursor or a file's head has: a file and those it was
 *          rotated to. journald has several, the system's and each user's, and they share the
 *          numbers. Of more than TELL_SEQUENCES_MAX nothing is counted.
 * Anew:    a journald that could not read its last file begins again with 1; as soon as a file of
 *          before is written, all go on from that one's numbers.
 * Threads: one owner.
 * Source:  systemd.io/JOURNAL_FILE_FORMAT, "Sequence Numbers"; journal_file_entry_seqnum(). */
#define TELL_SEQUENCES_MAX 256
#define TELL_SEQUENCE_ID   32 /* hex digits */

struct tell_sequence_writer {
	uint64_t key;  /* of those that share it; 0: it has one sequence */
	bool begun;    /* entries of it were read, or given up */
	bool anew;     /* it began to count anew */
	bool closed;   /* some of its files are others': what is in them is not missing */
	uint64_t last; /* all up to this one came, or were counted */
	uint64_t older; /* the last of files that end before the begin */
	uint64_t head;	/* the first that is wanted, by the files' heads; 0: not known */
};

struct tell_sequence {
	char id[TELL_SEQUENCE_ID + 1];
	struct tell_sequence_writer *writer;
	uint64_t last; /* that came; 0: none yet */
	/* What the heads say: the last number, and how many entries are in files that end behind
	 * the begin. */
	uint64_t tail, n;
};

struct tell_sequences {
	struct tell_sequence list[TELL_SEQUENCES_MAX];
	struct tell_sequence_writer writers[TELL_SEQUENCES_MAX];
	size_t n, n_writers;
	uint64_t begin_us; /* what is older is not wanted */
};

/* The head of a file. */
struct tell_sequence_part {
	char id[TELL_SEQUENCE_ID + 1];
	uint64_t writer; /* as tell_sequence_writer's key */
	uint64_t head, tail,
		n; /* its first and last number, and how many it has of them */
	uint64_t head_us, tail_us;
	bool online; /* its last number may be of an entry that is being written */
};

/* A cursor's id and number. False: it has none. */
bool tell_sequence_of(
	const char *cursor, char id[TELL_SEQUENCE_ID + 1], uint64_t *ret_number);

/* The sequence of that id; NULL: it is not known. */
struct tell_sequence *tell_sequences_find(struct tell_sequences *s, const char *id);

/* The same, when the heads are known: one that none of them has is made, of the one writer that
 * there is, if there is one. NULL: there are too many. */
struct tell_sequence *tell_sequences_get(struct tell_sequences *s, const char *id);

/* What the heads said is asked anew: forget, then hand in each. */
void tell_sequences_forget(struct tell_sequences *s);
void tell_sequences_part(struct tell_sequences *s, const struct tell_sequence_part *part);

/* A file of that writer may not be read by this user, who has only his own: the numbers of
 * the others say nothing, and nothing of the writer is counted. 0: it shares them with none. */
void tell_sequences_closed(struct tell_sequences *s, uint64_t writer);

/* It goes on behind that number. */
void tell_sequence_begin(struct tell_sequence *q, uint64_t number);

/* Does it not follow the one before? Then the heads should be known anew, and take() asked. */
bool tell_sequence_leaps(const struct tell_sequence *q, uint64_t number);

/* An entry came: how many are missing right before it. */
uint64_t tell_sequence_take(
	struct tell_sequences *s, struct tell_sequence *q, uint64_t number);

/* There is no more for now: how many are missing behind the last that came. The heads are older
 * than the look for more. */
uint64_t tell_sequences_end(struct tell_sequences *s);
