#include "metric/told.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/hash.h"

#define FIRST	  64
#define NAMES_MAX ((size_t)64 << 10)

void tell_told_init(struct tell_told *t)
{
	*t = (struct tell_told){ 0 };
	tell_buf_init(&t->text, NAMES_MAX);
	/* Without randomness the hash is still one, only not secret. */
	(void)!getrandom(t->key, sizeof(t->key), GRND_NONBLOCK);
}

void tell_told_done(struct tell_told *t)
{
	free(t->rows);
	tell_buf_done(&t->text);
	*t = (struct tell_told){ 0 };
}

void tell_told_forget(struct tell_told *t)
{
	if (t->rows)
		memset(t->rows, 0, t->cap * sizeof(*t->rows));
	t->n = 0;
}

static struct tell_told_row *find(struct tell_told_row *rows, size_t cap, uint64_t hash)
{
	size_t i = hash & (cap - 1);
	while (rows[i].hash && rows[i].hash != hash)
		i = (i + 1) & (cap - 1);
	return &rows[i];
}

/* Never more than half full. */
static bool grow(struct tell_told *t)
{
	if (2 * (t->n + 1) <= t->cap)
		return true;
	if (t->n >= TELL_TOLD_MAX)
		return false;
	size_t cap = t->cap ? 2 * t->cap : FIRST;
	struct tell_told_row *rows = calloc(cap, sizeof(*rows));
	if (!rows)
		return false;
	for (size_t i = 0; i < t->cap; i++)
		if (t->rows[i].hash)
			*find(rows, cap, t->rows[i].hash) = t->rows[i];
	free(t->rows);
	t->rows = rows;
	t->cap = cap;
	return true;
}

/* Each text with the NUL behind it, so that they cannot be confused. */
static void put(struct tell_buf *out, const char *s)
{
	tell_buf_put(out, s, strlen(s) + 1);
}

struct tell_told_row *tell_told_row(struct tell_told *t, const char *family,
	const struct tell_label *labels, size_t n)
{
	tell_buf_clear(&t->text);
	put(&t->text, family);
	for (size_t i = 0; i < n; i++) {
		put(&t->text, labels[i].name);
		put(&t->text, labels[i].value);
	}
	if (t->text.cut || !grow(t))
		return NULL;
	uint64_t hash = tell_siphash(t->key, t->text.data, t->text.len);
	hash += hash == 0;
	struct tell_told_row *row = find(t->rows, t->cap, hash);
	t->n += row->hash == 0;
	row->hash = hash;
	return row;
}

void tell_told_set(struct tell_told *t, uint64_t hash, struct tell_reading value)
{
	struct tell_told_row *row = find(t->rows, t->cap, hash);
	if (row->hash == 0)
		return; /* it was forgotten meanwhile */
	row->value = value;
	row->known = true;
}

bool tell_reading_same(struct tell_reading a, struct tell_reading b)
{
	uint64_t x = a.u64, y = b.u64; /* of a double its bits */
	return a.whole == b.whole && x == y;
}
