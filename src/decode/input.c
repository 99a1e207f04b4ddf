#include "decode/input.h"
#include <string.h>
#include "base/clock.h"
#include "base/number.h"

void tell_input_init(struct tell_input *l)
{
	tell_buf_init(&l->text, 0);
}

void tell_input_done(struct tell_input *l)
{
	tell_buf_done(&l->text);
}

bool tell_input_level(struct tell_input *l, const char *word, size_t len)
{
	int level = tell_role_level(word, len);
	if (level < 0 || l->level >= 0)
		return false;
	l->level = level;
	return true;
}

bool tell_input_time(struct tell_input *l, const char *text, size_t len)
{
	uint64_t ns, n;
	double sec;
	if (l->time_ns != 0)
		return false;
	if (tell_parse_rfc3339(text, len, &ns)) {
		l->time_ns = ns;
		return true;
	}
	if (tell_parse_u64(text, len, &n)) {
		/* 10^11 s is the year 5138; 10^11 ms is 1973, and so on up. */
		uint64_t unit = TELL_NS_PER_SEC;
		while (unit > 1 && n >= UINT64_C(100000000000) * (TELL_NS_PER_SEC / unit))
			unit /= 1000;
		if (n == 0 || n > UINT64_MAX / unit)
			return false;
		l->time_ns = n * unit;
		return true;
	}
	if (!tell_parse_f64(text, len, &sec) || sec < 1 || sec > 1e10)
		return false;
	l->time_ns = (uint64_t)(sec * 1e6) * 1000; /* a double of that size holds us */
	return true;
}

void tell_input_add(
	struct tell_input *l, const char *key, size_t key_len, struct tell_field f)
{
	if (l->n_fields == TELL_INPUT_FIELDS_MAX) {
		l->cut = true;
		return;
	}
	f.key = key;
	if (l->n_preamble)
		f.key = tell_input_apart(l, key, key_len, &key_len);
	f.key_len = (uint16_t)(key_len < UINT16_MAX ? key_len : UINT16_MAX);
	l->fields[l->n_fields++] = f;
}

char *tell_input_keep(struct tell_input *l, size_t n)
{
	/* tell_input_read() reserved for the whole line; decoding never makes it longer. */
	if (n > l->text.cap - l->text.len)
		return NULL;
	return l->text.data + l->text.len;
}

/* "<3>" or "<30>": the length, and the level taken. */
static size_t read_prefix(struct tell_input *l, const char *line, size_t len)
{
	const char *close = len > 2 && line[0] == '<'
		? memchr(line, '>', len < 5 ? len : 5)
		: NULL;
	uint64_t pri;
	if (!close || !tell_parse_u64(line + 1, (size_t)(close - line) - 1, &pri) ||
		pri > 191)
		return 0;
	l->level = (int)(pri & 7);
	return (size_t)(close - line) + 1;
}

static void begin(struct tell_input *l)
{
	l->level = -1;
	l->time_ns = 0;
	l->json = l->cut = false;
	l->service = l->logger = l->file = l->func = l->seq = NULL;
	l->file_line = l->pid = l->tid = 0;
	l->n_preamble = l->n_fields = 0;
	tell_buf_clear(&l->text);
}

/* The lines behind the first go behind what it left of itself as message. */
static void append_lines(struct tell_input *l, const char *lines, size_t len)
{
	char *at = tell_input_keep(l, l->message_len + len);
	if (!at)
		return; /* not seen: tell_input_read() reserved it */
	memmove(at, l->message, l->message_len);
	memcpy(at + l->message_len, lines, len);
	l->text.len += l->message_len + len;
	l->message = at;
	l->message_len += len;
}

/* Words and pairs, in the first n of len bytes. */
static bool read_pairs(struct tell_input *l, const char *line, size_t n, size_t len)
{
	int level = l->level;
	uint64_t time_ns = l->time_ns;
	if (tell_input_logfmt(l, line, n)) {
		if (n < len)
			append_lines(l, line + n, len - n);
		return true;
	}
	l->level = level;
	l->time_ns = time_ns;
	l->n_fields = 0;
	return false;
}

void tell_input_read(struct tell_input *l, const char *line, size_t len)
{
	begin(l);
	if (len && line[len - 1] == '\r')
		len--;
	if (l->prefix) {
		size_t n = read_prefix(l, line, len);
		line += n;
		len -= n;
	}
	l->message = line;
	l->message_len = len;
	const char *feed = len ? memchr(line, '\n', len) : NULL;
	size_t first = feed ? (size_t)(feed - line) : len;
	/* What is decoded and unquoted, and the lines joined, or once more the names of a preamble
	 * with a number and NULs. */
	if (l->parse == TELL_INPUT_NONE || !tell_buf_reserve(&l->text, 2 * len + 40))
		return;
	if ((l->parse & TELL_INPUT_JSON) && !feed && tell_input_json(l, line, len))
		return;
	size_t n = l->parse & TELL_INPUT_PRINTF ? tell_input_preamble(l, line, first) : 0;
	line += n;
	len -= n;
	first -= n;
	if (n && (l->parse & TELL_INPUT_JSON) && !feed && tell_input_json(l, line, len))
		return;
	if ((l->parse & TELL_INPUT_LOGFMT) && read_pairs(l, line, first, len))
		return;
	l->message = line;
	l->message_len = len;
}
