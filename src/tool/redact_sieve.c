#include "tool/redact_sieve.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "tool/redact_pem.h"

/* telltale redact: an input's lines, one unit after the other. */
#define CHUNK	 ((size_t)128 << 10)
#define OUT_FULL ((size_t)64 << 10)
#define IDLE_MS	 100

enum line { LINE, LONG, END };

void tell_sieve_init(struct tell_sieve *s, struct tell_redactor *rules)
{
	*s = (struct tell_sieve){ .rules = rules, .fd = -1 };
	s->json = (struct tell_redact_json){ .rules = rules, .to = &s->out };
}

void tell_sieve_done(struct tell_sieve *s)
{
	tell_redact_json_done(&s->json);
	tell_buf_done(&s->in);
	tell_buf_done(&s->out);
	tell_buf_done(&s->part);
	tell_buf_done(&s->rest);
}

/* ---- in and out ---- */

static void put_out(struct tell_sieve *s)
{
	if (s->out.cut) { /* half of it would be worse than none */
		s->error = ENOMEM;
		s->eof = true;
		s->at = s->in.len;
		tell_buf_clear(&s->out);
	}
	if (!s->quiet && s->out.len)
		(void)fwrite(
			s->out.data, 1, s->out.len, stdout); /* see tell_cli_flush() */
	tell_buf_clear(&s->out);
}

/* Would a read wait, for longer than ms? */
static bool is_idle(struct tell_sieve *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	return !s->eof && poll(&p, 1, ms) == 0;
}

/* Read more behind what there is. False at the end. */
static bool fill(struct tell_sieve *s)
{
	if (s->eof)
		return false;
	if (is_idle(s, 0)) { /* somebody may look at what is known so far */
		put_out(s);
		(void)fflush(stdout); /* see tell_cli_flush() */
	}
	s->in.len -= s->at;
	if (s->at)
		memmove(s->in.data, s->in.data + s->at, s->in.len);
	s->at = 0;
	ssize_t n = -1;
	errno = ENOMEM;
	if (tell_buf_reserve(&s->in, CHUNK))
		do
			n = read(s->fd, s->in.data + s->in.len, CHUNK);
		while (n < 0 && errno == EINTR);
	if (n <= 0) {
		s->error = n < 0 ? errno : 0;
		s->eof = true;
		return false;
	}
	s->in.len += (size_t)n;
	s->n_read += (uint64_t)n;
	if (s->progress)
		s->progress(s->progress_arg, s->n_read);
	return true;
}

/* ---- lines ---- */

static const char *base(const struct tell_sieve *s)
{
	return s->in.data + s->at;
}

static size_t have(const struct tell_sieve *s)
{
	return s->in.len - s->at;
}

/* The line that begins `from` bytes behind s->at: where it ends. */
static enum line line_at(struct tell_sieve *s, size_t from, size_t most, size_t *ret_end)
{
	for (size_t looked = from;;) {
		const char *p = have(s) > looked
			? memchr(base(s) + looked, '\n', have(s) - looked)
			: NULL;
		if (p) {
			*ret_end = (size_t)(p - base(s)) + 1;
			return LINE;
		}
		looked = have(s);
		*ret_end = looked;
		if (looked >= most)
			return LONG;
		if (!fill(s))
			return looked > from ? LINE : END;
	}
}

static size_t without_newline(const char *line, size_t n)
{
	while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	return n;
}

static bool looks_like_json(struct tell_sieve *s)
{
	if (s->inside)
		return false;
	if (have(s) == 0)
		(void)fill(s);
	size_t i = 0;
	while (i < have(s) && (base(s)[i] == ' ' || base(s)[i] == '\t'))
		i++;
	return i < have(s) && (base(s)[i] == '{' || base(s)[i] == '[');
}

