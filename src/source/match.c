#include "source/match.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include "base/number.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "record/level.h"
#include "record/place.h"

/* Names of our files whose journal spelling is another. */
static const char *const aliases[][2] = {
	{ "SERVICE", "SYSLOG_IDENTIFIER" },
	{ "LEVEL", "PRIORITY" },
	{ "PID", "_PID" },
	{ "SEQ", "TELL_SEQ" },
	{ "KIND", "TELL_KIND" },
};

static int put_name(struct tell_match *t, const char *text, size_t n)
{
	if (n == 0 || n > TELL_NAME_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (c == '-' || c == '.')
			c = '_'; /* as names are made (record/key.h) */
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return -EINVAL;
		t->name[i] = c;
	}
	t->name[n] = '\0';
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(t->name, aliases[i][0]) == 0)
			(void)snprintf(t->name, sizeof(t->name), "%s", aliases[i][1]);
	return 0;
}

int tell_matches_add(struct tell_matches *m, const char *text)
{
	if (m->n == TELL_MATCH_MAX)
		return -E2BIG;
	struct tell_match *t = &m->list[m->n];
	*t = (struct tell_match){ .value = "" };
	if (strcmp(text, "+") == 0) {
		t->name[0] = '+';
		m->n++;
		return 0;
	}
	const char *equals = strchr(text, '=');
	if (!equals || put_name(t, text, (size_t)(equals - text)) < 0)
		return -EINVAL;
	t->value = equals + 1;
	t->len = strlen(t->value);
	if (strcmp(t->name, "PRIORITY") == 0) {
		static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6",
			"7" };
		int level = tell_level_parse(t->value, t->len);
		if (level < 0)
			return -EINVAL;
		t->value = digits[level];
		t->len = 1;
	}
	/* The bare text may be in TELL_TEXT; a caller is two fields; a pid may be either of
	 * two; a list in a journal is the field repeated, or a JSON array. */
	t->soft = strcmp(t->name, "MESSAGE") == 0 || strcmp(t->name, "CALLER") == 0 ||
		strcmp(t->name, "_PID") == 0;
	m->soft |= t->soft;
	m->n++;
	return 0;
}

/* A side of "+" with soft terms only is open: then the index cannot help at all. */
static bool has_open_side(const struct tell_matches *m)
{
	bool open = true;
	for (size_t i = 0; i < m->n; i++) {
		bool plus = m->list[i].name[0] == '+';
		if (plus && open)
			return true;
		open = plus || (open && m->list[i].soft);
	}
	return open;
}

int tell_matches_apply(const struct tell_matches *m, sd_journal *j)
{
	struct tell_buf text = { 0 };
	int r = 0;
	if (has_open_side(m))
		return 0;
	r = sd_journal_add_conjunction(j);
	for (size_t i = 0; i < m->n && r >= 0; i++) {
		const struct tell_match *t = &m->list[i];
		if (t->name[0] == '+') {
			r = sd_journal_add_disjunction(j);
			continue;
		}
		if (t->soft)
			continue;
		tell_buf_clear(&text);
		tell_buf_puts(&text, t->name);
		tell_buf_putc(&text, '=');
		tell_buf_put(&text, t->value, t->len);
		r = text.cut ? -ENOMEM : sd_journal_add_match(j, text.data, text.len);
	}
	tell_buf_done(&text);
	return r;
}

static bool is_text(const struct tell_match *t, const char *text, size_t len)
{
	return t->len == len && memcmp(t->value, text, len) == 0;
}

static bool is_number(const struct tell_match *t, uint64_t n)
{
	uint64_t wanted;
	return tell_parse_u64(t->value, t->len, &wanted) && wanted == n;
}

static bool is_caller(const struct tell_match *t, const struct tell_entry *e)
{
	const struct tell_place *p = tell_place(e->record.head->place);
	char text[600];
	int n = snprintf(text, sizeof(text), "%s:%u", p->file, p->line);
	return p->file_len && n > 0 && (size_t)n < sizeof(text) &&
		is_text(t, text, (size_t)n);
}

