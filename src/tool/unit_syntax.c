/* The lines of systemd's files: sections, assignments, comments, continued lines
 * (systemd.syntax(7)). */
#include <errno.h>
#include <string.h>
#include "tool/unit_file.h"

struct piece {
	const char *p;
	size_t n;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct piece trim(struct piece s)
{
	while (s.n && is_blank(*s.p))
		s.p++, s.n--;
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Does the line go on in the next one? A backslash before the last one takes its meaning. */
static bool goes_on(struct piece line)
{
	size_t n = 0;
	while (n < line.n && line.p[line.n - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

static struct piece next_line(const char **p, const char *end)
{
	const char *feed = memchr(*p, '\n', (size_t)(end - *p));
	struct piece line = { *p, (size_t)((feed ? feed : end) - *p) };
	*p = feed ? feed + 1 : end;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The next line that is none of comment or blank, with those that continue it, in buf. */
static bool whole_line(struct tell_buf *buf, const char **p, const char *end)
{
	tell_buf_clear(buf);
	for (bool begun = false; *p < end;) {
		struct piece line = next_line(p, end), seen = trim(line);
		if (seen.n && (*seen.p == '#' || *seen.p == ';'))
			continue; /* also between two parts of a line */
		if (!begun && seen.n == 0)
			continue;
		bool more = goes_on(line);
		tell_buf_put(buf, line.p, line.n - more);
		if (!more)
			return true;
		tell_buf_putc(buf, ' ');
		begun = true;
	}
	return buf->len > 0;
}

int tell_unit_walk(const char *text, size_t len, const char *section,
	tell_unit_line_fn *fn, void *arg)
{
	const char *p = text, *end = text + len;
	bool inside = false;
	struct tell_buf buf;
	int r = 0;
	tell_buf_init(&buf, 0);
	while (r == 0 && whole_line(&buf, &p, end)) {
		struct piece line = trim((struct piece){ buf.data, buf.len });
		if (buf.cut)
			r = -ENOMEM;
		if (r < 0 || line.n == 0)
			continue;
		if (*line.p == '[') {
			size_t n = strlen(section);
			inside = line.n == n + 2 && line.p[n + 1] == ']' &&
				memcmp(line.p + 1, section, n) == 0;
			continue;
		}
		const char *equals = memchr(line.p, '=', line.n);
		if (!inside || !equals)
			continue;
		struct piece key = trim(
			(struct piece){ line.p, (size_t)(equals - line.p) });
		struct piece value = trim((struct piece){
			equals + 1, line.n - (size_t)(equals + 1 - line.p) });
		r = fn(arg, key.p, key.n, value.p, value.n);
	}
	tell_buf_done(&buf);
	return r;
}
