#include "source/sequence.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_HEAD	    "s="
#define NUMBER_HEAD ";i="

bool tell_sequence_of(
	const char *cursor, char id[TELL_SEQUENCE_ID + 1], uint64_t *ret_number)
{
	const char *hex = cursor + strlen(ID_HEAD);
	char *end;
	if (strncmp(cursor, ID_HEAD, strlen(ID_HEAD)) != 0 ||
		strspn(hex, "0123456789abcdef") != TELL_SEQUENCE_ID ||
		strncmp(hex + TELL_SEQUENCE_ID, NUMBER_HEAD, strlen(NUMBER_HEAD)) != 0)
		return false;
	uint64_t number = strtoull(
		hex + TELL_SEQUENCE_ID + strlen(NUMBER_HEAD), &end, 16);
	if (number == 0 || *end != ';')
		return false;
	memcpy(id, hex, TELL_SEQUENCE_ID);
	id[TELL_SEQUENCE_ID] = '\0';
	*ret_number = number;
	return true;
}

struct tell_sequence *tell_sequences_find(struct tell_sequences *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (memcmp(s->list[i].id, id, TELL_SEQUENCE_ID) == 0)
			return &s->list[i];
	return NULL;
}

/* The caller has seen that there is room for one more. */
static struct tell_sequence_writer *writer_of(struct tell_sequences *s, uint64_t key)
{
	for (size_t i = 0; key && i < s->n_writers; i++)
		if (s->writers[i].key == key)
			return &s->writers[i];
	struct tell_sequence_writer *w = &s->writers[s->n_writers++];
	*w = (struct tell_sequence_writer){ .key = key };
	return w;
}

static struct tell_sequence *make(struct tell_sequences *s, const char *id, uint64_t key)
{
	if (s->n == TELL_SEQUENCES_MAX || s->n_writers == TELL_SEQUENCES_MAX)
		return NULL;
	struct tell_sequence *q = &s->list[s->n++];
	*q = (struct tell_sequence){ .writer = writer_of(s, key) };
	memcpy(q->id, id, TELL_SEQUENCE_ID);
	return q;
}

struct tell_sequence *tell_sequences_get(struct tell_sequences *s, const char *id)
{
	struct tell_sequence *q = tell_sequences_find(s, id);
	return q ? q : make(s, id, s->n_writers == 1 ? s->writers[0].key : 0);
}

void tell_sequences_forget(struct tell_sequences *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->list[i].n = 0; /* a tail that was seen stays true */
	for (size_t i = 0; i < s->n_writers; i++) {
		s->writers[i].head = 0;
		s->writers[i].closed = false;
	}
}

void tell_sequences_closed(struct tell_sequences *s, uint64_t writer)
{
	if (writer && s->n_writers < TELL_SEQUENCES_MAX)
		writer_of(s, writer)->closed = true;
}

void tell_sequences_part(struct tell_sequences *s, const struct tell_sequence_part *part)
{
	if (part->head == 0 || part->tail < part->head)
		return;
	struct tell_sequence *q = tell_sequences_find(s, part->id);
	if (!q)
		q = make(s, part->id, part->writer);
	if (!q)
		return;
	/* The number is taken before the entry can be found. */
	uint64_t tail = part->online ? part->tail - 1 : part->tail;
	q->tail = tail > q->tail ? tail : q->tail;
	struct tell_sequence_writer *w = q->writer;
	if (part->tail_us < s->begin_us) {
		w->older = part->tail > w->older ? part->tail : w->older;
		return;
	}
	q->n += part->n;
	if (part->head_us >= s->begin_us && (w->head == 0 || part->head < w->head))
		w->head = part->head;
}

void tell_sequence_begin(struct tell_sequence *q, uint64_t number)
{
	q->writer->begun = true;
	q->writer->anew = q->writer->older > number;
	q->writer->last = q->last = number;
}

bool tell_sequence_leaps(const struct tell_sequence *q, uint64_t number)
{
	const struct tell_sequence_writer *w = q->writer;
	return !w->begun || (!w->closed && number > w->last + 1);
}

/* The last number that any file of the writer has; 0: not known. */
static uint64_t tail_of(
	const struct tell_sequences *s, const struct tell_sequence_writer *w)
{
	uint64_t tail = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].writer == w && s->list[i].tail > tail)
			tail = s->list[i].tail;
	return tail;
}

/* A writer's first entry. */
static void begin(struct tell_sequence_writer *w, uint64_t number)
{
	bool whole = w->head && w->head <= number;
	w->last = (whole ? w->head : number) - 1;
	w->begun = true;
}

uint64_t tell_sequence_take(
	struct tell_sequences *s, struct tell_sequence *q, uint64_t number)
{
	struct tell_sequence_writer *w = q->writer;
	const uint64_t before = q->last;
	if (!w->begun)
		begin(w, number);
	/* One that no file can have is a damaged number. Of a file that is being written the
	 * last one is not in the tail. */
	uint64_t tail = number > w->last + 1 ? tail_of(s, w) : 0;
	if (tail && number > tail + 1)
		number = w->last + 1;
	q->last = number > before ? number : before;
	if (number <= w->last) {
		w->anew |= before == 0;
		w->last = before == 0 ? number : w->last;
		return 0;
	}
	bool own = number == before + 1 && before; /* of its file, not of the writer */
	bool known = !w->closed && !own && !(w->anew && before == 0);
	uint64_t missing = known ? number - w->last - 1 : 0;
	w->last = number;
	return missing;
}

/* Of a sequence: behind the last of its writer's. */
static uint64_t end_of(struct tell_sequence *q)
{
	struct tell_sequence_writer *w = q->writer;
	uint64_t missing = 0;
	if (q->tail > q->last && q->n && q->tail > w->last) {
		missing = q->tail - w->last;
		w->last = q->tail;
	}
	q->last = q->tail > q->last ? q->tail : q->last;
	return missing;
}

uint64_t tell_sequences_end(struct tell_sequences *s)
{
	uint64_t missing = 0;
	bool begun[TELL_SEQUENCES_MAX];
	for (size_t i = 0; i < s->n_writers; i++)
		begun[i] = s->writers[i].begun;
	for (size_t i = 0; i < s->n; i++) {
		struct tell_sequence *q = &s->list[i];
		uint64_t behind = end_of(q);
		/* Of a writer nothing of which came it is known what its files have. */
		if (!q->writer->closed)
			missing += begun[q->writer - s->writers] ? behind : q->n;
		q->writer->begun |= q->n > 0;
	}
	return missing;
}
