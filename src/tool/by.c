#include "tool/by.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/utf8.h"

#define SLOTS	    2048 /* twice the groups, a power of two */
#define CHUNK_BYTES (TELL_BY_CHUNK * sizeof(double))

int tell_by_set_init(struct tell_by_set *s)
{
	s->groups = calloc(TELL_BY_GROUPS_MAX, sizeof(*s->groups));
	s->slots = calloc(SLOTS, sizeof(*s->slots));
	(void)tell_grid_init(&s->grid, (const double[]){ 0 }, 0); /* no bounds: valid */
	/* Without randomness the hash is still one, only not secret. */
	(void)!getrandom(s->secret, sizeof(s->secret), GRND_NONBLOCK);
	return s->groups && s->slots ? 0 : -ENOMEM;
}

/* ---- what was measured ---- */

void tell_by_spread_free(struct tell_by_set *s, struct tell_by_spread *spread)
{
	if (!spread)
		return;
	for (size_t i = 0; i < TELL_BY_CHUNKS; i++) {
		s->n_bytes -= spread->chunks[i] ? CHUNK_BYTES : 0;
		free(spread->chunks[i]);
	}
	s->n_bytes -= sizeof(*spread);
	free(spread);
}

static bool add_place(
	struct tell_by_set *s, struct tell_by_spread *to, unsigned place, double weight)
{
	double **chunk = &to->chunks[place / TELL_BY_CHUNK];
	if (!*chunk) {
		if (!(*chunk = calloc(TELL_BY_CHUNK, sizeof(double))))
			return false;
		s->n_bytes += CHUNK_BYTES;
	}
	(*chunk)[place % TELL_BY_CHUNK] += weight;
	to->n += weight;
	return true;
}

static bool have_spread(struct tell_by_set *s, struct tell_by_cell *cell)
{
	if (cell->spread || !(cell->spread = calloc(1, sizeof(*cell->spread))))
		return cell->spread;
	s->n_bytes += sizeof(*cell->spread);
	cell->spread->min = (double)INFINITY;
	cell->spread->max = -(double)INFINITY;
	return true;
}

void tell_by_measure(
	struct tell_by_set *s, struct tell_by_cell *cell, double value, double weight)
{
	unsigned bucket;
	if (isnan(value))
		return;
	if (!have_spread(s, cell) ||
		!add_place(s, cell->spread, tell_grid_place(&s->grid, value, &bucket),
			weight)) {
		s->out_of_memory = true;
		return;
	}
	cell->spread->min = value < cell->spread->min ? value : cell->spread->min;
	cell->spread->max = value > cell->spread->max ? value : cell->spread->max;
}

static bool add_spread(
	struct tell_by_set *s, struct tell_by_cell *to, const struct tell_by_spread *from)
{
	if (!from)
		return true;
	if (!have_spread(s, to))
		return false;
	for (unsigned i = 0; i < TELL_BY_CHUNKS * TELL_BY_CHUNK; i++) {
		const double *chunk = from->chunks[i / TELL_BY_CHUNK];
		if (chunk && chunk[i % TELL_BY_CHUNK] > 0 &&
			!add_place(s, to->spread, i, chunk[i % TELL_BY_CHUNK]))
			return false;
	}
	to->spread->min = from->min < to->spread->min ? from->min : to->spread->min;
	to->spread->max = from->max > to->spread->max ? from->max : to->spread->max;
	return true;
}

/* The nearest rank; what only rounding put over a whole number is meant to be that. */
double tell_by_quantile(
	const struct tell_by_set *s, const struct tell_by_spread *spread, double q)
{
	double rank = q * spread->n * (1 - 1e-9), met = 0;
	for (unsigned i = 0; i < TELL_BY_CHUNKS * TELL_BY_CHUNK; i++) {
		const double *chunk = spread->chunks[i / TELL_BY_CHUNK];
		met += chunk ? chunk[i % TELL_BY_CHUNK] : 0;
		if (!chunk || met < rank)
			continue;
		double value = tell_grid_value(&s->grid, i);
		value = value > spread->max ? spread->max : value;
		return value < spread->min ? spread->min : value;
	}
	return spread->max;
}

/* ---- groups ---- */

static void group_done(struct tell_by_set *s, struct tell_by_group *g)
{
	for (size_t i = 0; i < g->n_cells; i++)
		tell_by_spread_free(s, g->cells[i].spread);
	free(g->cells);
	free(g->key);
}

