/* A line's preamble becomes level, place and the fields line_...: see decode/preamble.h. */
#include <string.h>
#include <strings.h>
#include "base/number.h"
#include "record/level.h"
#include "record/name.h"
#include "decode/field_arg.h"
#include "decode/preamble.h"
#include "decode/input.h"

#define APART	 "user_" /* what stands before a line's own field of such a name */
#define NAME_MIN (sizeof("line_pid") - 1)

/* The names with APART before them. */
static const char *const names[] = { APART "line_time", APART "line_level",
	APART "line_pid", APART "line_thread", APART "line_program", APART "line_host",
	APART "line_column", APART "line_place" };

enum {
	LINE_TIME,
	LINE_LEVEL,
	LINE_PID,
	LINE_THREAD,
	LINE_PROGRAM,
	LINE_HOST,
	LINE_COLUMN,
	LINE_PLACE
};

static const char *name_of(int i)
{
	return names[i] + sizeof(APART) - 1;
}

const char *tell_input_apart(
	const struct tell_input *l, const char *key, size_t key_len, size_t *ret_len)
{
	struct tell_key made;
	*ret_len = key_len;
	if (key_len < NAME_MIN || (key[0] != '_' && (key[0] | 0x20) != 'l'))
		return key;
	(void)tell_name_make(&made, key, key_len); /* "Line-Time", too */
	for (size_t i = 0; i < l->n_preamble; i++) {
		const char *name = l->preamble[i].key;
		if (strlen(name) != made.len || memcmp(name, made.name, made.len) != 0)
			continue;
		*ret_len = sizeof(APART) - 1 + made.len;
		return name - (sizeof(APART) - 1);
	}
	return key;
}

static void put(struct tell_input *l, int name, struct tell_piece piece)
{
	if (piece.n && l->n_preamble < TELL_INPUT_PREAMBLE_MAX)
		l->preamble[l->n_preamble++] = tell_strn(name_of(name), piece.p, piece.n);
}

static void put_number(struct tell_input *l, int name, struct tell_piece piece)
{
	if (piece.n && l->n_preamble < TELL_INPUT_PREAMBLE_MAX)
		l->preamble[l->n_preamble++] = tell_field_typed(
			name_of(name), piece.p, piece.n);
}

/* Does the record's level say all that the word said? */
static bool is_word_of(int level, struct tell_piece word)
{
	static const char *const ours[] = { "err", "warn" };
	static const int levels[] = { TELL_ERROR, TELL_WARNING };
	const char *own = tell_level_word(level);
	if (strlen(own) == word.n && strncasecmp(own, word.p, word.n) == 0)
		return true;
	for (size_t i = 0; i < 2; i++)
		if (levels[i] == level && strlen(ours[i]) == word.n &&
			strncasecmp(ours[i], word.p, word.n) == 0)
			return true;
	return false;
}

static void take_level(struct tell_input *l, const struct tell_preamble *h)
{
	if (!h->level.n)
		return;
	if (l->level < 0)
		l->level = h->severity;
	if (!is_word_of(l->level, h->level))
		put(l, LINE_LEVEL, h->level);
}

static void take_pid(struct tell_input *l, struct tell_piece pid)
{
	uint64_t n;
	if (pid.n && l->own_pid && *pid.p != '0' && tell_parse_u64(pid.p, pid.n, &n) &&
		n == l->own_pid)
		return; /* the record has it */
	put_number(l, LINE_PID, pid);
}

/* A C string of l's own; NULL for nothing. */
static const char *keep(struct tell_input *l, struct tell_piece piece)
{
	char *at = piece.n ? tell_input_keep(l, piece.n + 1) : NULL;
	if (!at)
		return NULL;
	tell_buf_put(&l->text, piece.p, piece.n);
	tell_buf_putc(&l->text, '\0');
	return at;
}

size_t tell_input_preamble(struct tell_input *l, const char *text, size_t len)
{
	struct tell_preamble h;
	size_t n = tell_preamble_read(&h, text, len);
	if (!n)
		return 0;
	put(l, LINE_TIME, h.time);
	if (h.time_ns)
		l->time_ns = h.time_ns;
	take_level(l, &h);
	put(l, LINE_HOST, h.host);
	put(l, LINE_PROGRAM, h.program);
	take_pid(l, h.pid);
	put_number(l, LINE_THREAD, h.thread);
	put_number(l, LINE_COLUMN, h.column);
	l->file = keep(l, h.file);
	l->func = keep(l, h.func);
	l->logger = keep(l, h.logger);
	l->file_line = h.line;
	return n;
}

void tell_input_place_field(struct tell_input *l)
{
	char number[TELL_U64_MAX_CHARS];
	size_t n = strlen(l->file),
	       k = (size_t)(tell_put_u64(number, l->file_line) - number);
	struct tell_piece place = { tell_input_keep(l, n + k + 1), n + k + 1 };
	if (!place.p)
		return;
	tell_buf_put(&l->text, l->file, n);
	tell_buf_putc(&l->text, ':');
	tell_buf_put(&l->text, number, k);
	put(l, LINE_PLACE, place);
}
