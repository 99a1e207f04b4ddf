#include "sink/rotation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/size.h"

#define WORD_MAX 48
#define DAY_MIN	 (24 * 60)

/* ---- what is written ---- */

static int refuse(struct tell_refusal *why, const char *word, const char *what)
{
	return tell_refuse(
		why, -EINVAL, "rotate", TELL_ROTATION_FIX, "\"%s\" %s", word, what);
}

static bool two_digits(const char *s, int *ret)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return false;
	*ret = (s[0] - '0') * 10 + s[1] - '0';
	return true;
}

/* daily, daily@HH:MM */
static int read_daily(struct tell_rotation *r, const char *word, struct tell_refusal *why)
{
	const char *at = word + strlen("daily");
	int hour = 0, minute = 0;

	if (*at &&
		(strlen(at) != 6 || at[0] != '@' || at[3] != ':' ||
			!two_digits(at + 1, &hour) || !two_digits(at + 4, &minute) ||
			hour > 23 || minute > 59))
		return refuse(why, word, "is no time of the day");
	if (r->every_ns || r->daily_min >= 0)
		return refuse(why, word, "is a second time");
	r->daily_min = hour * 60 + minute;
	return 0;
}

static int read_amount(
	struct tell_rotation *r, const char *word, struct tell_refusal *why)
{
	uint64_t n;

	if (word[strspn(word, "0123456789.")] == '\0')
		return refuse(why, word, "has no unit");
	/* "5m" is five minutes, "5M" five MiB, as elsewhere. */
	if (tell_parse_duration(word, &n) == 0) {
		if (r->every_ns || r->daily_min >= 0)
			return refuse(why, word, "is a second time");
		if (n < TELL_NS_PER_SEC)
			return refuse(why, word, "is shorter than a second");
		r->every_ns = n;
		return 0;
	}
	if (tell_parse_size(word, &n) < 0)
		return refuse(why, word, "is neither a size nor a time");
	if (r->size_bytes)
		return refuse(why, word, "is a second size");
	if (n < TELL_ROTATION_BYTES_MIN)
		return refuse(why, word, "is less than 4KiB");
	r->size_bytes = n;
	return 0;
}

int tell_rotation_parse(
	struct tell_rotation *r, const char *text, struct tell_refusal *why)
{
	*r = (struct tell_rotation){ .on = true, .daily_min = -1, .unsure = true };
	for (const char *s = text;; s++) {
		char word[WORD_MAX];
		size_t n = strcspn(s, ",");
		if (n == 0 || n >= sizeof(word))
			return refuse(why, text, "is no list of sizes and times");
		memcpy(word, s, n);
		word[n] = '\0';
		int error = strncmp(word, "daily", 5) == 0 ? read_daily(r, word, why)
							   : read_amount(r, word, why);
		if (error < 0)
			return error;
		s += n;
		if (*s == '\0')
			return 0;
	}
}

/* ---- periods ---- */

/* The last time at or before now when a day began, and the next. mktime(3) knows about days
 * of 23 and 25 hours. */
static void find_day(struct tell_rotation *r, uint64_t now_ns)
{
	time_t now = (time_t)(now_ns / TELL_NS_PER_SEC), begin, end;
	struct tm day;

	(void)localtime_r(&now, &day); /* fails in the year 2^31 only */
	for (int back = 0;; back++) {
		struct tm t = { .tm_year = day.tm_year,
			.tm_mon = day.tm_mon,
			.tm_mday = day.tm_mday - back,
			.tm_hour = r->daily_min / 60,
			.tm_min = r->daily_min % 60,
			.tm_isdst = -1 };
		struct tm next = t;
		next.tm_mday++;
		begin = mktime(&t);
		end = mktime(&next);
		if (begin <= now || back == 2)
			break;
	}
	r->from_ns = begin < 0 ? 0 : (uint64_t)begin * TELL_NS_PER_SEC;
	r->until_ns = end <= now ? now_ns + DAY_MIN * 60 * TELL_NS_PER_SEC
				 : (uint64_t)end * TELL_NS_PER_SEC;
}

void tell_rotation_at(struct tell_rotation *r, uint64_t now_ns)
{
	if (now_ns >= r->from_ns && now_ns < r->until_ns)
		return;
	r->unsure = true;
	if (r->daily_min >= 0) {
		find_day(r, now_ns);
		return;
	}
	r->from_ns = r->every_ns ? now_ns - now_ns % r->every_ns : 0;
	r->until_ns = r->every_ns ? r->from_ns + r->every_ns : UINT64_MAX;
}

bool tell_rotation_full(const struct tell_rotation *r, const struct stat *st)
{
	uint64_t changed_ns = (uint64_t)st->st_mtim.tv_sec * TELL_NS_PER_SEC +
		(uint64_t)st->st_mtim.tv_nsec;

	if (st->st_size == 0)
		return false;
	if (r->size_bytes && (uint64_t)st->st_size >= r->size_bytes)
		return true;
	return r->unsure && changed_ns < r->from_ns;
}

size_t tell_rotation_room(
	const struct tell_rotation *r, off_t size, const char *lines, size_t len)
{
	if (!r->size_bytes || (uint64_t)size + len < r->size_bytes)
		return len;
	/* Never reached when the file is full already: a line at least. */
	uint64_t left = (uint64_t)size < r->size_bytes ? r->size_bytes - (uint64_t)size
						       : 1;
	if (left >= len)
		return len;
	const char *newline = memchr(lines + left - 1, '\n', len - (size_t)left + 1);
	return newline ? (size_t)(newline - lines) + 1 : len;
}