void tell_by_set_done(struct tell_by_set *s)
{
	for (size_t i = 0; i < s->n_groups; i++)
		group_done(s, &s->groups[i]);
	group_done(s, &s->other);
	free(s->groups);
	free(s->slots);
	*s = (struct tell_by_set){ 0 };
}

void tell_by_key_end(struct tell_buf *key, size_t at)
{
	size_t len = key->len > at ? key->len - at - 1 : 0;
	char *text = key->data + at + 1;
	len = len ? tell_utf8_cut(text, len, TELL_BY_VALUE_MAX) : 0;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	key->len = key->len > at ? at + 1 + len : at;
	tell_buf_putc(key, '\0');
}

static struct tell_by_group *group_of(struct tell_by_set *s, const char *key, size_t len)
{
	uint64_t i = tell_siphash(s->secret, key, len) % SLOTS;
	for (; s->slots[i]; i = (i + 1) % SLOTS) {
		struct tell_by_group *g = &s->groups[s->slots[i] - 1];
		if (g->key_len == len && (len == 0 || memcmp(g->key, key, len) == 0))
			return g;
	}
	if (s->n_groups == TELL_BY_GROUPS_MAX)
		return &s->other;
	char *copy = malloc(len + 1);
	if (!copy)
		return NULL;
	if (len) /* else there may be no key at all */
		memcpy(copy, key, len);
	struct tell_by_group *g = &s->groups[s->n_groups++];
	*g = (struct tell_by_group){ .key = copy, .key_len = len };
	s->slots[i] = (uint16_t)s->n_groups;
	return g;
}

bool tell_by_value(const struct tell_by_group *g, size_t i, const char **ret)
{
	const char *text = g->key;
	while (i-- > 0)
		text += strlen(text) + 1;
	*ret = text + 1;
	return *text == '=';
}

/* ---- cells ---- */

/* Records come nearly in their order, so the place is near the end. */
static struct tell_by_cell *cell_at(
	struct tell_by_set *s, struct tell_by_group *g, uint64_t at)
{
	size_t i = g->n_cells;
	while (i > 0 && g->cells[i - 1].at > at)
		i--;
	if (i > 0 && g->cells[i - 1].at == at)
		return &g->cells[i - 1];
	if (g->n_cells == g->cap) {
		size_t cap = g->cap ? 2 * g->cap : 1;
		struct tell_by_cell *cells = reallocarray(g->cells, cap, sizeof(*cells));
		if (!cells)
			return NULL;
		g->cells = cells;
		g->cap = cap;
	}
	memmove(&g->cells[i + 1], &g->cells[i], (g->n_cells - i) * sizeof(*g->cells));
	g->cells[i] = (struct tell_by_cell){ .at = at };
	g->n_cells++;
	s->n_cells++;
	return &g->cells[i];
}

/* A gauge is what it was at the end. */
static void add_cell(
	struct tell_by_set *s, struct tell_by_cell *to, const struct tell_by_cell *from)
{
	to->n = s->kind == TELL_BY_GAUGE ? from->n : to->n + from->n;
	if (!add_spread(s, to, from->spread))
		s->out_of_memory = true;
}

static void widen_group(struct tell_by_set *s, struct tell_by_group *g, uint64_t factor)
{
	size_t n = 0;
	for (size_t i = 0; i < g->n_cells; i++) {
		struct tell_by_cell *from = &g->cells[i];
		from->at /= factor;
		if (n > 0 && g->cells[n - 1].at == from->at) {
			add_cell(s, &g->cells[n - 1], from);
			tell_by_spread_free(s, from->spread);
		} else {
			g->cells[n++] = *from;
		}
	}
	s->n_cells -= g->n_cells - n;
	g->n_cells = n;
}

void tell_by_widen(struct tell_by_set *s, uint64_t factor)
{
	for (size_t i = 0; i < s->n_groups; i++)
		widen_group(s, &s->groups[i], factor);
	widen_group(s, &s->other, factor);
	s->width_ns *= factor;
	s->min_at /= factor;
	s->max_at /= factor;
}

/* Widths that people read easily, each a multiple of the one before. */
uint64_t tell_by_next_factor(const struct tell_by_set *s)
{
	static const uint32_t seconds[] = { 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600,
		86400, 604800 };
	for (size_t i = 0; s->fit && i + 1 < sizeof(seconds) / sizeof(seconds[0]); i++)
		if (seconds[i] * TELL_NS_PER_SEC == s->width_ns)
			return seconds[i + 1] / seconds[i];
	return 2;
}

