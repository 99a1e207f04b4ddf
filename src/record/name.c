#include "record/name.h"
#include <string.h>
#include "base/buf.h"
#include "base/hash.h"

#define PREFIX	 "user_"
#define PREFIX_N (sizeof(PREFIX) - 1)
/* Of a name too long: its beginning and its end, and its hash between. By its end it is
 * judged whether the value is a secret (redact/secret.h). */
#define HEAD_N 30
#define TAIL_N 28

#define SHORTEST_TOKEN 20 /* that is known by its letters alone: an AWS key's id */

/* Written by the encoders or the journal themselves (systemd.journal-fields(7), DESIGN 5).
 * A '*' at the end stands for any rest. */
static const char *const reserved[] = {
	"message",
	"level",
	"timestamp",
	"service",
	"logger",
	"caller",
	"kind",
	"priority",
	"pid",
	"tid",
	"seq",
	"cut",
	"message_id",
	"invocation_id",
	"code_*",
	"syslog_*",
	"object_*",
	"coredump_*",
	"tell_*",
};

bool tell_name_reserved(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		size_t n = strlen(reserved[i]);
		bool open = reserved[i][n - 1] == '*';
		n -= open;
		if ((open ? len >= n : len == n) && memcmp(name, reserved[i], n) == 0)
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* One byte of a spelling as a name has it. */
static char fit(char c, bool *renamed)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (is_letter(c) || (c >= '0' && c <= '9') || c == '_')
		return c;
	if (c != '-' && c != '.')
		*renamed = true;
	return '_';
}

static void put_hash(char *p, const char *given, size_t len)
{
	uint32_t hash = tell_hash_bytes(given, len);
	for (int i = 0; i < 4; i++)
		p[i] = "0123456789abcdef"[hash >> (4 * i) & 15];
}

void tell_name_put(struct tell_key *key, const char *name, size_t len)
{
	memcpy(key->name, name, len);
	key->name[len] = '\0';
	key->len = (uint8_t)len;
	for (size_t i = 0; i <= len; i++) {
		char c = key->name[i];
		key->upper[i] = is_letter(c) ? (char)(c - 'a' + 'A') : c;
	}
}

static bool make(struct tell_key *key, const char *given, size_t len)
{
	bool renamed = false;
	const char *from = given, *end = given + len;
	while (from < end && fit(*from, &renamed) == '_')
		from++;
	if (from > given)
		renamed = true;

	char name[PREFIX_N + TELL_NAME_MAX + 1];
	size_t n = 0;
	for (; from < end && n <= TELL_NAME_MAX; from++)
		name[PREFIX_N + n++] = fit(*from, &renamed);
	memcpy(name, PREFIX, PREFIX_N);

	char *first = name + PREFIX_N;
	if (n == 0 || !is_letter(*first) || tell_name_reserved(first, n)) {
		first = name;
		n += PREFIX_N;
		renamed = true;
	}
	if (n > TELL_NAME_MAX) {
		n = HEAD_N;
		first[n++] = '_';
		put_hash(first + n, given, len);
		n += 4;
		first[n++] = '_';
		for (from = end - TAIL_N; from < end; from++)
			first[n++] = fit(*from, &renamed);
		renamed = true;
	}

	tell_name_put(key, first, n);
	return renamed;
}

/* Letters and digits alone, and few of them, hold no secret that could be told. */
static bool may_hold_secret(const char *given, size_t len)
{
	if (len >= SHORTEST_TOKEN)
		return true;
	bool other = false;
	for (size_t i = 0; i < len; i++)
		(void)fit(given[i], &other);
	return other;
}

bool tell_name_make(struct tell_key *key, const char *given, size_t len)
{
	if (!may_hold_secret(given, len))
		return make(key, given, len);
	struct tell_buf plain = { 0 };
	bool hidden = tell_name_hide(&plain, given, len);
	bool renamed = hidden ? make(key, tell_buf_cstr(&plain), plain.len)
			      : make(key, given, len);
	tell_buf_done(&plain);
	return hidden || renamed;
}
