#include "preload/start.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/process.h"
#include "base/extent.h"
#include "base/number.h"
#include "preload/fields.h"
#include "preload/real.h"

enum { UNKNOWN, ON, OFF };

static struct {
	int state;	       /* atomic */
	const char *arguments; /* the first of them; NULL: the constructor has not run */
	dev_t stderr_dev;
	ino_t stderr_ino; /* 0: nobody reads it */
} start;

/* ---- the environment ---- */

static bool is_word(const char *word, size_t n, const char *what)
{
	return strlen(what) == n && memcmp(word, what, n) == 0;
}

/* The value of "name=value", if the word is that. */
static const char *value_of(const char *word, size_t *n, const char *name)
{
	size_t len = strlen(name);
	if (*n <= len || memcmp(word, name, len) != 0)
		return NULL;
	*n -= len;
	return word + len;
}

static void take_stderr(const char *text, size_t n)
{
	const char *colon = memchr(text, ':', n);
	uint64_t dev, ino;
	if (!colon || !tell_parse_u64(text, (size_t)(colon - text), &dev) ||
		!tell_parse_u64(colon + 1, n - (size_t)(colon + 1 - text), &ino))
		return;
	start.stderr_dev = (dev_t)dev;
	start.stderr_ino = (ino_t)ino;
}

/* True: taken over. */
static bool take_word(const char *word, size_t n, char service[TELL_SERVICE_MAX + 1])
{
	size_t left = n;
	const char *value = value_of(word, &left, "service=");
	if (value && left <= TELL_SERVICE_MAX) {
		memcpy(service, value, left);
		service[left] = '\0';
		return true;
	}
	value = value_of(word, &left, "stderr=");
	if (value)
		take_stderr(value, left);
	return !is_word(word, n, "off");
}

static int read_environment(void)
{
	char service[TELL_SERVICE_MAX + 1] = "";
	if (getauxval(AT_SECURE))
		return OFF;
	const char *at = getenv("TELLTALE_PRELOAD");
	while (at && *at) {
		size_t n = strcspn(at, ",");
		if (!take_word(at, n, service))
			return OFF;
		at += n + (at[n] == ',');
	}
	bool good = *service && tell_service_name_ok(service);
	tell_service_name(&tell_process.main, good ? service : tell_service_wanted(NULL));
	tell_process.main.flags = TELL_STACK_NO_STDERR;
	return ON;
}

bool tell_preload_on(void)
{
	int state = __atomic_load_n(&start.state, __ATOMIC_ACQUIRE);
	if (__builtin_expect(state == UNKNOWN, 0)) {
		state = read_environment(); /* the same for all who come at once */
		__atomic_store_n(&start.state, state, __ATOMIC_RELEASE);
	}
	return state == ON;
}

bool tell_preload_stderr_is_read(void)
{
	struct stat st;
	int saved = errno;
	bool read = start.stderr_ino && fstat(STDERR_FILENO, &st) == 0 &&
		st.st_dev == start.stderr_dev && st.st_ino == start.stderr_ino;
	errno = saved;
	return read;
}

/* ---- memory that stays ---- */

/* Where the program's own headers are, there is the program. */
static bool is_program(const char *text)
{
	struct tell_extent program;
	return tell_extent_of((const void *)getauxval(AT_PHDR), &program) &&
		tell_extent_has(&program, text);
}

/* Arguments and environment lie together, and the file's name behind them (execve(2)). */
static bool is_argument(uintptr_t at)
{
	uintptr_t first = (uintptr_t)start.arguments, last = getauxval(AT_EXECFN);
	return first && at >= first && at <= last;
}

bool tell_preload_is_kept(const char *text)
{
	return is_argument((uintptr_t)text) || is_program(text);
}

/* glibc hands main()'s arguments to constructors, too. */
__attribute__((constructor)) static void begin(int argc, char **argv)
{
	start.arguments = argc > 0 ? argv[0] : NULL;
	tell_real_find_sockets();
	if (tell_preload_on())
		tell_preload_read_fields();
}
