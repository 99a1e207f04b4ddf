#include "tool/boots.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include "base/number.h"
#include "source/journal_match.h"

#define PREFIX "_BOOT_ID="
#define ID     32

struct boot {
	uint64_t first_us;
	char id[ID + 1];
};

struct boots {
	struct boot *list;
	size_t n;
};

bool tell_boot_place(const char *text, int64_t *ret)
{
	uint64_t n;
	bool minus = *text == '-';
	text += *text == '-' || *text == '+';
	if (!tell_parse_u64(text, strlen(text), &n) || n > TELL_BOOTS_MAX)
		return false;
	*ret = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

static int add(struct boots *b, const char *id)
{
	struct boot *list = reallocarray(b->list, b->n + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	b->list = list;
	list[b->n] = (struct boot){ 0 };
	memcpy(list[b->n++].id, id, ID);
	return 0;
}

static int collect(sd_journal *j, struct boots *b)
{
	const void *data;
	size_t len;
	int r = sd_journal_query_unique(j, "_BOOT_ID");
	while (r >= 0 &&
		(r = sd_journal_enumerate_available_unique(j, &data, &len)) > 0 &&
		b->n < TELL_BOOTS_MAX)
		if (len == sizeof(PREFIX) - 1 + ID)
			r = add(b, (const char *)data + sizeof(PREFIX) - 1);
	return r < 0 ? r : 0;
}

/* When it began, as far as the journal has it. */
static int date(sd_journal *j, struct boot *b)
{
	sd_journal_flush_matches(j);
	int r = tell_journal_match(j, "_BOOT_ID", b->id);
	if (r >= 0)
		r = sd_journal_seek_head(j);
	if (r >= 0)
		r = sd_journal_next(j);
	return r > 0 ? sd_journal_get_realtime_usec(j, &b->first_us) : r;
}

static int by_time(const void *a, const void *b)
{
	const struct boot *x = a, *y = b;
	return (x->first_us > y->first_us) - (x->first_us < y->first_us);
}

int tell_boot_find(sd_journal *j, int64_t place, char ret_id[33])
{
	struct boots b = { 0 };
	int r = collect(j, &b);
	for (size_t i = 0; r >= 0 && i < b.n; i++)
		r = date(j, &b.list[i]);
	sd_journal_flush_matches(j);
	int64_t i = place > 0 ? place - 1 : (int64_t)b.n - 1 + place;
	if (r >= 0)
		r = i < 0 || i >= (int64_t)b.n ? -ENOENT : 0;
	if (r == 0) {
		qsort(b.list, b.n, sizeof(*b.list), by_time);
		memcpy(ret_id, b.list[i].id, ID + 1);
	}
	free(b.list);
	return r;
}
