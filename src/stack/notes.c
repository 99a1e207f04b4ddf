#include "stack/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/utf8.h"

/* Causes are literals, but two objects may hold the same text: the text counts. */
static uint64_t cause_key(uint32_t line, const char *cause)
{
	uint64_t key = tell_hash_bytes(cause, strlen(cause));
	key = key << 32 | line;
	return key ? key : 1;
}

static struct tell_cause *find_cause(struct tell_causes *c, uint64_t key)
{
	size_t start = (size_t)(key % TELL_CAUSES_MAX);
	for (size_t i = 0; i < TELL_CAUSES_MAX; i++) {
		struct tell_cause *it = &c->list[(start + i) % TELL_CAUSES_MAX];
		uint64_t held = __atomic_load_n(&it->key, __ATOMIC_RELAXED);
		if (held == key)
			return it;
		if (held)
			continue;
		/* On failure `held` becomes what another thread put there. */
		if (__atomic_compare_exchange_n(&it->key, &held, key, false,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
			held == key)
			return it;
	}
	return &c->list[start]; /* full: share */
}

bool tell_causes_take(struct tell_causes *c, uint32_t line, const char *cause,
	uint64_t now_ns, uint64_t *ret_suppressed)
{
	struct tell_cause *it = find_cause(c, cause_key(line, cause));
	uint64_t next_ns = __atomic_load_n(&it->next_ns, __ATOMIC_RELAXED);
	if (now_ns >= next_ns &&
		__atomic_compare_exchange_n(&it->next_ns, &next_ns,
			now_ns + TELL_NOTE_GAP_NS, false, __ATOMIC_RELAXED,
			__ATOMIC_RELAXED)) {
		*ret_suppressed = __atomic_exchange_n(
			&it->suppressed, 0, __ATOMIC_RELAXED);
		return true;
	}
	__atomic_fetch_add(&it->suppressed, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&c->suppressed, 1, __ATOMIC_RELAXED);
	return false;
}

void tell_note(struct tell_run *run, int level, const char *cause, const char *fmt, ...)
{
	struct tell_notes *notes = run->notes;
	const struct tell_speaker *by = notes ? notes->speaker : NULL;
	if (!by)
		return;
	if (notes->n == TELL_NOTES_MAX) {
		/* Not taken, so that it may speak the next time. */
		__atomic_fetch_add(&by->causes->suppressed, 1, __ATOMIC_RELAXED);
		return;
	}
	uint64_t suppressed;
	if (!tell_causes_take(
		    by->causes, by->line, cause, tell_clock_monotonic_ns(), &suppressed))
		return;

	/* A few bytes more than are kept: a character is not cut in two. */
	char text[TELL_NOTE_BYTES + TELL_UTF8_MAX_BYTES];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	struct tell_note *note = &notes->list[notes->n];
	note->len = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
	note->len = tell_utf8_cut(text, note->len, sizeof(note->text) - 1);
	memcpy(note->text, text, note->len);
	note->text[note->len] = '\0';
	note->sum = (struct tell_sum){ 0 };
	note->level = level;
	note->cause = cause;
	note->type = by->type;
	note->module = by->module;
	note->suppressed = suppressed;
	notes->n++;
}

bool tell_note_sum(struct tell_run *run, const struct tell_sum *sum)
{
	struct tell_notes *notes = run->notes;
	const struct tell_speaker *by = notes ? notes->speaker : NULL;
	if (!by || notes->n == TELL_NOTES_MAX)
		return false;
	struct tell_note *note = &notes->list[notes->n++];
	note->len = tell_utf8_cut(sum->text, sum->len, TELL_SUM_BYTES);
	memcpy(note->text, sum->text, note->len);
	note->text[note->len] = '\0';
	note->level = sum->level;
	note->cause = sum->cause;
	note->type = by->type;
	note->module = by->module;
	note->suppressed = 0;
	note->sum = *sum;
	note->sum.text = NULL; /* the caller's */
	return true;
}

uint64_t tell_run_deadline(struct tell_run *run)
{
	if (run->deadline_ns == 0)
		run->deadline_ns = tell_clock_monotonic_ns() +
			run->budget_ms * TELL_NS_PER_MS;
	return run->deadline_ns;
}

int tell_refuse(struct tell_refusal *why, int error, const char *arg, const char *fix,
	const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(why->what, sizeof(why->what), fmt, ap); /* cut is fine */
	va_end(ap);
	(void)snprintf(why->fix, sizeof(why->fix), "%s", fix ? fix : "");
	why->arg = arg;
	return error < 0 ? error : -error;
}
