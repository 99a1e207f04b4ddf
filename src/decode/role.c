#include "decode/role.h"
#include <stdbool.h>
#include <string.h>
#include "base/number.h"
#include "record/level.h"

static bool name_is(const char *name, size_t len, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == len && memcmp(*words, name, len) == 0)
			return true;
	return false;
}

enum tell_role tell_role_of(const char *name, size_t len)
{
	static const char *const message[] = { "message", "msg", NULL };
	static const char *const level[] = { "level", "lvl", "severity", "loglevel",
		"log.level", "levelname", NULL };
	static const char *const time[] = { "timestamp", "time", "ts", "@timestamp",
		NULL };
	if (len < 2 || !strchr("mlst@", name[0]))
		return TELL_ROLE_FIELD;
	if (name_is(name, len, message))
		return TELL_ROLE_MESSAGE;
	if (name_is(name, len, level))
		return TELL_ROLE_LEVEL;
	return name_is(name, len, time) ? TELL_ROLE_TIME : TELL_ROLE_FIELD;
}

int tell_role_level(const char *word, size_t len)
{
	static const int of_pino[] = { TELL_DEBUG, TELL_DEBUG, TELL_INFO, TELL_WARNING,
		TELL_ERROR, TELL_CRIT };
	uint64_t n;
	int level = tell_level_parse(word, len);
	if (level >= 0)
		return level;
	if (!tell_parse_u64(word, len, &n) || n < 10 || n > 60 || n % 10 != 0)
		return -1;
	return of_pino[n / 10 - 1];
}
