/* Where the allocations of the core go in a process that is not ours: the linker's --wrap=
 * brings them here (src/preload/local.mk). */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "preload/memory.h"

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t n);
void __wrap_free(void *p);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t n)
{
	return tell_memory_get(n);
}

static bool too_many(size_t n, size_t size, size_t *ret)
{
	if (!__builtin_mul_overflow(n, size, ret))
		return false;
	errno = ENOMEM;
	return true;
}

void *__wrap_calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p = too_many(n, size, &bytes) ? NULL : tell_memory_get(bytes);
	return p ? memset(p, 0, bytes) : NULL;
}

void *__wrap_realloc(void *p, size_t n)
{
	return tell_memory_resize(p, n);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;
	return too_many(n, size, &bytes) ? NULL : tell_memory_resize(p, bytes);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
	return tell_memory_get_aligned(align, n);
}

void __wrap_free(void *p)
{
	int saved = errno; /* as free() keeps it (POSIX) */
	tell_memory_drop(p);
	errno = saved;
}

static char *copy_of(const char *s, size_t len)
{
	char *copy = tell_memory_get(len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *__wrap_strdup(const char *s)
{
	return copy_of(s, strlen(s));
}

char *__wrap_strndup(const char *s, size_t n)
{
	return copy_of(s, strnlen(s, n));
}
