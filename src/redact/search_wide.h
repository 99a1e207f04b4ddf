/* The search with wide registers: the text of search_avx2.c and search_ssse3.c, which say
 * what a register is. No guard: it is a part of a file, and of none other.
 *
 *	BLOCK			bytes of a register, at most 32
 *	WIDE			what lets a function use them
 *	RUN			the function's name
 *	vec, v_load, v_table, v_fill, v_and, v_shift4, v_lookup, v_back,
 *	v_any, v_set, v_tops */

struct tables {
	vec low, high, low_before, high_before;
};

static WIDE inline vec classes(const struct tables *t, vec cur, vec before)
{
	const vec half = v_fill(0x0f);
	vec here = v_and(v_lookup(t->low, v_and(cur, half)),
		v_lookup(t->high, v_and(v_shift4(cur), half)));
	vec there = v_and(v_lookup(t->low_before, v_and(before, half)),
		v_lookup(t->high_before, v_and(v_shift4(before), half)));
	return v_and(here, there);
}

/* Each place that stops, then each row of four or more digits. A card number has such a row
 * whole in one block, wherever the blocks begin: see redact/card.c for how it is grouped. */
static __attribute__((noinline)) void look(
	struct tell_search *x, size_t at, uint32_t hits, uint32_t pairs)
{
	for (; hits; hits &= hits - 1) {
		size_t i = at + (size_t)__builtin_ctz(hits);
		if (tell_search_wants(x, i))
			tell_search_at(x, i);
	}
	uint32_t rows = pairs & pairs << 1 & pairs << 2;
	for (rows &= ~(rows << 1); rows; rows &= rows - 1)
		tell_search_digits(x, at + (size_t)__builtin_ctz(rows));
}

static WIDE inline void glance(struct tell_search *x, const struct tables *t, size_t at,
	vec cur, vec before, uint32_t seen)
{
	vec found = classes(t, cur, before);
	if (__builtin_expect(v_any(found), 0))
		look(x, at, v_set(v_and(found, v_fill(0x7f))) & ~seen, v_tops(found));
}

static WIDE inline struct tables load_tables(void)
{
	static const struct tell_stops stops = TELL_STOPS;
	return (struct tables){ v_table(stops.low), v_table(stops.high),
		v_table(stops.low_before), v_table(stops.high_before) };
}

static WIDE __attribute__((noinline)) void run_short(struct tell_search *x)
{
	const struct tables t = load_tables();
	char copy[BLOCK] = { 0 };
	memcpy(copy, x->s, x->n);
	vec cur = v_load(copy);
	glance(x, &t, 0, cur, v_back(cur), 0);
}

static WIDE __attribute__((noinline)) void run_long(struct tell_search *x)
{
	const struct tables t = load_tables();
	const char *s = x->s;
	size_t n = x->n, at = BLOCK;
	vec first = v_load(s);
	glance(x, &t, 0, first, v_back(first), 0);
	for (; at + BLOCK <= n; at += BLOCK)
		glance(x, &t, at, v_load(s + at), v_load(s + at - 1), 0);
	if (at == n)
		return;
	/* The last block overlaps the one before: what that one saw is not asked again,
	 * but a row of digits may be whole only here. */
	size_t last = n - BLOCK;
	glance(x, &t, last, v_load(s + last), v_load(s + last - 1),
		(UINT32_C(1) << (at - last)) - 1);
}

void RUN(struct tell_search *x)
{
	if (__builtin_expect(x->n >= BLOCK, 1))
		run_long(x);
	else
		run_short(x);
}
