#include "support/scratch.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

static char directory[100];

void tell_scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(
		directory, sizeof(directory), "%s/telltale.XXXXXX", base ? base : "/tmp");
	tell_unit_expect(mkdtemp(directory) != NULL, "cannot make %s", directory);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	(void)remove(path); /* a leftover is no failure */
	return 0;
}

void tell_scratch_remove(void)
{
	(void)nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *tell_scratch_path(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return path;
}

char *tell_scratch_read(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "re");
	tell_unit_expect(f != NULL, "cannot open %s", path);
	size_t cap = 1 << 16, len = 0;
	char *text = malloc(cap);
	for (size_t n; text && (n = fread(text + len, 1, cap - len - 1, f)) > 0;) {
		len += n;
		if (cap - len < 2)
			text = realloc(text, cap *= 2);
	}
	tell_unit_expect(text, "memory");
	text[len] = '\0';
	(void)fclose(f);
	if (ret_len)
		*ret_len = len;
	return text;
}

void tell_scratch_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	tell_unit_expect(f != NULL, "cannot create %s", path);
	tell_unit_expect(fputs(text, f) >= 0, "cannot write %s", path);
	tell_unit_expect(fclose(f) == 0, "cannot write %s", path);
}

size_t tell_scratch_lines(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return 0;
	char *text = tell_scratch_read(path, NULL);
	size_t n = 0;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		n++;
	free(text);
	return n;
}
