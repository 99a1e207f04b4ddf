#include "base/glob.h"

#include <stddef.h>

/* When all that follows the last "*" fails, only that "*" needs to take one byte more:
 * earlier ones took the least they could, and giving them more gains nothing. */
bool tell_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *star_text = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			star_text = text;
		} else if (*pattern && (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++star_text;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
