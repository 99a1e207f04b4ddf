#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A word among many: a byte of each says its first letter and its length, and memchr() finds
 * it as wide as the processor reads. Lists are kept as X(text, ...), so that the compiler
 * makes the bytes:
 *
 *	#define WORDS(X) X("one") X("two")
 *	#define KEY(text) TELL_KEYED(text),
 *	static const uint8_t keys[] = { WORDS(KEY) };
 *
 * Threads: pure functions. */
#define TELL_KEYED(text) (uint8_t)((size_t)(text)[0] + (sizeof(text) - 1) * 37)

/* The first from the i-th on that may be s[0..n), n not 0; n_keys: there is none. */
static inline size_t tell_keyed_next(
	const uint8_t *keys, size_t n_keys, size_t i, char first, size_t n)
{
	uint8_t key = (uint8_t)((unsigned char)first + n * 37);
	const uint8_t *p = i < n_keys ? memchr(keys + i, key, n_keys - i) : NULL;
	return p ? (size_t)(p - keys) : n_keys;
}