static bool take_json(struct tell_sieve *s, size_t end)
{
	size_t n = without_newline(base(s), end);
	size_t was = s->out.len;
	if (!tell_redact_json(&s->json, base(s), n)) {
		s->out.len = was;
		return false;
	}
	tell_buf_put(&s->out, base(s) + n, end - n);
	s->at += end;
	return true;
}

/* Is the line behind `end` part of what begins at s->at? */
static bool goes_on(struct tell_sieve *s, size_t end, bool key, size_t *ret_end)
{
	if (have(s) == end && ((!key && is_idle(s, IDLE_MS)) || !fill(s)))
		return false;
	char c = base(s)[end];
	if (!key)
		return (c == ' ' || c == '\t') &&
			line_at(s, end, TELL_SIEVE_WINDOW, ret_end) == LINE;
	return line_at(s, end, end + TELL_SIEVE_WINDOW, ret_end) == LINE &&
		tell_pem_goes_on(base(s) + end, *ret_end - end);
}

/* All that belongs together, from s->at on. True: there is more of it behind the window. */
static bool unit_end(struct tell_sieve *s, size_t *end)
{
	bool key = tell_pem_opens(base(s), *end);
	size_t next;
	while (goes_on(s, *end, key, &next)) {
		const char *line = base(s) + *end;
		size_t n = next - *end;
		if (next > s->window)
			return true;
		key = key ? !tell_pem_ends(line, n) : tell_pem_opens(line, n);
		*end = next;
	}
	return false;
}

/* What nothing can be said about: all of the line goes. */
static void give_up(struct tell_sieve *s, size_t n)
{
	size_t end;
	enum line l;
	s->at += n;
	while ((l = line_at(s, 0, TELL_SIEVE_WINDOW, &end)) == LONG)
		s->at += end;
	size_t text = without_newline(base(s), end);
	tell_buf_puts(&s->out, "[REDACTED:error]");
	tell_redactor_count(s->rules, "", 0, "[REDACTED:error]", 16);
	tell_buf_put(&s->out, base(s) + text, end - text);
	s->at += end;
	s->inside = false;
}

static void take_window(struct tell_sieve *s)
{
	while (have(s) < s->window && fill(s))
		;
	size_t n = have(s) < s->window ? have(s) : s->window;
	size_t done = n;
	if (n == have(s) && s->eof)
		(void)tell_redactor_text(s->rules, base(s), n, &s->out);
	else
		done = tell_sieve_window(s, base(s), n);
	if (!done && s->window < TELL_SIEVE_WINDOW_MAX) {
		s->window =
			TELL_SIEVE_WINDOW_MAX; /* not step by step: all is looked at again */
		return;
	}
	s->window = TELL_SIEVE_WINDOW;
	if (!done) {
		give_up(s, n);
		return;
	}
	s->inside = base(s)[done - 1] != '\n';
	s->at += done;
}

/* One line, or what belongs together. False at the end. */
static bool take_unit(struct tell_sieve *s)
{
	size_t end;
	bool json = looks_like_json(s);
	enum line l = line_at(
		s, 0, json ? TELL_SIEVE_WINDOW_MAX : TELL_SIEVE_WINDOW, &end);
	if (l == END)
		return false;
	if (l == LINE && json && take_json(s, end))
		return true;
	if (l == LONG || end > s->window || unit_end(s, &end)) {
		take_window(s);
		return true;
	}
	size_t n = without_newline(base(s), end); /* what masks a rest leaves it */
	(void)tell_redactor_text(s->rules, base(s), n, &s->out);
	tell_buf_put(&s->out, base(s) + n, end - n);
	s->at += end;
	s->inside = false;
	return true;
}

int tell_sieve_run(struct tell_sieve *s, int fd)
{
	s->fd = fd;
	s->error = 0;
	s->in.len = s->at = 0;
	s->eof = s->inside = s->json.key_open = false;
	s->window = TELL_SIEVE_WINDOW;
	while (!ferror(stdout) && take_unit(s))
		if (s->out.len >= OUT_FULL)
			put_out(s);
	put_out(s);
	return -s->error;
}
