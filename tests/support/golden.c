#include "support/golden.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void path_make(struct tell_buf *out, const char *path)
{
	const char *top = getenv("top_srcdir");
	tell_buf_printf(out, "%s/tests/golden/%s", top ? top : ".", path);
}

/* All of the file; 0 or -errno. */
static int read_file(struct tell_buf *out, const char *path)
{
	char block[4096];
	size_t n;
	FILE *f = fopen(path, "rb");
	if (!f)
		return -errno;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		tell_buf_put(out, block, n);
	(void)fclose(f); /* read only */
	return 0;
}

static int write_file(char *path, const char *text, size_t n)
{
	char *slash = strrchr(path, '/');
	*slash = '\0';
	(void)mkdir(path, 0777); /* there already, or fopen says what is wrong */
	*slash = '/';
	FILE *f = fopen(path, "wb");
	if (!f)
		return -errno;
	size_t written = fwrite(text, 1, n, f);
	return fclose(f) == 0 && written == n ? 0 : -EIO;
}

void golden_read(struct tell_buf *out, const char *path)
{
	struct tell_buf full;
	tell_buf_init(&full, 0);
	path_make(&full, path);
	int r = read_file(out, tell_buf_cstr(&full));
	if (r < 0) {
		(void)fprintf(stderr, "%s: %s\n", tell_buf_cstr(&full), strerror(-r));
		abort();
	}
	tell_buf_done(&full);
}

static size_t line_of(const char *s, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += s[i] == '\n';
	return line;
}

const char *golden_fault(const char *path, const char *text, size_t n)
{
	static char fault[300];
	struct tell_buf full, want;
	tell_buf_init(&full, 0);
	tell_buf_init(&want, 0);
	path_make(&full, path);
	(void)tell_buf_cstr(&full);
	fault[0] = '\0';
	if (getenv("TELL_GOLDEN_UPDATE")) {
		int r = write_file(full.data, text, n);
		if (r < 0)
			(void)snprintf(
				fault, sizeof(fault), "%s: %s", path, strerror(-r));
	} else if (read_file(&want, full.data) < 0) {
		(void)snprintf(fault, sizeof(fault), "%s: no such file", path);
	} else {
		size_t at = 0;
		while (at < n && at < want.len && text[at] == want.data[at])
			at++;
		if (at < n || at < want.len)
			(void)snprintf(fault, sizeof(fault),
				"%s differs at byte %zu, line %zu: got %.100s", path, at,
				line_of(text, at), at < n ? text + at : "its end");
	}
	tell_buf_done(&full);
	tell_buf_done(&want);
	return fault[0] ? fault : NULL;
}

void golden_quote(struct tell_buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (s[i]) {
		case '\n':
			tell_buf_puts(out, "\\n");
			break;
		case '\r':
			tell_buf_puts(out, "\\r");
			break;
		case '\t':
			tell_buf_puts(out, "\\t");
			break;
		case '\\':
			tell_buf_puts(out, "\\\\");
			break;
		default:
			if (s[i] >= 0x20 && s[i] < 0x7f)
				tell_buf_putc(out, s[i]);
			else
				tell_buf_printf(out, "\\x%02x", (unsigned char)s[i]);
		}
	}
}

static char unquote_one(const char **s, const char *end)
{
	const char *p = *s;
	*s += 1;
	if (*p != '\\' || p + 1 == end)
		return *p;
	*s += 1;
	switch (p[1]) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'x':
		if (end - p >= 4) {
			char digits[3] = { p[2], p[3], '\0' };
			*s += 2;
			return (char)strtoul(digits, NULL, 16);
		}
		return 'x';
	default:
		return p[1];
	}
}

void golden_unquote(struct tell_buf *out, const char *s, size_t n)
{
	const char *end = s + n;
	while (s < end)
		tell_buf_putc(out, unquote_one(&s, end));
}