static uint64_t at_of(const struct tell_by_set *s, uint64_t ns)
{
	return s->timed ? (ns + s->offset_ns) / s->width_ns : 0;
}

uint64_t tell_by_begin(const struct tell_by_set *s, uint64_t at)
{
	uint64_t ns = at * s->width_ns;
	return ns > s->offset_ns ? ns - s->offset_ns : 0;
}

void tell_by_reach(struct tell_by_set *s, uint64_t ns)
{
	bool first = s->first_ns == 0;
	if (first || ns < s->first_ns)
		s->first_ns = ns;
	if (ns > s->last_ns)
		s->last_ns = ns;
	uint64_t at = at_of(s, ns);
	s->min_at = first || at < s->min_at ? at : s->min_at;
	s->max_at = first || at > s->max_at ? at : s->max_at;
	while (s->fit && s->max_at - s->min_at >= TELL_BY_FIT)
		tell_by_widen(s, tell_by_next_factor(s));
}

/* In one span all groups fit, so making spans wider ends. */
static bool is_full(const struct tell_by_set *s)
{
	return s->n_cells >= TELL_BY_CELLS_MAX ||
		(s->n_bytes > TELL_BY_BYTES_MAX && s->max_at > s->min_at);
}

struct tell_by_cell *tell_by_cell(
	struct tell_by_set *s, const char *key, size_t len, uint64_t ns)
{
	struct tell_by_group *g = group_of(s, key, len);
	struct tell_by_cell *cell = NULL;
	tell_by_reach(s, ns);
	while (s->timed && is_full(s)) {
		s->wider = !s->fit;
		tell_by_widen(s, tell_by_next_factor(s));
	}
	if (g)
		cell = cell_at(s, g, at_of(s, ns));
	s->out_of_memory |= !cell;
	return cell;
}

/* ---- at the end ---- */

struct tell_by_cell tell_by_sum(struct tell_by_set *s, const struct tell_by_group *g)
{
	struct tell_by_cell sum = { 0 };
	for (size_t i = 0; i < g->n_cells; i++)
		add_cell(s, &sum, &g->cells[i]);
	return sum;
}

static double size_of(const struct tell_by_group *g)
{
	double n = 0;
	for (size_t i = 0; i < g->n_cells; i++)
		n += g->cells[i].n;
	return n;
}

static int greatest_first(const void *a, const void *b)
{
	const struct tell_by_group *x = a, *y = b;
	double n = size_of(x), m = size_of(y);
	if (n != m)
		return n < m ? 1 : -1;
	size_t len = x->key_len < y->key_len ? x->key_len : y->key_len;
	int r = memcmp(x->key, y->key, len);
	return r ? r : (x->key_len > y->key_len) - (x->key_len < y->key_len);
}

/* A gauge of several groups is their sum. */
static void move_to_other(struct tell_by_set *s, struct tell_by_group *g)
{
	for (size_t i = 0; i < g->n_cells; i++) {
		struct tell_by_cell *to = cell_at(s, &s->other, g->cells[i].at);
		if (!to || !add_spread(s, to, g->cells[i].spread))
			s->out_of_memory = true;
		else
			to->n += g->cells[i].n;
	}
	group_done(s, g);
}

static void keep_newest(struct tell_by_set *s, struct tell_by_group *g, uint64_t rows)
{
	uint64_t from = s->max_at - s->min_at < rows ? s->min_at : s->max_at - rows + 1;
	size_t n = 0;
	while (n < g->n_cells && g->cells[n].at < from)
		tell_by_spread_free(s, g->cells[n++].spread);
	memmove(g->cells, g->cells + n, (g->n_cells - n) * sizeof(*g->cells));
	g->n_cells -= n;
	s->min_at = from;
}

void tell_by_order(struct tell_by_set *s, uint64_t rows)
{
	bool grouped = s->n_groups && s->groups[0].key_len > 0;
	if (s->n_groups == 0)
		return;
	if (!grouped) {
		keep_newest(s, &s->groups[0], rows);
		return;
	}
	qsort(s->groups, s->n_groups, sizeof(*s->groups), greatest_first);
	while (s->n_groups > rows)
		move_to_other(s, &s->groups[--s->n_groups]);
}
