/* The series of a family: tell_family_with() and walking them. */
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/utf8.h"
#include "meter/cells.h"
#include "meter/registry.h"

/* A value as it is kept: cut, and only UTF-8, so that two series never look the same. */
static size_t clean(char to[TELL_LABEL_VALUE], const char *value)
{
	size_t n = value ? strnlen(value, TELL_LABEL_VALUE + TELL_UTF8_MAX_BYTES) : 0;
	n = tell_utf8_cut(value, n, TELL_LABEL_VALUE);
	for (size_t at = 0; at < n;) {
		size_t good = tell_utf8_valid(value + at, n - at);
		memcpy(to + at, value + at, good);
		at += good;
		if (at < n)
			to[at++] = '?';
	}
	return n;
}

/* All values of a series behind one another, each with its NUL. */
struct cleaned {
	char text[TELL_LABELS_MAX * (TELL_LABEL_VALUE + 1)];
	size_t len;
};

static void clean_all(struct cleaned *c, const char *const *values, size_t n)
{
	c->len = 0;
	for (size_t i = 0; i < n; i++) {
		c->len += clean(c->text + c->len, values[i]);
		c->text[c->len++] = '\0';
	}
}

static struct tell_series *find(
	struct tell_series *const *bucket, const struct cleaned *c)
{
	struct tell_series *s = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
	for (; s; s = s->next)
		if (s->len == c->len && memcmp(s->values[0], c->text, c->len) == 0)
			return s;
	return NULL;
}

static struct tell_series *series_make(struct tell_family *f, const struct cleaned *c)
{
	struct tell_series *s = calloc(
		1, sizeof(*s) + f->n_labels * sizeof(char *) + c->len);
	if (!s)
		return NULL;
	if (tell_series_init(s, f) < 0) {
		free(s);
		return NULL;
	}
	const char **values = (const char **)(s + 1);
	char *text = (char *)(values + f->n_labels);
	memcpy(text, c->text, c->len);
	for (size_t i = 0; i < f->n_labels; i++) {
		values[i] = text;
		text += strlen(text) + 1;
	}
	s->values = values;
	s->len = c->len;
	return s;
}

static bool is_full(const struct tell_family *f)
{
	return __atomic_load_n(&f->n_series, __ATOMIC_RELAXED) >=
		__atomic_load_n(&f->limit, __ATOMIC_RELAXED);
}

/* The lock is held. */
static struct tell_series *series_add(
	struct tell_family *f, struct tell_series **bucket, const struct cleaned *c)
{
	struct tell_series *s = find(bucket, c);
	if (s || is_full(f) || !(s = series_make(f, c)))
		return s;
	__atomic_store_n(&f->n_series, f->n_series + 1, __ATOMIC_RELAXED);
	s->next = *bucket;
	__atomic_store_n(bucket, s, __ATOMIC_RELEASE);
	__atomic_store_n(&f->last->later, s, __ATOMIC_RELEASE);
	f->last = s;
	return s;
}

/* "other" for each label is the name of the family's own series. */
static bool all_other(const char *const *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!values[i] || strcmp(values[i], TELL_METRIC_OTHER) != 0)
			return false;
	return true;
}

static struct tell_series *look_up(
	struct tell_family *f, const char *const *values, size_t n, bool make)
{
	struct cleaned c __attribute__((uninitialized));
	clean_all(&c, values, n);
	uint32_t hash = tell_hash_bytes(c.text, c.len);
	struct tell_series **bucket = &f->buckets[hash % TELL_SERIES_BUCKETS];
	struct tell_series *s = find(bucket, &c);
	if (s || !make || is_full(f)) /* then nobody waits for the lock */
		return s;
	(void)pthread_mutex_lock(&f->lock); /* a default mutex: no errors */
	s = series_add(f, bucket, &c);
	(void)pthread_mutex_unlock(&f->lock);
	return s;
}

struct tell_series *tell_family_with(
	struct tell_family *f, const char *const *values, size_t n, bool make)
{
	struct tell_series *s = NULL;
	if (n == f->n_labels && all_other(values, n)) {
		__atomic_store_n(&f->meant_other, 1, __ATOMIC_RELAXED);
		return &f->own;
	}
	if (n == f->n_labels)
		s = look_up(f, values, n, make);
	if (s)
		return s;
	__atomic_fetch_add(&f->refused, 1, __ATOMIC_RELAXED);
	return &f->own;
}

struct tell_series *tell_series_next(
	const struct tell_family *f, const struct tell_series *s)
{
	return __atomic_load_n(s ? &s->later : &f->own.later, __ATOMIC_ACQUIRE);
}

bool tell_family_shows_own(const struct tell_family *f)
{
	if (f->n_labels == 0 || __atomic_load_n(&f->refused, __ATOMIC_RELAXED) ||
		__atomic_load_n(&f->meant_other, __ATOMIC_RELAXED))
		return true;
	return (f->kind == TELL_METRIC_COUNTER &&
		       tell_cell_sum(f->own.number.counter.tell__cell) > 0) ||
		(f->kind == TELL_METRIC_HISTOGRAM &&
			tell_histogram_count(&f->own.number.histogram) > 0);
}
