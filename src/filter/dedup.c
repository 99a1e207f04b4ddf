#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/hash.h"
#include "filter/module.h"
#include "filter/repeats.h"
#include "record/place.h"
#include "record/record.h"

/* filter dedup: success for the first of equal records, denied for those that follow within
 * the window; a sum says how often it was repeated, and from when until when.
 *
 * Equal:   site, level, service and what by= names, by a keyed hash of 64 bits.
 * The sum: has the message of the record and its place, so that who looks for the one finds
 *          the other; redaction reads it once more, as it has not read this one.
 * Threads: see struct tell_repeats. */
#define SWEEP_NS   TELL_NS_PER_SEC /* how often sums are looked for, in longer windows */
#define FIELDS_MAX 16

enum by { BY_ALL, BY_OWN, BY_FIELDS };

struct dedup {
	struct tell_repeats *repeats;
	enum by by;
	size_t n_fields;
	struct tell_key fields[FIELDS_MAX];
	uint8_t secret[16];
	uint64_t sweep_ns;
};

static const struct tell_option options[] = {
	{ "window", TELL_OPTION_DURATION, "30s", NULL,
		"how long equal records are held back after the first", false },
	{ "by", TELL_OPTION_TEXT, "all", NULL,
		"what is equal: all, own (no fields of scopes), or names: message,user",
		false },
	{ 0 },
};

/* ---- what is equal ---- */

struct digest {
	const uint8_t *secret;
	uint64_t words[4]; /* so far, name, type and length, value */
};

static void digest_field(struct digest *d, const struct tell_value *v)
{
	/* A number of the dictionary is a name's for good; the others begin above them. */
	d->words[1] = v->key != TELL_KEY_INLINE
		? v->key
		: tell_siphash(d->secret, v->name, v->name_len) | UINT64_C(1) << 63;
	d->words[2] = (uint64_t)v->type << 32 | v->len;
	d->words[3] = 0;
	if (v->len <= sizeof(d->words[3]))
		memcpy(&d->words[3], v->data, v->len);
	else
		d->words[3] = tell_siphash(d->secret, v->data, v->len);
	d->words[0] = tell_siphash(d->secret, d->words, sizeof(d->words));
}

static bool counts(const struct dedup *d, const struct tell_value *v)
{
	if (v->key == TELL_KEY_SERVICE)
		return false; /* counted anyway */
	if (v->flags &
		TELL_SLOT_ADDED) /* of a host, of a process: nothing of the record */
		return false;
	return d->by == BY_ALL || !(v->flags & TELL_SLOT_SCOPE);
}

static void digest_named(
	const struct dedup *d, struct digest *sum, const struct tell_record *r)
{
	struct tell_value v;
	for (size_t i = 0; i < d->n_fields; i++)
		if (tell_record_get(r, d->fields[i].name, d->fields[i].len, &v))
			digest_field(sum, &v);
}

static uint64_t key_of(const struct dedup *d, const struct tell_record *r)
{
	const struct tell_head *h = r->head;
	struct digest sum = { d->secret, { (uint64_t)h->place << 8 | h->level } };
	struct tell_value v;
	const char *service;
	size_t len;
	if (tell_record_named(r, &service, &len))
		sum.words[0] ^= tell_siphash(d->secret, service, len);
	if (d->by == BY_FIELDS) {
		digest_named(d, &sum, r);
	} else {
		for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
			if (counts(d, &v))
				digest_field(&sum, &v);
	}
	return sum.words[0] ? sum.words[0] : 1;
}

/* ---- saying ---- */

static bool say_text(struct tell_run *run, const struct tell_repeat *r, bool own,
	const char *text, size_t len)
{
	const struct tell_sum sum = {
		.level = r->level,
		.cause = "dedup",
		.name = "repeated",
		.n = r->n,
		.first_ns = r->first_ns,
		.last_ns = r->last_ns,
		.own = own,
		.place = r->place,
		.text = text,
		.len = len,
	};
	return tell_note_sum(run, &sum);
}

static bool say(struct tell_run *run, const struct tell_repeat *r)
{
	const struct tell_place *place = tell_place(r->place);
	char text[TELL_SUM_BYTES];
	if (r->whole && r->len)
		return say_text(run, r, false, r->text, r->len);
	int n = snprintf(text, sizeof(text), "a record made at %.50s:%u was repeated",
		place->file_len ? place->file : "an unknown place", place->line);
	return say_text(run, r, true, text, (size_t)n); /* fits */
}

/* The stack ends: what has no room for a sum of its own is one together. */
static void say_rest(struct dedup *d, struct tell_run *run)
{
	static const char text[] = "further records were repeated";
	struct tell_repeat r, rest = { .level = TELL_NOTICE };
	for (size_t pos = 0; tell_repeats_take(d->repeats, &pos, 0, true, &r);) {
		if (!rest.n || r.first_ns < rest.first_ns)
			rest.first_ns = r.first_ns;
		if (r.last_ns > rest.last_ns)
			rest.last_ns = r.last_ns;
		if (r.level < rest.level)
			rest.level = r.level;
		rest.n += r.n;
	}
	if (rest.n)
		(void)say_text(run, &rest, true, text, sizeof(text) - 1);
}

#define APART 2 /* sums at the end before the rest is one: others want to speak, too */

