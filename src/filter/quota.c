#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/hash.h"
#include "filter/bucket.h"
#include "filter/module.h"
#include "record/expr_value.h"
#include "record/key.h"
#include "record/pace.h"
#include "record/place.h"

/* filter quota: success for so many records of each site, logger or value in a time, limited
 * for those beyond; a sum says how many those were.
 *
 * Why by site: one call in a loop fills a log, while all others have something to say.
 * Threads: see struct tell_buckets. */
#define SWEEP_NS TELL_NS_PER_SEC /* how often sums are looked for */

enum by { BY_SITE, BY_LOGGER, BY_SERVICE, BY_FIELD };

struct quota {
	struct tell_buckets *buckets;
	enum by by;
	struct tell_key field;
	uint8_t secret[16];
	uint64_t sweep_ns;
	char words[96]; /* "rate=100/s burst=500 by=site" */
};

static const struct tell_option options[] = {
	{ "rate", TELL_OPTION_TEXT, NULL, NULL,
		"how many records in which time: 100/s, 600/min, 10000/30s", true },
	{ "burst", TELL_OPTION_COUNT, NULL, NULL,
		"how many at once; as many as rate= has in its time unless given",
		false },
	{ "by", TELL_OPTION_TEXT, "site", NULL,
		"whose they are: site, logger, service, or field:NAME", false },
	{ 0 },
};

/* ---- what is counted together ---- */

static uint64_t key_of_field(const struct quota *q, const struct tell_record *r)
{
	struct tell_value v;
	struct tell_operand o;
	size_t len;
	if (!tell_record_get(r, q->field.name, q->field.len, &v))
		return 0;
	tell_operand_value(&o, &v);
	if (o.kind == TELL_OPERAND_NONE)
		return 0;
	if (o.kind == TELL_OPERAND_LIST)
		return tell_siphash(q->secret, v.data, v.len);
	const char *text = tell_operand_show(&o, &len);
	return tell_siphash(q->secret, text, len);
}

static uint64_t key_of(const struct quota *q, const struct tell_record *r)
{
	const struct tell_place *place;
	const char *name;
	size_t len;
	switch (q->by) {
	case BY_SITE:
		return r->head->place;
	case BY_LOGGER:
		place = tell_place(r->head->place);
		return tell_siphash(q->secret, place->logger, place->logger_len);
	case BY_SERVICE:
		return tell_record_named(r, &name, &len)
			? tell_siphash(q->secret, name, len)
			: 0;
	case BY_FIELD:
		return key_of_field(q, r);
	}
	return 0;
}

/* ---- saying ---- */

static void name_whose(
	const struct quota *q, const struct tell_refused *r, char *text, size_t size)
{
	const struct tell_place *place = tell_place(r->place);
	if (r->many)
		(void)snprintf(text, size, "of several, last");
	else if (q->by == BY_LOGGER)
		(void)snprintf(text, size, "of logger \"%.40s\", last", place->logger);
	else if (q->by ==
		BY_FIELD) /* its value may be a secret: nobody has redacted it */
		(void)snprintf(text, size, "of one %.40s, last", q->field.name);
	else
		(void)snprintf(text, size, q->by == BY_SITE ? "made" : "last");
}

static bool say(struct quota *q, struct tell_run *run, const struct tell_refused *r)
{
	const struct tell_place *place = tell_place(r->place);
	char text[TELL_SUM_BYTES], whose[72], at[72] = "an unknown place";
	if (place->file_len)
		(void)snprintf(at, sizeof(at), "%.50s:%u", place->file, place->line);
	name_whose(q, r, whose, sizeof(whose));
	int n = snprintf(text, sizeof(text),
		"suppressed %" PRIu64 " records over the quota %s, %s at %s", r->n,
		q->words, whose, at);
	const struct tell_sum sum = {
		.level = r->level < TELL_WARNING ? TELL_WARNING : TELL_NOTICE,
		.cause = "quota",
		.name = "suppressed",
		.n = r->n,
		.first_ns = r->first_ns,
		.last_ns = r->last_ns,
		.own = true,
		.text = text,
		.len = n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1,
	};
	return tell_note_sum(run, &sum);
}

/* The stack ends: what has no room for a sum of its own is one together. */
static void join(struct tell_refused *sum, const struct tell_refused *one)
{
	if (one->first_ns < sum->first_ns)
		sum->first_ns = one->first_ns;
	if (one->last_ns > sum->last_ns)
		sum->last_ns = one->last_ns;
	if (one->level < sum->level)
		sum->level = one->level;
	sum->n += one->n;
	sum->place = one->place;
	sum->many = true;
}

static void say_due(struct quota *q, struct tell_run *run, uint64_t now_ns)
{
	struct tell_refused r, rest = { 0 };
	bool room = true;
	for (size_t pos = 0;
		room && tell_buckets_next_due(q->buckets, &pos, now_ns, false, &r);) {
		room = say(q, run, &r);
		if (!room)
			tell_buckets_untake(q->buckets, pos, &r);
	}
	if (!run->last)
		return;
	for (size_t pos = 0; tell_buckets_next_due(q->buckets, &pos, now_ns, true, &r);)
		if (rest.n)
			join(&rest, &r);
		else
			rest = r;
	if (rest.n)
		(void)say(q, run, &rest); /* else the ledger alone has it */
}

