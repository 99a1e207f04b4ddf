#include "filter/sample.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/hash.h"
#include "filter/module.h"
#include "record/expr_value.h"
#include "record/key.h"

#define R_MASK ((UINT64_C(1) << TELL_SAMPLE_BITS) - 1)

/* filter sample: success for a share of the records. Those with the same value in `by` are
 * kept or dropped together, on every host; without `by`, or without that field, each record
 * is drawn alone.
 *
 * Threads: drawing is one atomic addition. */
struct sample {
	uint64_t threshold;
	uint64_t seed;
	_Atomic uint64_t n_drawn;
	struct tell_key by; /* len 0: none */
	bool is_trace_id;
};

/* ---- deciding ---- */

uint64_t tell_sample_threshold(double ratio)
{
	double whole = (double)(UINT64_C(1) << TELL_SAMPLE_BITS);
	return (uint64_t)((1 - ratio) * whole);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool trace_id_of(const char *hex, size_t len, uint64_t *ret_r)
{
	uint64_t r = 0;
	if (len != 32)
		return false;
	for (size_t i = 0; i < len; i++) {
		int digit = hex_digit(hex[i]);
		if (digit < 0)
			return false;
		r = r << 4 | (uint64_t)digit;
	}
	*ret_r = r & R_MASK;
	return true;
}

bool tell_sample_of(const struct tell_value *v, bool is_trace_id, uint64_t *ret_r)
{
	/* Not a secret: every host has to come to the same result. */
	static const uint8_t key[16] = "telltale sample";
	struct tell_operand o;
	size_t len;
	tell_operand_value(&o, v);
	if (o.kind == TELL_OPERAND_NONE)
		return false;
	if (o.kind == TELL_OPERAND_LIST) {
		*ret_r = tell_siphash(key, v->data, v->len) & R_MASK;
		return true;
	}
	const char *text = tell_operand_show(&o, &len);
	if (!is_trace_id || !trace_id_of(text, len, ret_r))
		*ret_r = tell_siphash(key, text, len) & R_MASK;
	return true;
}

uint64_t tell_sample_draw(uint64_t seed, uint64_t n)
{
	uint64_t z = seed + (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* ---- the module ---- */

static const struct tell_option options[] = {
	{ "ratio", TELL_OPTION_RATIO, NULL, NULL, "the share that is kept: 0.10 or 10%",
		true },
	{ "by", TELL_OPTION_TEXT, NULL, NULL,
		"a field: records with the same value are kept or dropped together",
		false },
	{ 0 },
};

/* Early at boot the kernel may have no random numbers yet: do not wait for them. */
static uint64_t draw_seed(void)
{
	uint64_t seed;
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return seed;
	return tell_clock_realtime_ns() ^ tell_clock_monotonic_ns() << 32;
}

static int open_sample(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)why;
	struct sample *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->threshold = tell_sample_threshold(tell_args_f64(args, "ratio"));
	s->seed = draw_seed();
	const char *by = tell_args_text(args, "by");
	if (by && *by) {
		(void)tell_key_make(&s->by, by, strlen(by));
		s->is_trace_id = strcmp(s->by.name, "trace_id") == 0;
	}
	*ret = s;
	return 0;
}

static enum tell_verdict run_sample(void *state, struct tell_run *run)
{
	struct sample *s = state;
	struct tell_value v;
	uint64_t r;
	if (!s->by.len || !tell_record_get(run->record, s->by.name, s->by.len, &v) ||
		!tell_sample_of(&v, s->is_trace_id, &r)) {
		uint64_t n = atomic_fetch_add_explicit(
			&s->n_drawn, 1, memory_order_relaxed);
		r = tell_sample_draw(s->seed, n) & R_MASK;
	}
	return r >= s->threshold ? TELL_SUCCESS : TELL_DENIED;
}

/* A child must not draw what its parent draws. */
static void child_sample(void *state)
{
	struct sample *s = state;
	s->seed = draw_seed();
}

const struct tell_module tell_filter_sample = {
	TELL_MODULE_ABI,
	"filter",
	"sample",
	"keeps a share of the records",
	.options = options,
	.open = open_sample,
	.run = run_sample,
	.close = free,
	.child = child_sample,
};
