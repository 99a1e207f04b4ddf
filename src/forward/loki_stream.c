#include "forward/loki_stream.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"

#define SLOTS 16384 /* above TELL_LOKI_STREAMS */

/* ---- sets ---- */

static bool set_open(struct tell_loki_set *set)
{
	set->slots = calloc(SLOTS, sizeof(*set->slots));
	return set->slots != NULL;
}

static void set_clear(struct tell_loki_set *set)
{
	memset(set->slots, 0, SLOTS * sizeof(*set->slots));
	set->n = 0;
}

/* Where it is, or would be. */
static uint64_t *slot_of(const struct tell_loki_set *set, uint64_t hash)
{
	size_t i = hash % SLOTS;
	while (set->slots[i] && set->slots[i] != hash)
		i = (i + 1) % SLOTS;
	return &set->slots[i];
}

static bool set_has(const struct tell_loki_set *set, uint64_t hash)
{
	return *slot_of(set, hash) != 0;
}

static void set_add(struct tell_loki_set *set, uint64_t hash)
{
	uint64_t *slot = slot_of(set, hash);
	if (*slot || set->n == TELL_LOKI_STREAMS)
		return;
	*slot = hash;
	set->n++;
}

/* ---- opening ---- */

int tell_loki_streams_open(struct tell_loki_streams *s, const struct tell_args *args,
	struct tell_refusal *why)
{
	*s = (struct tell_loki_streams){ 0 };
	uint64_t seed[2] = { tell_clock_realtime_ns(), tell_clock_monotonic_ns() };
	memcpy(s->key, seed, sizeof(s->key));
	tell_buf_init(&s->text, 0);
	int r = tell_tenant_open(&s->tenant, args, why);
	if (r == 0)
		r = tell_labels_open(&s->labels, tell_args_text(args, "labels"), why);
	if (r == 0 && (!set_open(&s->known) || !set_open(&s->refused)))
		r = -ENOMEM;
	if (r < 0)
		tell_loki_streams_done(s);
	return r;
}

void tell_loki_streams_done(struct tell_loki_streams *s)
{
	tell_labels_done(&s->labels);
	tell_buf_done(&s->text);
	free(s->known.slots);
	free(s->refused.slots);
	s->known.slots = s->refused.slots = NULL;
}

/* ---- which Loki has ---- */

/* Labels in full or lessened are two streams. */
static uint64_t hash_of(const struct tell_loki_streams *s, const struct tell_batch *b,
	const struct tell_batch_stream *stream)
{
	const char *text = b->streams.data + stream->at;
	struct tell_loki_stream parts;
	tell_loki_stream_at(b, (size_t)(stream - b->list), &parts);
	uint64_t h = stream->lesser ? tell_siphash(s->key, parts.few, strlen(parts.few)) ^
			tell_siphash(s->key, parts.tenant, strlen(parts.tenant) + 1)
				    : tell_siphash(s->key, text, stream->len);
	return h ? h : 1;
}

static uint64_t hash_at(
	const struct tell_loki_streams *s, const struct tell_batch *b, size_t i)
{
	return hash_of(s, b, &b->list[b->entries[i].stream]);
}

void tell_loki_streams_taken(
	struct tell_loki_streams *s, const struct tell_batch *b, size_t from, size_t to)
{
	for (; from < to; from = tell_batch_stream_end(b, from))
		set_add(&s->known, hash_at(s, b, from));
}

bool tell_loki_streams_have(
	const struct tell_loki_streams *s, const struct tell_batch *b, size_t i)
{
	return !set_has(&s->refused, hash_at(s, b, i));
}

static void refuse(struct tell_loki_streams *s, uint64_t hash)
{
	if (s->refused.n == 0)
		s->refused_since_ns = tell_clock_monotonic_ns();
	set_add(&s->refused, hash);
}

/* Some may have gone meanwhile, and made room. */
static void forget_refused(struct tell_loki_streams *s)
{
	if (s->refused.n &&
		tell_clock_monotonic_ns() - s->refused_since_ns >= TELL_LOKI_REFUSED_NS)
		set_clear(&s->refused);
}