static int flush_quota(void *state, struct tell_run *run)
{
	struct quota *q = state;
	if (__atomic_load_n(&q->buckets->unsaid, __ATOMIC_RELAXED))
		say_due(q, run, tell_clock_monotonic_ns());
	return 0;
}

static void sweep(struct quota *q, struct tell_run *run, uint64_t now_ns)
{
	uint64_t due_ns = __atomic_load_n(&q->sweep_ns, __ATOMIC_RELAXED);
	if (now_ns < due_ns ||
		!__atomic_compare_exchange_n(&q->sweep_ns, &due_ns, now_ns + SWEEP_NS,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	say_due(q, run, now_ns);
}

/* ---- the module ---- */

static enum tell_verdict run_quota(void *state, struct tell_run *run)
{
	struct quota *q = state;
	const struct tell_head *h = run->record->head;
	uint64_t now_ns = tell_clock_tick_ns();
	if (__builtin_expect(
		    __atomic_load_n(&q->buckets->unsaid, __ATOMIC_RELAXED) != 0, 0))
		sweep(q, run, now_ns);
	const struct tell_spending s = {
		.key = key_of(q, run->record) +
			1, /* 0 is those of nobody: one key, too */
		.now_ns = now_ns,
		.realtime_ns = h->realtime_ns,
		.place = h->place,
		.level = h->level,
	};
	return tell_buckets_take(q->buckets, &s) ? TELL_SUCCESS : TELL_LIMITED;
}

static int read_by(
	struct quota *q, const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const words[] = { "site", "logger", "service" };
	const char *by = tell_args_text(args, "by");
	char fix[96];
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], by) == 0) {
			q->by = (enum by)i;
			return 0;
		}
	}
	q->by = BY_FIELD;
	if (strncmp(by, "field:", 6) == 0 && by[6]) {
		(void)tell_key_make(&q->field, by + 6, strlen(by + 6));
		return 0;
	}
	(void)snprintf(fix, sizeof(fix), "write site, logger, service or field:%.40s",
		*by && !strchr(by, ':') ? by : "NAME");
	return tell_refuse(why, -EINVAL, "by", fix,
		"\"%.64s\" is nothing that records are counted by", by);
}

static void *close_half(struct quota *q)
{
	free(q->buckets);
	free(q);
	return NULL;
}

static void close_quota(void *state)
{
	(void)close_half(state);
}

/* Early at boot the kernel may have no random numbers yet: do not wait for them. */
static void draw_secret(uint8_t secret[16])
{
	if (getrandom(secret, 16, GRND_NONBLOCK) == 16)
		return;
	uint64_t now[2] = { tell_clock_realtime_ns(), tell_clock_monotonic_ns() };
	memcpy(secret, now, sizeof(now));
}

static int open_quota(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_rate rate;
	int r = tell_pace_read(&rate, args, why);
	if (r < 0)
		return r;
	struct quota *q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	r = read_by(q, args, why);
	if (r >= 0)
		q->buckets = aligned_alloc(64, sizeof(*q->buckets));
	if (r < 0 || !q->buckets) {
		(void)close_half(q);
		return r < 0 ? r : -ENOMEM;
	}
	memset(q->buckets, 0, sizeof(*q->buckets));
	tell_buckets_init(q->buckets, &rate);
	draw_secret(q->secret);
	(void)snprintf(q->words, sizeof(q->words), "rate=%.20s by=%.48s",
		tell_args_text(args, "rate"), tell_args_text(args, "by"));
	*ret = q;
	return 0;
}

/* The parent says what it has suppressed. */
static void child_quota(void *state)
{
	struct quota *q = state;
	tell_buckets_child(q->buckets);
	q->sweep_ns = 0;
}

static bool quota_counted(
	const void *state, size_t i, const char **ret_word, uint64_t *ret_n)
{
	const struct tell_buckets *b = ((const struct quota *)state)->buckets;
	const struct {
		const char *word;
		const uint64_t *n;
	} all[] = { { "suppressed", &b->refused }, { "shared", &b->shared },
		{ "triggers", &b->triggers } };
	if (i >= sizeof(all) / sizeof(all[0]))
		return false;
	*ret_word = all[i].word;
	*ret_n = __atomic_load_n(all[i].n, __ATOMIC_RELAXED);
	return true;
}

const struct tell_module tell_filter_quota = {
	TELL_MODULE_ABI,
	"filter",
	"quota",
	"keeps so many records of each site, logger or value in a time",
	.options = options,
	.open = open_quota,
	.run = run_quota,
	.close = close_quota,
	.flush = flush_quota,
	.child = child_quota,
	.counted = quota_counted,
};
