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

struct tell_sequence *tell_sequences_get(struct tell_sequences *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (memcmp(s->list[i].id, id, TELL_SEQUENCE_ID) == 0)
			return &s->list[i];
	if (s->n == TELL_SEQUENCES_MAX)
		return NULL;
	struct tell_sequence *q = &s->list[s->n++];
	*q = (struct tell_sequence){ 0 };
	memcpy(q->id, id, TELL_SEQUENCE_ID);
	return q;
}

void tell_sequences_forget(struct tell_sequences *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->list[i].head = s->list[i].n = 0; /* a tail that was seen stays true */
}

void tell_sequences_part(struct tell_sequences *s, const struct tell_sequence_part *part)
{
	if (part->head == 0 || part->tail < part->head || part->tail_us < s->begin_us)
		return;
	struct tell_sequence *q = tell_sequences_get(s, part->id);
	if (!q)
		return;
	/* The number is taken before the entry can be found. */
	uint64_t tail = part->online ? part->tail - 1 : part->tail;
	q->tail = tail > q->tail ? tail : q->tail;
	q->n += part->n;
	if (part->head_us >= s->begin_us && (q->head == 0 || part->head < q->head))
		q->head = part->head;
}

bool tell_sequence_leaps(const struct tell_sequence *q, uint64_t number)
{
	return !q->begun || number > q->last + 1;
}

uint64_t tell_sequence_take(struct tell_sequence *q, uint64_t number)
{
	if (!q->begun) {
		bool whole = q->head && q->head <= number;
		q->last = (whole ? q->head : number) - 1;
		q->begun = true;
	}
	if (number <= q->last)
		return 0;
	/* One that no file can have is a damaged number. Of a file that is being written the
	 * last one is not in the tail. */
	if (q->tail && number > q->tail + 1)
		number = q->last + 1;
	uint64_t missing = number - q->last - 1;
	q->last = number;
	return missing;
}

uint64_t tell_sequences_end(struct tell_sequences *s)
{
	uint64_t missing = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct tell_sequence *q = &s->list[i];
		if (!q->begun) {
			missing += q->n;
			q->begun = q->n > 0;
		} else if (q->tail > q->last) {
			missing += q->tail - q->last;
		}
		if (q->begun && q->tail > q->last)
			q->last = q->tail;
	}
	return missing;
}
