#include "api/ledger.h"
#include <stdio.h>
#include <string.h>

static struct tell_ledger_row *row_of(struct tell_ledger *l, const char *sink)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rows[i].sink, sink) == 0)
			return &l->rows[i];
	if (l->n == TELL_LEDGER_ROWS)
		return &l->rows[l->n - 1];
	struct tell_ledger_row *row = &l->rows[l->n++];
	(void)snprintf(row->sink, sizeof(row->sink), "%s", sink); /* cut is fine */
	return row;
}

/* Which of its name the line at `pos` is, from 1. */
static unsigned place_of(
	const struct tell_stack *stack, size_t pos, const struct tell_line_stats *line)
{
	struct tell_line_stats other;
	unsigned n = 1;
	for (size_t at = 0; tell_stack_next_line(stack, &at, &other) && at < pos;)
		n += strcmp(other.type, line->type) == 0 &&
			strcmp(other.module, line->module) == 0;
	return n;
}

/* "quota", the second one of a stack "quota#2". */
static void name_of(char name[TELL_LEDGER_NAME], const struct tell_stack *stack,
	size_t pos, const struct tell_line_stats *line)
{
	unsigned n = place_of(stack, pos, line);
	(void)snprintf(name, TELL_LEDGER_NAME, n > 1 ? "%.20s#%u" : "%.20s", line->module,
		n); /* fits */
}

static struct tell_ledger_kind *kind_of(struct tell_ledger *l, const char *word)
{
	for (size_t i = 0; i < l->n_kinds; i++)
		if (strcmp(l->kinds[i].word, word) == 0)
			return &l->kinds[i];
	if (l->n_kinds == TELL_LEDGER_KINDS)
		return &l->kinds[l->n_kinds - 1];
	struct tell_ledger_kind *kind = &l->kinds[l->n_kinds++];
	(void)snprintf(kind->word, sizeof(kind->word), "%s", word); /* cut is fine */
	return kind;
}

static void add_kinds(struct tell_ledger *l, const struct tell_stack *stack, size_t pos)
{
	const char *word;
	uint64_t n;
	for (size_t i = 0; tell_stack_line_counted(stack, pos, i, &word, &n); i++)
		if (n)
			kind_of(l, word)->n += n;
}

static void add_count(
	struct tell_ledger *l, const char *filter, const char *word, uint64_t n)
{
	size_t i = 0;
	while (i < l->n_counts &&
		(strcmp(l->counts[i].filter, filter) != 0 ||
			strcmp(l->counts[i].word, word) != 0))
		i++;
	if (i == TELL_LEDGER_COUNTS)
		i--;
	if (i == l->n_counts) {
		struct tell_ledger_count *c = &l->counts[l->n_counts++];
		(void)snprintf(c->filter, sizeof(c->filter), "%s", filter); /* cut is */
		(void)snprintf(c->word, sizeof(c->word), "%s", word);	    /* fine */
	}
	l->counts[i].n += n;
}

/* Only lines that count something: what others let through is in the sums. */
static void add_counts(struct tell_ledger *l, const struct tell_stack *stack, size_t pos,
	const struct tell_line_stats *line)
{
	const char *word;
	char name[TELL_LEDGER_NAME];
	uint64_t n;
	name_of(name, stack, pos, line);
	for (size_t i = 0; tell_stack_line_counted(stack, pos, i, &word, &n); i++) {
		if (i == 0)
			add_count(l, name, "kept", line->verdicts[TELL_SUCCESS]);
		add_count(l, name, word, n);
	}
}

static uint64_t cut_of(const struct tell_stack *stack, size_t pos)
{
	const char *word;
	uint64_t n;
	for (size_t i = 0; tell_stack_line_counted(stack, pos, i, &word, &n); i++)
		if (strcmp(word, TELL_SINK_CUT) == 0)
			return n;
	return 0;
}

void tell_ledger_add(struct tell_ledger *l, const struct tell_stack *stack)
{
	struct tell_line_stats line;
	for (size_t pos = 0; tell_stack_next_line(stack, &pos, &line);) {
		if (strcmp(line.type, "redact") == 0)
			add_kinds(l, stack, pos);
		if (strcmp(line.type, "filter") == 0)
			add_counts(l, stack, pos, &line);
		if (strcmp(line.type, "sink") != 0)
			continue;
		char name[TELL_LEDGER_NAME];
		name_of(name, stack, pos, &line);
		struct tell_ledger_row *row = row_of(l, name);
		for (size_t v = 0; v < TELL_N_VERDICTS; v++)
			row->verdicts[v] += line.verdicts[v];
		row->cut += cut_of(stack, pos);
		row->opened += line.opened;
		row->turned_away += line.turned_away;
		row->breaker = line.breaker;
		row->left_ns = line.left_ns;
		row->spools = line.spools;
		row->spool = line.spool;
	}
}

size_t tell_ledger_reset(struct tell_stack *stack, const char *sink)
{
	struct tell_line_stats line;
	size_t n = 0;
	for (size_t pos = 0; tell_stack_next_line(stack, &pos, &line);) {
		char name[TELL_LEDGER_NAME];
		if (strcmp(line.type, "sink") != 0)
			continue;
		name_of(name, stack, pos, &line);
		if (*sink && strcmp(sink, name) != 0)
			continue;
		tell_stack_reset_line(stack, pos);
		n++;
	}
	return n;
}

const struct tell_ledger_row *tell_ledger_row(
	const struct tell_ledger *l, const char *sink)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rows[i].sink, sink) == 0)
			return &l->rows[i];
	return NULL;
}

bool tell_ledger_is_drop(enum tell_verdict v)
{
	return v != TELL_SUCCESS && v != TELL_SPOOLED && v != TELL_IGNORE;
}

uint64_t tell_ledger_offered(const struct tell_ledger_row *row)
{
	uint64_t n = 0;
	for (size_t v = 0; v < TELL_N_VERDICTS; v++)
		n += v == TELL_IGNORE ? 0 : row->verdicts[v];
	return n;
}

uint64_t tell_ledger_dropped(const struct tell_ledger_row *row)
{
	uint64_t n = 0;
	for (size_t v = 0; v < TELL_N_VERDICTS; v++)
		n += tell_ledger_is_drop((enum tell_verdict)v) ? row->verdicts[v] : 0;
	return n;
}
