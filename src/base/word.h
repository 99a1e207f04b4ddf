#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Are the n bytes at `given` this word, in whatever case? ASCII letters only, and in any
 * locale: the host's must not change what a stack means, as strcasecmp(3) lets it. */
bool tell_word_is(const char *word, const char *given, size_t n);

/* The same for a string. */
bool tell_word_same(const char *word, const char *given);
