#include "stack/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static uint64_t print_of(const struct stat *st)
{
	const uint64_t parts[] = { (uint64_t)st->st_dev, (uint64_t)st->st_ino,
		(uint64_t)st->st_size, (uint64_t)st->st_mtim.tv_sec,
		(uint64_t)st->st_mtim.tv_nsec, (uint64_t)st->st_ctim.tv_sec,
		(uint64_t)st->st_ctim.tv_nsec };
	static const uint8_t key[16] = { 0 }; /* nobody gains by two that look alike */
	uint64_t print = tell_siphash(key, parts, sizeof(parts));
	return print ? print : 1;
}

void tell_watch_note(struct tell_watch *s, const char *path, const struct stat *st)
{
	uint64_t print = st ? print_of(st) : 0;
	if (!s || s->n == TELL_WATCH_MAX)
		return;
	if (!s->files)
		s->files = calloc(TELL_WATCH_MAX, sizeof(*s->files));
	char *copy = s->files ? strdup(path) : NULL;
	if (copy)
		s->files[s->n++] = (struct tell_watched){ copy, print };
}

void tell_watch_note_path(struct tell_watch *s, const char *path)
{
	struct stat st;
	tell_watch_note(s, path, stat(path, &st) == 0 ? &st : NULL);
}

/* FNV-1a over whole prints: their order counts. */
static uint64_t join(uint64_t sum, uint64_t print)
{
	return (sum ^ print) * UINT64_C(0x100000001b3);
}

uint64_t tell_watch_look(const struct tell_watch *s)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct stat st;
		bool there = stat(s->files[i].path, &st) == 0;
		sum = join(sum, there ? print_of(&st) : s->files[i].print);
	}
	return sum;
}

uint64_t tell_watch_print(const struct tell_watch *s)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < s->n; i++)
		sum = join(sum, s->files[i].print);
	return sum;
}

void tell_watch_done(struct tell_watch *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->files[i].path);
	free(s->files);
	*s = (struct tell_watch){ 0 };
}
