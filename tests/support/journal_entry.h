#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A reader of journald's native protocol, as far as a datagram is judged: shares no code
 * with the encoder. Source: systemd.io, "Native Journal Protocol"; systemd's
 * journal_field_valid(). */
#define JOURNAL_FIELDS_MAX 1024

struct journal_field {
	const char *name, *value;
	size_t name_len, value_len;
};

struct journal_entry {
	size_t n;
	struct journal_field fields[JOURNAL_FIELDS_MAX];
};

/* True: all n bytes are fields that journald keeps. */
bool journal_entry_read(struct journal_entry *ret, const char *s, size_t n);

/* The field of this name after `after` (NULL: the first). NULL: none. */
const struct journal_field *journal_entry_find(const struct journal_entry *e,
	const char *name, const struct journal_field *after);
