/* telltale/compat/stdio.h: what a program prints becomes records; the source stays as it is.
 *
 *	#include <telltale/compat/stdio.h>                     // was <stdio.h>
 *
 *	printf("listening on %s:%d\n", host, port);            // level info
 *	fprintf(stderr, "cannot reach %s\n", peer);            // level warning
 *	fprintf(stderr, SD_ERR "disk full\n");                 // "<3>...": level error
 *	perror("open");                                        // error, with errno and error
 *	fprintf(report, "%d\n", n);                            // another FILE: as it was
 *	tell_level_set("file:main.c off");                     // each call can be switched
 *
 *	cc -include telltale/compat/stdio.h main.c $(pkg-config --cflags --libs telltale)
 *
 * The second form changes no file at all. A source that itself defines _GNU_SOURCE or the
 * like (feature_test_macros(7)) comes too late with it then: add -D_GNU_SOURCE= .
 * It holds for what prints to stdout or stderr:
 *	printf vprintf puts putchar fprintf vfprintf fputs fputc putc fwrite perror dprintf
 *	vdprintf, their _unlocked forms, and err(3) and warn(3), see <telltale/compat/err.h>.
 * The compiler checks formats as before, arguments are evaluated as before, and the numbers
 * that are returned are those of stdio.
 *
 * Lines   Text that ends in a newline is one record, up to the last newline of the call: one
 *         in the middle is part of the message, so that what is printed with %s cannot forge
 *         a record. A rest without a newline is kept, each thread its own, and continued by
 *         its next call; the record has the place of the call that began it. Blank lines
 *         are left out; a line over 48 KiB becomes several records.
 * Rests   are sent as they are by fflush(), tell_flush(), perror(), err() and warn(), before
 *         fork(), exec..(), _exit() and abort(), when the thread ends, and at exit. What is
 *         lost is a rest without a newline in a process that is killed.
 * Level   info for stdout, TELL_COMPAT_STDERR for stderr (warning, unless you define it before the
 *         include). A format that begins with <0> to <7> or <%d> says its level itself
 *         (sd-daemon(3)); in what is printed with %s, and in puts(), <0> is text.
 *
 * TELL_COMPAT_NO_ERR, defined before the include, leaves err(3) alone: for a program that has
 * a warn() of its own.
 * Not seen:  a pointer to such a function; write(2); wide characters; std::cout. stdout and
 *            stderr mean the streams, whatever file they have become.
 * Threads:   any, at any time.
 * Source:    printf(3), C11 7.21; sd-daemon(3).
 * Licence:   MIT. */
#ifndef TELLTALE_COMPAT_STDIO_H
#define TELLTALE_COMPAT_STDIO_H
/* All that has these names must be read before they are macros. */
#ifdef __cplusplus
#include <cstdio>
#include <cstdlib>
#include <cstring>
#else
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#endif
#include <unistd.h>
#include <telltale/log.h>
#ifndef TELL_COMPAT_NO_ERR
#include <telltale/compat/err.h>
#endif

#ifndef TELL_COMPAT_STDERR
#define TELL_COMPAT_STDERR TELL_WARNING
#endif

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What the macros below stand for; err_level is that of stderr's lines. */
int tell__fprintf(struct tell_site *site, int err_level, FILE *f, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int tell__vfprintf(struct tell_site *site, int err_level, FILE *f, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));
int tell__dprintf(struct tell_site *site, int err_level, int fd, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int tell__vdprintf(struct tell_site *site, int err_level, int fd, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));
size_t tell__fwrite(struct tell_site *site, int err_level, const void *bytes, size_t size,
	size_t n, FILE *f);
void tell__perror(struct tell_site *site, const char *s);
int tell__fflush(FILE *f);
void tell__lines_flush(void);

static inline int tell__fputs(
	struct tell_site *site, int err_level, const char *s, FILE *f)
{
	size_t n = strlen(s);
	return n && tell__fwrite(site, err_level, s, 1, n, f) != n ? EOF : 1;
}

static inline int tell__fputc(struct tell_site *site, int err_level, int c, FILE *f)
{
	unsigned char byte = (unsigned char)c;
	return tell__fwrite(site, err_level, &byte, 1, 1, f) == 1 ? byte : EOF;
}

/* Before this process ends or becomes another program; the argument is handed through. */
static inline const char *tell__before_exec(const char *path)
{
	tell__lines_flush();
	return path;
}

