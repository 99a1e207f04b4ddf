#include "record/level.h"
#include <errno.h>
#include "base/word.h"

static const char *const words[] = { "emerg", "alert", "crit", "error", "warning",
	"notice", "info", "debug" };

static const struct {
	const char *word;
	int level;
} synonyms[] = {
	{ "err", TELL_ERROR },
	{ "warn", TELL_WARNING },
	{ "panic", TELL_EMERG },
	{ "fatal", TELL_CRIT },
	{ "critical", TELL_CRIT },
	{ "emergency", TELL_EMERG },
	{ "information", TELL_INFO },
	{ "trace", TELL_DEBUG },
};

const char *tell_level_word(int level)
{
	return level >= TELL_EMERG && level <= TELL_DEBUG ? words[level] : "?";
}

int tell_level_parse(const char *word, size_t n)
{
	if (n == 1 && word[0] >= '0' && word[0] <= '7')
		return word[0] - '0';
	for (int i = TELL_EMERG; i <= TELL_DEBUG; i++)
		if (tell_word_is(words[i], word, n))
			return i;
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
		if (tell_word_is(synonyms[i].word, word, n))
			return synonyms[i].level;
	return -EINVAL;
}
