/* Words of a preamble: a level, a place, prog[123]:, the preambles of glog and nginx. */
#include <string.h>
#include <telltale/log.h>
#include "decode/preamble_cursor.h"

static bool is_logger(char c)
{
	return tell_is_letter(c) || tell_is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* "ERROR:root:" as Python's logging writes it; the name becomes the logger. */
static size_t logger_behind(struct tell_preamble_cursor *c, const char *p)
{
	size_t n = 0;
	while (p + n < c->end && n < TELL_PREAMBLE_WORD_MAX && is_logger(p[n]))
		n++;
	if (n == 0 || !tell_is_letter(*p) || p + n >= c->end || p[n] != ':')
		return 0;
	c->h->logger = (struct tell_piece){ p, n };
	return n + 1;
}

/* How a level's word ends says whether it is one: "ERROR: ", and where it is clear anyway
 * also "ERROR " in upper case. The bytes with the colon; 0: a word of the message. */
static size_t level_end(
	struct tell_preamble_cursor *c, const char *p, size_t n, unsigned flags)
{
	const char *after = p + n;
	bool upper = flags & TELL_PREAMBLE_UPPER;
	if (after < c->end && *after == ':') {
		if (!upper && (flags & TELL_PREAMBLE_SHY))
			return 0;
		struct tell_preamble place = { 0 };
		if (blank_or_end(after + 1, c->end) ||
			(upper && tell_preamble_place(&place, after + 1, c->end, true)))
			return n + 1;
		size_t more = upper ? logger_behind(c, after + 1) : 0;
		return more ? n + 1 + more : 0;
	}
	if (!upper)
		return 0;
	if (c->known)
		return blank_or_end(after, c->end) || *after == '|' ? n : 0;
	const char *s = after + blanks(after, c->end);
	bool bar = s < c->end && *s == '|';
	bool dash = s > after && s < c->end && *s == '-' && blank_or_end(s + 1, c->end);
	return bar || dash ? n : 0;
}

static bool read_level(struct tell_preamble_cursor *c)
{
	size_t n = letters(c->p, c->end);
	unsigned flags;
	int severity = c->h->level.n ? -1 : tell_preamble_severity(c->p, n, &flags);
	size_t used = severity < 0 ? 0 : level_end(c, c->p, n, flags);
	if (!used)
		return false;
	set_level(c, c->p, n, severity);
	c->p += used;
	c->may_time = false; /* "error: 03:54:27 is too late" */
	return true;
}

static bool read_place(struct tell_preamble_cursor *c)
{
	struct tell_preamble before = *c->h;
	size_t n = c->h->file.n ? 0 : tell_preamble_place(c->h, c->p, c->end, c->known);
	const char *after = c->p + n;
	if (!n)
		return false;
	bool colon = after < c->end && *after == ':';
	if (!blank_or_end(after + colon, c->end) || (!colon && !c->known)) {
		*c->h = before;
		return false;
	}
	c->p = after + colon;
	c->may_time = false;
	return true;
}

/* "prog[123]:", behind the time of syslog perhaps with a host in front. */
static bool read_program(struct tell_preamble_cursor *c)
{
	const char *p = c->p;
	size_t n = name(p, c->end);
	struct tell_piece host = { 0 };
	if (!timed(c) || c->h->pid.n || c->h->level.n || c->h->file.n)
		return false;
	if (c->h->time_is_syslogs && n && p + n < c->end && p[n] == ' ') {
		host = (struct tell_piece){ p, n };
		p += n + 1;
		n = name(p, c->end);
	}
	const char *open = p + n, *pid = open + 1;
	size_t k = open < c->end && *open == '[' ? digits(pid, c->end) : 0;
	if (!n || !tell_is_letter(*p) || k == 0 || k > TELL_PREAMBLE_PID_DIGITS_MAX ||
		c->end - pid < (long)k + 2 || pid[k] != ']' || pid[k + 1] != ':' ||
		!blank_or_end(pid + k + 2, c->end))
		return false;
	c->h->program = (struct tell_piece){ p, n };
	c->h->host = host;
	c->h->pid = (struct tell_piece){ pid, k };
	c->p = pid + k + 2;
	return true;
}

/* nginx: "123#456:" */
static bool read_pid_and_thread(struct tell_preamble_cursor *c)
{
	size_t n = digits(c->p, c->end);
	const char *thread = c->p + n + 1;
	if (!timed(c) || c->h->pid.n || c->h->thread.n || !n ||
		n > TELL_PREAMBLE_PID_DIGITS_MAX || thread >= c->end || thread[-1] != '#')
		return false;
	size_t k = digits(thread, c->end);
	if (!k || thread + k >= c->end || thread[k] != ':' ||
		!blank_or_end(thread + k + 1, c->end))
		return false;
	c->h->pid = (struct tell_piece){ c->p, n };
	c->h->thread = (struct tell_piece){ thread, k };
	c->p = thread + k + 1;
	return true;
}

/* Python: "TIME - NAME - ERROR - "; the name alone here. */
static bool read_logger(struct tell_preamble_cursor *c)
{
	size_t n = c->dash && timed(c) && !c->h->level.n && !c->h->logger.n
		? name(c->p, c->end)
		: 0;
	unsigned flags;
	const char *s = c->p + n;
	if (!n || c->end - s < 3 || memcmp(s, " - ", 3) != 0)
		return false;
	size_t k = letters(s + 3, c->end);
	if (tell_preamble_severity(s + 3, k, &flags) < 0 ||
		!(flags & TELL_PREAMBLE_UPPER))
		return false;
	c->h->logger = (struct tell_piece){ c->p, n };
	c->p += n;
	return true;
}

/* glog and klog: "E1121 03:54:27.123456  123 file.cc:42] ", the year perhaps in front. */
static bool read_glog(struct tell_preamble_cursor *c)
{
	static const char pattern[] = "#### ##:##:##.###### ";
	const char *p = c->p + 1, *s = p;
	if (c->known || c->end - p < 32 || !strchr("DIWEFC", *c->p) || !tell_is_digit(*p))
		return false;
	if (digits(p, c->end) == 8)
		s += 4;
	for (size_t i = 0; pattern[i]; i++, s++)
		if (s == c->end ||
			(pattern[i] == '#' ? !tell_is_digit(*s) : *s != pattern[i]))
			return false;
	struct tell_piece time = { p, (size_t)(s - 1 - p) };
	s += blanks(s, c->end);
	size_t n = digits(s, c->end);
	struct tell_piece thread = { s, n };
	s += n;
	if (!n || s == c->end || !is_blank(*s++))
		return false;
	struct tell_preamble read = *c->h;
	n = tell_preamble_place(&read, s, c->end, true);
	if (!n || s + n == c->end || s[n] != ']')
		return false;
	static const int of_letter[] = { ['D' - 'C'] = TELL_DEBUG,
		['I' - 'C'] = TELL_INFO,
		['W' - 'C'] = TELL_WARNING,
		['E' - 'C'] = TELL_ERROR,
		['F' - 'C'] = TELL_CRIT,
		['C' - 'C'] = TELL_CRIT };
	*c->h = read;
	c->h->time = time;
	c->h->thread = thread;
	set_level(c, c->p, 1, of_letter[*c->p - 'C']);
	c->p = s + n + 1;
	return true;
}

bool tell_preamble_word(struct tell_preamble_cursor *c)
{
	size_t n = c->may_time && !timed(c)
		? tell_preamble_time(c->h, c->p, c->end, false)
		: 0;
	if (n) {
		c->p += n;
		return true;
	}
	return read_glog(c) || read_level(c) || read_place(c) || read_program(c) ||
		read_pid_and_thread(c) || read_logger(c);
}