static inline int tell__before_exit(int n)
{
	tell__lines_flush();
	return n;
}

__attribute__((noreturn)) static inline void tell__abort(void)
{
	tell__lines_flush();
	abort();
}

#pragma GCC visibility pop
#ifdef __cplusplus
}
/* std::printf(...) becomes std::tell__fprintf(...). */
namespace std
{
using ::tell__abort;
using ::tell__fflush;
using ::tell__fprintf;
using ::tell__fputc;
using ::tell__fputs;
using ::tell__fwrite;
using ::tell__perror;
using ::tell__vfprintf;
} // namespace std
#endif

#undef printf
#undef vprintf
#undef fprintf
#undef vfprintf
#undef puts
#undef fputs
#undef putchar
#undef putc
#undef fputc
#undef fwrite
#undef perror
#undef fflush
#undef dprintf
#undef vdprintf
#undef putchar_unlocked
#undef putc_unlocked
#undef fputc_unlocked
#undef fputs_unlocked
#undef fwrite_unlocked

/* clang-format off */
#define TELL__PRINT_HERE(...) TELL__SITE_VARIES(#__VA_ARGS__), TELL_COMPAT_STDERR
#define printf(...)        tell__fprintf(TELL__PRINT_HERE(__VA_ARGS__), stdout, __VA_ARGS__)
#define vprintf(...)       tell__vfprintf(TELL__PRINT_HERE(__VA_ARGS__), stdout, __VA_ARGS__)
#define fprintf(file, ...) tell__fprintf(TELL__PRINT_HERE(__VA_ARGS__), (file), __VA_ARGS__)
#define vfprintf(file, ...) \
	tell__vfprintf(TELL__PRINT_HERE(__VA_ARGS__), (file), __VA_ARGS__)
#define dprintf(fd, ...)   tell__dprintf(TELL__PRINT_HERE(__VA_ARGS__), (fd), __VA_ARGS__)
#define vdprintf(fd, ...)  tell__vdprintf(TELL__PRINT_HERE(__VA_ARGS__), (fd), __VA_ARGS__)
/* One call, so that the line and its newline are not two. */
#define puts(s)            tell__fprintf(TELL__PRINT_HERE(s), stdout, "%s\n", (s))
#define fputs(s, file)     tell__fputs(TELL__PRINT_HERE(s), (s), (file))
#define fputc(c, file)     tell__fputc(TELL__PRINT_HERE(c), (c), (file))
#define putc(c, file)      tell__fputc(TELL__PRINT_HERE(c), (c), (file))
#define putchar(c)         tell__fputc(TELL__PRINT_HERE(c), (c), stdout)
#define fwrite(bytes, size, n, file) \
	tell__fwrite(TELL__PRINT_HERE(bytes), (bytes), (size), (n), (file))
#define fputs_unlocked(s, file)  fputs(s, file)
#define fputc_unlocked(c, file)  fputc(c, file)
#define putc_unlocked(c, file)   putc(c, file)
#define putchar_unlocked(c)      putchar(c)
#define fwrite_unlocked(bytes, size, n, file) fwrite(bytes, size, n, file)
#define perror(s)          tell__perror(TELL__SITE_HERE(TELL_ERROR, #s), (s))
#define fflush(file)       tell__fflush(file)

#define abort()              tell__abort()
#define _exit(status)        _exit(tell__before_exit(status))
#define _Exit(status)        _Exit(tell__before_exit(status))
#define quick_exit(status)   quick_exit(tell__before_exit(status))
#define execl(path, ...)     execl(tell__before_exec(path), __VA_ARGS__)
#define execle(path, ...)    execle(tell__before_exec(path), __VA_ARGS__)
#define execlp(path, ...)    execlp(tell__before_exec(path), __VA_ARGS__)
#define execv(path, ...)     execv(tell__before_exec(path), __VA_ARGS__)
#define execve(path, ...)    execve(tell__before_exec(path), __VA_ARGS__)
#define execvp(path, ...)    execvp(tell__before_exec(path), __VA_ARGS__)
#define execvpe(path, ...)   execvpe(tell__before_exec(path), __VA_ARGS__)
#define fexecve(fd, ...)     fexecve(tell__before_exit(fd), __VA_ARGS__)
/* clang-format on */
#endif