/* Streams of which it is not known whether they are there; *ret_refused: others are not. */
static size_t suspects(const struct tell_loki_streams *s, const struct tell_batch *b,
	size_t from, size_t to, bool *ret_refused)
{
	size_t n = 0;
	*ret_refused = false;
	for (; from < to; from = tell_batch_stream_end(b, from)) {
		uint64_t hash = hash_at(s, b, from);
		bool refused = set_has(&s->refused, hash);
		*ret_refused |= refused;
		n += !refused && !set_has(&s->known, hash);
	}
	return n;
}

static bool lessen(const struct tell_loki_streams *s, struct tell_batch *b, size_t stream)
{
	struct tell_loki_stream parts;
	struct tell_batch_stream *own = &b->list[stream];
	tell_loki_stream_at(b, stream, &parts);
	if (own->lesser || !*parts.others || !set_has(&s->refused, hash_of(s, b, own)))
		return false;
	return own->lesser = true;
}

enum tell_streams_next tell_loki_streams_next(struct tell_loki_streams *s,
	struct tell_batch *b, size_t from, size_t to, size_t *ret_n)
{
	bool one = tell_batch_stream_end(b, from) >= to, refused;
	size_t n = suspects(s, b, from, to, &refused);
	if (n == 0 && !refused) { /* it has forgotten some: which rest long go */
		set_clear(&s->known);
		n = suspects(s, b, from, to, &refused);
	}
	if (!one && n > 0 && n <= TELL_LOKI_ASK)
		return TELL_STREAMS_ASK;
	*ret_n = 0;
	for (size_t i = from, end; i < to; i = end) {
		uint64_t hash = hash_at(s, b, i);
		end = tell_batch_stream_end(b, i);
		if (!set_has(&s->known, hash))
			refuse(s, hash);
		*ret_n += lessen(s, b, b->entries[i].stream) ? end - i : 0;
	}
	return *ret_n ? TELL_STREAMS_LESSER : TELL_STREAMS_SETTLED;
}

/* ---- a record's ---- */

static void make_text(
	struct tell_loki_streams *s, const struct tell_parcel *p, bool *ret_astray)
{
	struct tell_buf *text = &s->text;
	tell_buf_clear(text);
	tell_labels_put(&s->labels, p, TELL_LABELS_FEW, text);
	tell_buf_putc(text, '\0');
	tell_labels_put(&s->labels, p, TELL_LABELS_OTHERS, text);
	tell_buf_putc(text, '\0');
	*ret_astray = !tell_tenant_put(&s->tenant, p, text);
	tell_buf_putc(text, '\0');
}

/* The number of the first stream with the same tenant. */
static uint32_t group_of(const struct tell_batch *b, size_t i)
{
	struct tell_loki_stream own, other;
	tell_loki_stream_at(b, i, &own);
	for (size_t k = 0; k < i; k++) {
		tell_loki_stream_at(b, k, &other);
		if (strcmp(own.tenant, other.tenant) == 0)
			return b->list[k].group;
	}
	return (uint32_t)i;
}

int tell_loki_stream_of(struct tell_loki_streams *s, struct tell_batch *b,
	const struct tell_parcel *p, bool *ret_astray)
{
	size_t n = b->n_streams;
	make_text(s, p, ret_astray);
	if (s->text.cut)
		return -ENOMEM;
	int i = tell_batch_stream(b, s->text.data, s->text.len);
	if (i < 0)
		return b->n ? i : -ENOMEM;
	if (b->n_streams > n) {
		b->list[i].group = s->tenant.field ? group_of(b, (size_t)i) : 0;
		forget_refused(s);
		(void)lessen(s, b, (size_t)i);
	}
	return i;
}

void tell_loki_stream_at(
	const struct tell_batch *b, size_t stream, struct tell_loki_stream *ret)
{
	const struct tell_batch_stream *s = &b->list[stream];
	ret->few = b->streams.data + s->at;
	ret->others = ret->few + strlen(ret->few) + 1;
	ret->tenant = ret->others + strlen(ret->others) + 1;
	ret->lesser = s->lesser;
}

void tell_loki_stream_put(const struct tell_loki_stream *s, struct tell_buf *out)
{
	const char *others = s->lesser ? "" : s->others;
	tell_buf_putc(out, '{');
	tell_buf_puts(out, s->few);
	if (*s->few && *others)
		tell_buf_putc(out, ',');
	tell_buf_puts(out, others);
	tell_buf_putc(out, '}');
}
