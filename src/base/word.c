#include "base/word.h"
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool tell_word_is(const char *word, const char *given, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!word[i] || lower(word[i]) != lower(given[i]))
			return false;
	return !word[n];
}

bool tell_word_same(const char *word, const char *given)
{
	return tell_word_is(word, given, strlen(given));
}
