#include "source/entry.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "source/origin.h"

int tell_entry_init(struct tell_entry *e)
{
	tell_buf_init(&e->memory, 0);
	tell_input_init(&e->line);
	e->line.parse = TELL_INPUT_JSON;
	e->line.heads = true;
	e->record.limit = TELL_RECORD_LIMIT_MAX;
	e->fields = calloc(TELL_ENTRY_RAW_MAX, sizeof(*e->fields));
	return e->fields ? tell_journal_names_init(&e->names) : -ENOMEM;
}

void tell_entry_done(struct tell_entry *e)
{
	tell_record_done(&e->record);
	tell_input_done(&e->line);
	tell_buf_done(&e->memory);
	free(e->fields);
	tell_journal_names_done(&e->names);
	e->fields = NULL;
}

const struct tell_raw_field *tell_entry_raw(const struct tell_entry *e, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; i < e->n_raw; i++)
		if (e->raw[i].name_len == len && memcmp(e->raw[i].name, name, len) == 0)
			return &e->raw[i];
	return NULL;
}

void tell_entry_place(struct tell_entry *e, const char *file, uint32_t line,
	const char *func, const char *logger)
{
	const struct tell_site *site = tell_origin(file, line, func, logger);
	if (site)
		e->record.head->place = site->id;
}

bool tell_entry_seq(struct tell_head *h, const char *text, size_t len)
{
	const char *dot = memchr(text, '.', len);
	const char *end = text + len;
	const char *dot2 = dot ? memchr(dot + 1, '.', (size_t)(end - dot - 1)) : NULL;
	uint64_t lane, n;
	uint32_t run = 0;
	if (!dot2 || dot - text != 8 ||
		!tell_parse_u64(dot + 1, (size_t)(dot2 - dot - 1), &lane) ||
		lane > UINT16_MAX ||
		!tell_parse_u64(dot2 + 1, (size_t)(end - dot2 - 1), &n))
		return false;
	for (const char *p = text; p < dot; p++) {
		const char *digit = *p ? strchr("0123456789abcdef", *p) : NULL;
		if (!digit)
			return false;
		run = run << 4 | (uint32_t)(digit - "0123456789abcdef");
	}
	h->run = run;
	h->lane = (uint16_t)lane;
	h->seq = n;
	return true;
}

void tell_entry_kind(struct tell_head *h, const char *word, size_t len)
{
	static const char *const words[] = { "log", "span", "event", "metric", "health",
		"alert", "cost", "feedback", "loss" }; /* enum tell_kind */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
			h->kind = (uint8_t)i;
}

/* Our own files write some of the exits' names as members; they are no fields. */
static bool is_own_member(struct tell_entry *e, const struct tell_field *f)
{
	if (f->key_len == 4 && memcmp(f->key, "kind", 4) == 0 && f->type == TELL_TYPE_STR)
		tell_entry_kind(e->record.head, f->v.ptr, f->len);
	else if (f->key_len == 3 && memcmp(f->key, "cut", 3) == 0)
		e->record.head->flags |= TELL_RECORD_CUT;
	else
		return false;
	return true;
}

/* A file's message_id is what journald has as MESSAGE_ID, not what a call named so. */
static void add_member(struct tell_entry *e, const struct tell_field *f)
{
	static const char id[] = "message_id";
	const uint16_t key = f->key_len == sizeof(id) - 1 &&
			memcmp(f->key, id, sizeof(id) - 1) == 0
		? TELL_KEY_MESSAGE_ID
		: 0;
	tell_record_add(&e->record, f, 1, key ? TELL_SLOT_ADDED : 0, &key);
}

int tell_entry_from_line(
	struct tell_entry *e, const char *line, size_t len, uint64_t time_ns)
{
	struct tell_input *l = &e->line;
	tell_input_read(l, line, len);
	int r = tell_record_begin(
		&e->record, l->level < 0 ? TELL_INFO : l->level, TELL_KIND_LOG);
	if (r < 0)
		return r;

	struct tell_head *h = e->record.head;
	h->realtime_ns = l->time_ns ? l->time_ns : time_ns;
	h->pid = l->pid;
	h->tid = l->tid;
	e->own = l->seq && tell_entry_seq(h, l->seq, strlen(l->seq));
	e->realtime_us = h->realtime_ns / 1000;
	e->journal = false;
	e->n_raw = 0;
	e->who = (struct tell_identity){ .service = l->service ? l->service : "",
		.host = "",
		.pid = l->pid,
		.facility = 1 };

	tell_record_message(&e->record, l->message, l->message_len);
	tell_entry_place(e, l->file, l->file_line, l->func, l->logger);
	for (size_t i = 0; i < l->n_fields; i++)
		if (!is_own_member(e, &l->fields[i]))
			add_member(e, &l->fields[i]);
	return 0;
}
