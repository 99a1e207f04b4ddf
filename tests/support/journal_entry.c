#include "support/journal_entry.h"
#include <stdint.h>
#include <string.h>

static bool name_is_valid(const char *s, size_t n)
{
	if (n < 1 || n > 64 || *s == '_' || (*s >= '0' && *s <= '9'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(s[i] >= 'A' && s[i] <= 'Z') && !(s[i] >= '0' && s[i] <= '9') &&
			s[i] != '_')
			return false;
	return true;
}

/* `NAME=value\n`, or `NAME\n` length, value, `\n`. Returns its bytes, 0: neither. */
static size_t read_field(struct journal_field *f, const char *s, size_t n)
{
	const char *lf = memchr(s, '\n', n);
	if (!lf)
		return 0;
	const char *equals = memchr(s, '=', (size_t)(lf - s));
	f->name = s;
	if (equals) {
		f->name_len = (size_t)(equals - s);
		f->value = equals + 1;
		f->value_len = (size_t)(lf - f->value);
		return (size_t)(lf + 1 - s);
	}
	f->name_len = (size_t)(lf - s);
	size_t left = n - f->name_len - 1;
	uint64_t len = 0;
	if (left < 9)
		return 0;
	for (int i = 7; i >= 0; i--)
		len = len << 8 | (unsigned char)lf[1 + i];
	if (len > left - 9 || lf[9 + len] != '\n')
		return 0;
	f->value = lf + 9;
	f->value_len = (size_t)len;
	return f->name_len + 1 + 8 + (size_t)len + 1;
}

bool journal_entry_read(struct journal_entry *ret, const char *s, size_t n)
{
	ret->n = 0;
	while (n) {
		if (ret->n == JOURNAL_FIELDS_MAX)
			return false;
		struct journal_field *f = &ret->fields[ret->n++];
		size_t bytes = read_field(f, s, n);
		if (!bytes || !name_is_valid(f->name, f->name_len))
			return false;
		s += bytes;
		n -= bytes;
	}
	return ret->n > 0;
}

const struct journal_field *journal_entry_find(const struct journal_entry *e,
	const char *name, const struct journal_field *after)
{
	size_t len = strlen(name);
	for (size_t i = after ? (size_t)(after - e->fields) + 1 : 0; i < e->n; i++) {
		const struct journal_field *f = &e->fields[i];
		if (f->name_len == len && memcmp(f->name, name, len) == 0)
			return f;
	}
	return NULL;
}
