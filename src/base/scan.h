#pragma once
#include <stddef.h>

/* How far text can be copied without looking at it.
 *
 * Shape:   text is pointer and length; nothing is read at or behind s + n.
 * Threads: pure functions.
 * Speed:   16 bytes at a time with SSE2, which every x86-64 has; 8 elsewhere. */

/* Longest prefix of printable ASCII (0x20 to 0x7e) without '"' and '\': what JSON, logfmt
 * in quotes and RFC 5424 values (without ']') copy untouched. */
size_t tell_clean_prefix(const char *s, size_t n);

/* Longest prefix of printable ASCII (0x20 to 0x7e). */
size_t tell_plain_prefix(const char *s, size_t n);

/* Longest prefix of bytes below 0x80. */
size_t tell_ascii_prefix(const char *s, size_t n);