static void say_due(struct dedup *d, struct tell_run *run, uint64_t now_ns)
{
	struct tell_repeat r;
	size_t pos = 0, n = 0;
	while ((!run->last || n < APART) &&
		tell_repeats_take(d->repeats, &pos, now_ns, run->last, &r)) {
		if (!say(run, &r)) {
			tell_repeats_untake(d->repeats, pos, &r);
			break;
		}
		n++;
	}
	if (run->last)
		say_rest(d, run);
}

static int flush_dedup(void *state, struct tell_run *run)
{
	struct dedup *d = state;
	if (__atomic_load_n(&d->repeats->unsaid, __ATOMIC_RELAXED))
		say_due(d, run, tell_clock_monotonic_ns());
	return 0;
}

static void sweep(struct dedup *d, struct tell_run *run, uint64_t now_ns)
{
	uint64_t due_ns = __atomic_load_n(&d->sweep_ns, __ATOMIC_RELAXED);
	uint64_t window_ns = d->repeats->window_ns;
	uint64_t next_ns = now_ns + (window_ns < SWEEP_NS ? window_ns : SWEEP_NS);
	if (now_ns < due_ns ||
		!__atomic_compare_exchange_n(&d->sweep_ns, &due_ns, next_ns, false,
			__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	say_due(d, run, now_ns);
}

/* ---- the module ---- */

static enum tell_verdict run_dedup(void *state, struct tell_run *run)
{
	struct dedup *d = state;
	const struct tell_head *h = run->record->head;
	struct tell_saying s = {
		.key = key_of(d, run->record),
		.now_ns = tell_clock_tick_ns(),
		.realtime_ns = h->realtime_ns,
		.place = h->place,
		.level = h->level,
	};
	if (__atomic_load_n(&d->repeats->unsaid, __ATOMIC_RELAXED))
		sweep(d, run, s.now_ns);
	s.text = tell_record_text(run->record, &s.len);
	return tell_repeats_is(d->repeats, &s) ? TELL_DENIED : TELL_SUCCESS;
}

static int read_names(struct dedup *d, const char *by, struct tell_refusal *why)
{
	d->by = BY_FIELDS;
	while (*by) {
		size_t n = strcspn(by, ",");
		if (d->n_fields == FIELDS_MAX)
			return tell_refuse(
				why, -EINVAL, "by", "name at most 16", "too many names");
		if (n == 0 || (n == 3 && strncmp(by, "all", 3) == 0) ||
			(n == 3 && strncmp(by, "own", 3) == 0))
			return tell_refuse(why, -EINVAL, "by",
				"write all, own, or names such as message,user",
				"an empty name, or all or own among others");
		struct tell_key *key = &d->fields[d->n_fields++];
		if (n == 7 && strncmp(by, "message", 7) == 0)
			*key = (struct tell_key){ .name = "message", .len = 7 };
		else
			(void)tell_key_make(key, by, n);
		by += n + (by[n] == ',');
	}
	return 0;
}

static int read_by(
	struct dedup *d, const struct tell_args *args, struct tell_refusal *why)
{
	const char *by = tell_args_text(args, "by");
	if (strcmp(by, "all") == 0 || strcmp(by, "own") == 0) {
		d->by = *by == 'a' ? BY_ALL : BY_OWN;
		return 0;
	}
	if (!*by || by[strlen(by) - 1] == ',')
		return tell_refuse(why, -EINVAL, "by",
			"write all, own, or names such as message,user",
			"a name is missing");
	return read_names(d, by, why);
}

static void close_dedup(void *state)
{
	struct dedup *d = state;
	free(d->repeats);
	free(d);
}

/* Early at boot the kernel may have no random numbers yet: do not wait for them. */
static void draw_secret(uint8_t secret[16])
{
	if (getrandom(secret, 16, GRND_NONBLOCK) == 16)
		return;
	uint64_t now[2] = { tell_clock_realtime_ns(), tell_clock_monotonic_ns() };
	memcpy(secret, now, sizeof(now));
}

static int open_dedup(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	uint64_t window_ns = tell_args_u64(args, "window");
	if (window_ns == 0)
		return tell_refuse(why, -EINVAL, "window", "write a time such as 30s",
			"with window=0 nothing would be held back");
	struct dedup *d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	int r = read_by(d, args, why);
	if (r >= 0)
		d->repeats = calloc(1, sizeof(*d->repeats));
	if (r < 0 || !d->repeats) {
		close_dedup(d);
		return r < 0 ? r : -ENOMEM;
	}
	tell_repeats_init(d->repeats, window_ns);
	draw_secret(d->secret);
	*ret = d;
	return 0;
}

/* The parent says what it has held back. */
static void child_dedup(void *state)
{
	struct dedup *d = state;
	tell_repeats_child(d->repeats);
	d->sweep_ns = 0;
}

static bool dedup_counted(
	const void *state, size_t i, const char **ret_word, uint64_t *ret_n)
{
	const struct tell_repeats *r = ((const struct dedup *)state)->repeats;
	if (i > 1)
		return false;
	*ret_word = i == 0 ? "repeated" : "unremembered";
	*ret_n = __atomic_load_n(i == 0 ? &r->repeated : &r->full, __ATOMIC_RELAXED);
	return true;
}

const struct tell_module tell_filter_dedup = {
	TELL_MODULE_ABI,
	"filter",
	"dedup",
	"keeps the first of equal records, and says how often it was repeated",
	.options = options,
	.open = open_dedup,
	.run = run_dedup,
	.close = close_dedup,
	.flush = flush_dedup,
	.child = child_dedup,
	.counted = dedup_counted,
};