/* What the head holds. -1: not one of its names. */
static int head_holds(const struct tell_match *t, const struct tell_entry *e)
{
	const struct tell_head *h = e->record.head;
	const struct tell_place *p = tell_place(h->place);
	size_t len;
	const char *text = tell_record_text(&e->record, &len);
	if (strcmp(t->name, "MESSAGE") == 0 || strcmp(t->name, "TELL_TEXT") == 0)
		return is_text(t, text, len);
	if (strcmp(t->name, "PRIORITY") == 0)
		return is_number(t, h->level);
	if (strcmp(t->name, "SYSLOG_IDENTIFIER") == 0)
		return is_text(t, e->who.service, strlen(e->who.service));
	if (strcmp(t->name, "_PID") == 0 || strcmp(t->name, "SYSLOG_PID") == 0)
		return h->pid && is_number(t, h->pid);
	if (strcmp(t->name, "TELL_KIND") == 0)
		return is_text(
			t, tell_kind_word(h->kind), strlen(tell_kind_word(h->kind)));
	if (strcmp(t->name, "TID") == 0)
		return h->tid && is_number(t, h->tid);
	if (strcmp(t->name, "CALLER") == 0)
		return is_caller(t, e);
	if (strcmp(t->name, "LOGGER") == 0 && p->logger_len)
		return is_text(t, p->logger, p->logger_len);
	if (strcmp(t->name, "CODE_FILE") == 0)
		return p->file_len && is_text(t, p->file, p->file_len);
	if (strcmp(t->name, "CODE_FUNC") == 0)
		return p->func_len && is_text(t, p->func, p->func_len);
	if (strcmp(t->name, "CODE_LINE") == 0)
		return p->line && is_number(t, p->line);
	if (strcmp(t->name, "TELL_SEQ") != 0)
		return -1;
	struct tell_buf seq = { 0 };
	tell_encode_seq(&seq, h);
	bool yes = is_text(t, tell_buf_cstr(&seq), seq.len);
	tell_buf_done(&seq);
	return yes;
}

static bool value_holds(const struct tell_match *t, const struct tell_value *v)
{
	struct tell_buf text = { 0 };
	tell_encode_value(&text, v);
	bool yes = is_text(t, tell_buf_cstr(&text), text.len);
	tell_buf_done(&text);

	struct tell_value element;
	for (uint32_t pos = 0;
		!yes && v->type == TELL_TYPE_LIST && tell_value_next(v, &pos, &element);)
		yes = value_holds(t, &element);
	return yes;
}

static bool field_holds(const struct tell_match *t, const struct tell_entry *e)
{
	struct tell_key key;
	struct tell_value v;
	if (strcmp(t->name, "MESSAGE_ID") == 0)
		key = *tell_key_by_id(TELL_KEY_MESSAGE_ID); /* none that calls can give */
	else
		(void)tell_key_make(&key, t->name, strlen(t->name));
	return tell_record_get(&e->record, key.name, key.len, &v) && value_holds(t, &v);
}

static bool term_holds(const struct tell_match *t, const struct tell_entry *e)
{
	size_t n = strlen(t->name);
	for (size_t i = 0; i < e->n_raw; i++)
		if (e->raw[i].name_len == n && memcmp(e->raw[i].name, t->name, n) == 0 &&
			is_text(t, e->raw[i].value, e->raw[i].len))
			return true;
	int head = head_holds(t, e);
	return head >= 0 ? head : field_holds(t, e);
}

/* Terms from i to the next "+": of each name one must hold. */
static bool group_holds(
	const struct tell_matches *m, size_t i, const struct tell_entry *e)
{
	for (; i < m->n && m->list[i].name[0] != '+'; i++) {
		bool yes = false;
		for (size_t k = i; k < m->n && m->list[k].name[0] != '+' && !yes; k++)
			yes = strcmp(m->list[k].name, m->list[i].name) == 0 &&
				term_holds(&m->list[k], e);
		bool earlier = false;
		for (size_t k = i;
			k-- > 0 && m->list[k].name[0] != '+' && !yes && !earlier;)
			earlier = strcmp(m->list[k].name, m->list[i].name) == 0;
		if (!yes && !earlier)
			return false;
	}
	return true;
}

bool tell_matches_hold(const struct tell_matches *m, const struct tell_entry *e)
{
	if (m->n == 0)
		return true;
	for (size_t i = 0; i < m->n; i++) {
		if (m->list[i].name[0] != '+' && group_holds(m, i, e))
			return true;
		while (i < m->n && m->list[i].name[0] != '+')
			i++;
	}
	return false;
}
