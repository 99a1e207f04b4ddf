#pragma once
#include <stddef.h>
#include <stdint.h>

/* Bytes as text. Writers return the end of what they wrote; no NUL.
 *
 * Threads: pure functions. Source: RFC 4648, sections 4 (base64, padded) and 8 (hex, here
 * in lower case). */

/* What tell_put_base64() writes for n bytes, n <= SIZE_MAX / 2. */
static inline size_t tell_base64_len(size_t n)
{
	return (n + 2) / 3 * 4;
}

char *tell_put_base64(char *p, const void *bytes, size_t n);

/* Two digits a byte: 2 * n characters. */
char *tell_put_hexbytes(char *p, const void *bytes, size_t n);
