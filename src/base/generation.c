#include "base/generation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/number.h"

#define DIGITS_MIN 6
#define DIGITS_MAX 12 /* TELL_GENERATION_LAST */
#define TIME_CHARS 16 /* 20261127T015800Z */
#define ENDING_MAX (1 + DIGITS_MAX + 1 + TIME_CHARS + 4 + sizeof(TELL_GENERATION_TEMP))

bool tell_generation_fits(const char *base)
{
	return strlen(base) + ENDING_MAX < TELL_GENERATION_MAX;
}

void tell_generation_name(char name[TELL_GENERATION_MAX], const char *base,
	uint64_t number, uint64_t ended_ns)
{
	char t[TELL_RFC3339_CHARS + 1]; /* 2026-11-27T01:58:00.000000Z */

	(void)tell_put_rfc3339(t, ended_ns);
	/* Fits, see tell_generation_fits(). */
	(void)snprintf(name, TELL_GENERATION_MAX,
		"%s.%0*" PRIu64 ".%.4s%.2s%.2sT%.2s%.2s%.2sZ", base, DIGITS_MIN, number,
		t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

static bool read_time(const char *s, uint64_t *ret_ns)
{
	char t[24];

	if (s[8] != 'T' || s[TIME_CHARS - 1] != 'Z')
		return false;
	int n = snprintf(t, sizeof(t), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", s, s + 4, s + 6,
		s + 9, s + 11, s + 13);
	return tell_parse_rfc3339(t, (size_t)n, ret_ns);
}

static bool read_number(const char *s, size_t n, uint64_t *ret)
{
	return n >= DIGITS_MIN && n <= DIGITS_MAX && (n == DIGITS_MIN || s[0] != '0') &&
		tell_parse_u64(s, n, ret);
}

static bool ends_with(const char *name, size_t n, const char *ending)
{
	size_t m = strlen(ending);
	return n > m && memcmp(name + n - m, ending, m) == 0;
}

/* From the end of the name: it may have dots and numbers of its own in front. */
size_t tell_generation_base(const char *name, struct tell_generation *ret)
{
	struct tell_generation g = { .form = TELL_GENERATION_PLAIN };
	size_t n = strlen(name);

	if (n >= sizeof(g.name))
		return 0;
	memcpy(g.name, name, n + 1);
	if (ends_with(name, n, ".zst")) {
		g.form = TELL_GENERATION_ZSTD;
		n -= 4;
	} else if (ends_with(name, n, ".gz")) {
		g.form = TELL_GENERATION_GZIP;
		n -= 3;
	}
	if (n < 2 + DIGITS_MIN + 1 + TIME_CHARS || name[n - TIME_CHARS - 1] != '.' ||
		!read_time(name + n - TIME_CHARS, &g.ended_ns))
		return 0;
	size_t end = n - TIME_CHARS - 1;
	const char *dot = memrchr(name, '.', end);
	if (!dot || dot == name ||
		!read_number(dot + 1, end - 1 - (size_t)(dot - name), &g.number))
		return 0;
	if (ret)
		*ret = g;
	return (size_t)(dot - name);
}

static int by_number(const void *a, const void *b)
{
	const struct tell_generation *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (int)x->form - (int)y->form;
}

static bool take(struct tell_generations *all, const struct tell_generation *one)
{
	if (all->n == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 16;
		struct tell_generation *list = reallocarray(
			all->list, cap, sizeof(*list));
		if (!list)
			return false;
		all->list = list;
		all->cap = cap;
	}
	all->list[all->n++] = *one;
	return true;
}

static int list_in(struct tell_generations *all, DIR *d, const char *base)
{
	size_t len = strlen(base);
	struct tell_generation one;
	struct dirent *e;
	struct stat st;

	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		if (strncmp(e->d_name, base, len) != 0 ||
			tell_generation_base(e->d_name, &one) != len)
			continue;
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(st.st_mode))
			continue;
		one.bytes = (uint64_t)st.st_size;
		if (!take(all, &one))
			return -ENOMEM;
	}
	return -errno;
}

int tell_generations_list(struct tell_generations *ret, int dir, const char *base)
{
	*ret = (struct tell_generations){ 0 };
	/* A description of its own: its place in the directory is moved by reading. */
	TELL_CLEANUP(tell_closep)
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return -errno;
	(void)tell_fd_take(&fd);
	int r = list_in(ret, d, base);
	(void)closedir(d); /* read only */
	if (r < 0) {
		tell_generations_done(ret);
		return r;
	}
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_number);
	return 0;
}

void tell_generations_done(struct tell_generations *g)
{
	free(g->list);
	*g = (struct tell_generations){ 0 };
}
