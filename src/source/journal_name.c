#include "source/journal_name.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "record/name.h"

#define SLOTS 4096 /* above TELL_JOURNAL_NAMES_FEW and what one entry may add */

static const char *const parts[TELL_JOURNAL_N_PARTS] = {
	[TELL_JOURNAL_MESSAGE] = "MESSAGE",
	[TELL_JOURNAL_TEXT] = "TELL_TEXT",
	[TELL_JOURNAL_PRIORITY] = "PRIORITY",
	[TELL_JOURNAL_IDENTIFIER] = "SYSLOG_IDENTIFIER",
	[TELL_JOURNAL_FACILITY] = "SYSLOG_FACILITY",
	[TELL_JOURNAL_SYSLOG_PID] = "SYSLOG_PID",
	[TELL_JOURNAL_TIME] = "TELL_TIME",
	[TELL_JOURNAL_RECOVERED] = "TELL_RECOVERED",
	[TELL_JOURNAL_SEQ] = "TELL_SEQ",
	[TELL_JOURNAL_KIND] = "TELL_KIND",
	[TELL_JOURNAL_FILE] = "CODE_FILE",
	[TELL_JOURNAL_LINE] = "CODE_LINE",
	[TELL_JOURNAL_FUNC] = "CODE_FUNC",
	[TELL_JOURNAL_LOGGER] = "LOGGER",
	[TELL_JOURNAL_TID] = "TID",
	[TELL_JOURNAL_MESSAGE_ID] = "MESSAGE_ID",
	[TELL_JOURNAL_PID] = "_PID",
	[TELL_JOURNAL_COMM] = "_COMM",
	[TELL_JOURNAL_HOSTNAME] = "_HOSTNAME",
	[TELL_JOURNAL_INVOCATION] = "_SYSTEMD_INVOCATION_ID",
};

/* journald's own that go along when an entry leaves the machine, without their "_": few, and
 * none that could hold what a user typed (_CMDLINE=). */
static const char *const trusted[] = { "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "_BOOT_ID",
	"_NAMESPACE", "_TRANSPORT" };

int tell_journal_names_init(struct tell_journal_names *t)
{
	t->n = 0;
	t->slots = calloc(SLOTS, sizeof(struct tell_journal_name *));
	return t->slots ? 0 : -ENOMEM;
}

static void clear(struct tell_journal_names *t)
{
	for (size_t i = 0; t->slots && i < SLOTS; i++) {
		free(t->slots[i]);
		t->slots[i] = NULL;
	}
	t->n = 0;
}

void tell_journal_names_done(struct tell_journal_names *t)
{
	clear(t);
	free(t->slots);
	t->slots = NULL;
}

void tell_journal_names_rest(struct tell_journal_names *t)
{
	if (t->n > TELL_JOURNAL_NAMES_FEW)
		clear(t);
}

static bool is(const char *word, const char *name, size_t len)
{
	return strlen(word) == len && memcmp(word, name, len) == 0;
}

static enum tell_journal_part part_of(const char *name, size_t len, const char *lower)
{
	for (size_t i = 0; i < TELL_JOURNAL_N_PARTS; i++)
		if (is(parts[i], name, len))
			return (enum tell_journal_part)i;
	for (size_t i = 0; i < sizeof(trusted) / sizeof(trusted[0]); i++)
		if (is(trusted[i], name, len))
			return TELL_JOURNAL_TRUSTED;
	if (name[0] == '_' || tell_name_reserved(lower, len))
		return TELL_JOURNAL_OTHER;
	return TELL_JOURNAL_FIELD;
}

static void judge(struct tell_journal_name *n, const char *name, size_t len)
{
	n->len = (uint8_t)len;
	memcpy(n->name, name, len);
	for (size_t i = 0; i < len; i++) {
		char c = name[i];
		n->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	n->n_lower = n->len;
	n->part = part_of(name, len, n->lower);
	if (n->part == TELL_JOURNAL_TRUSTED)
		memmove(n->lower, n->lower + 1, n->n_lower--);

	bool field = n->part == TELL_JOURNAL_FIELD || n->part == TELL_JOURNAL_TRUSTED ||
		n->part == TELL_JOURNAL_LOGGER;
	const struct tell_key *key = field ? tell_key_of(n->lower, n->n_lower) : NULL;
	n->key = key ? key->id : 0;
	if (n->part == TELL_JOURNAL_MESSAGE_ID)
		n->key = TELL_KEY_MESSAGE_ID;
}

struct tell_journal_name *tell_journal_name(
	struct tell_journal_names *t, const char *name, size_t len)
{
	if (len == 0 || len > TELL_NAME_MAX)
		return NULL;
	size_t i = tell_hash_bytes(name, len) % SLOTS;
	while (t->slots[i]) {
		if (t->slots[i]->len == len && memcmp(t->slots[i]->name, name, len) == 0)
			return t->slots[i];
		i = (i + 1) % SLOTS;
	}
	if (t->n == SLOTS - 1)
		return NULL;
	struct tell_journal_name *new = calloc(1, sizeof(*new));
	if (!new)
		return NULL;
	judge(new, name, len);
	t->slots[i] = new;
	t->n++;
	return new;
}
