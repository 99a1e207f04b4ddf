#pragma once
#include <stdbool.h>

/* Classes of ASCII, whatever the locale says; other bytes are in none.
 *
 * Threads: pure functions. */
static inline bool tell_is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static inline bool tell_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool tell_is_letter(char c)
{
	return tell_is_upper(c) || (c >= 'a' && c <= 'z');
}
