#include <telltale/compat/stdio.h>
#include <errno.h>
#include <unistd.h>
#include "api/lines.h"

/* Ours are the functions, not the macros that stand for them in a program. */
#undef vfprintf
#undef vdprintf
#undef fwrite
#undef fflush

/* Is it one of the two whose text becomes records? */
static bool stream_of(const FILE *f, enum tell_stream *ret)
{
	*ret = f == stdout ? TELL_LINES_OUT : TELL_LINES_ERR;
	return f == stdout || f == stderr;
}

static int level_of(enum tell_stream stream, int err_level)
{
	return stream == TELL_LINES_OUT ? TELL_INFO : err_level;
}

int tell__vfprintf(
	struct tell_site *site, int err_level, FILE *f, const char *fmt, va_list ap)
{
	enum tell_stream stream;
	if (!stream_of(f, &stream))
		return vfprintf(f, fmt, ap);
	return tell_lines_vprintf(site, level_of(stream, err_level), stream, fmt, ap);
}

int tell__fprintf(struct tell_site *site, int err_level, FILE *f, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = tell__vfprintf(site, err_level, f, fmt, ap);
	va_end(ap);
	return n;
}

int tell__vdprintf(
	struct tell_site *site, int err_level, int fd, const char *fmt, va_list ap)
{
	if (fd != STDOUT_FILENO && fd != STDERR_FILENO)
		return vdprintf(fd, fmt, ap);
	return tell__vfprintf(
		site, err_level, fd == STDOUT_FILENO ? stdout : stderr, fmt, ap);
}

int tell__dprintf(struct tell_site *site, int err_level, int fd, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = tell__vdprintf(site, err_level, fd, fmt, ap);
	va_end(ap);
	return n;
}

size_t tell__fwrite(struct tell_site *site, int err_level, const void *bytes, size_t size,
	size_t n, FILE *f)
{
	enum tell_stream stream;
	size_t len;
	if (!stream_of(f, &stream))
		return fwrite(bytes, size, n, f);
	if (__builtin_mul_overflow(size, n, &len) || len == 0)
		return 0;
	tell_lines_put(site, level_of(stream, err_level), stream, bytes, len);
	return n;
}

void tell__perror(struct tell_site *site, const char *s)
{
	if (s && *s)
		tell__warn(site, TELL_ERROR, true, "%s", s);
	else
		tell__warn(site, TELL_ERROR, true, NULL);
}

int tell__fflush(FILE *f)
{
	if (!f || f == stdout || f == stderr)
		tell_lines_flush();
	return fflush(f);
}

void tell__lines_flush(void)
{
	tell_lines_flush();
}
