#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

#define WORD_MAX 63

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t tell_nearest_steps(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	if (n > WORD_MAX || m > WORD_MAX)
		return SIZE_MAX;

	/* Three rows of the table are enough: this one, the one before, and the one before
	 * that for two letters that changed places. */
	size_t rows[3][WORD_MAX + 1];
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = rows[i % 3], *last = rows[(i + 2) % 3];
		const size_t *swap = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t cost = lower(a[i - 1]) != lower(b[j - 1]);
			size_t steps = least(last[j] + 1, now[j - 1] + 1);
			steps = least(steps, last[j - 1] + cost);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]))
				steps = least(steps, swap[j - 2] + 1);
			now[j] = steps;
		}
	}
	return rows[n % 3][m];
}

void tell_nearest_offer(
	struct tell_nearest *best, const char *written, const char *candidate)
{
	size_t steps = tell_nearest_steps(written, candidate);
	size_t n = strlen(written), m = strlen(candidate);
	size_t longer = n > m ? n : m;
	if (steps > (longer + 2) / 3 || steps >= longer)
		return;
	if (best->word && best->steps <= steps)
		return;
	best->word = candidate;
	best->steps = steps;
}

const char *tell_nearest_of(const char *written, const char *const *words)
{
	struct tell_nearest best = { 0 };
	for (; *words; words++)
		tell_nearest_offer(&best, written, *words);
	return best.word;
}
