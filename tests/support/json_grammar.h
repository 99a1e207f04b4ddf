#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Is the text one JSON value with nothing but blanks around it? A judge for the tests: it
 * shares nothing with src/encode, and json-c takes what is none (NaN, 01, 1., any bytes in
 * strings).
 *
 * Limit:  arrays and objects JSON_GRAMMAR_DEPTH deep.
 * Source: RFC 8259, to the letter: a lone \ud800 is JSON; RFC 3629 for the bytes. */
#define JSON_GRAMMAR_DEPTH 60
bool json_grammar_holds(const char *s, size_t n);
