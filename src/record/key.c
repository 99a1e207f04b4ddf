#include "record/key.h"
#include <pthread.h>
#include <string.h>
#include "base/hash.h"
#include "base/lasting.h"
#include "record/name.h"
#include "record/spelling.h"
#include "record/walk.h"

#define KEYS_FIRST   64		   /* numbers before the table grows */
#define OTHERS_MAX   TELL_KEYS_MAX /* spellings that are not the name itself */
#define SPELLING_MAX 1024	   /* bytes of a spelling that is kept */

/* Process-wide by nature: a name has one number in all stacks and handles. Entries are
 * only added, so a reader needs no lock. A record must not hold one name twice, or the last
 * writer would not win; so a name is numbered always or never: once one could not be, by
 * lack of room or of memory, the dictionary is full for good. */
static struct {
	struct tell_spellings spellings;
	uint32_t n_keys, n_others;
	bool full;
	uint64_t n_renamed;
	pthread_mutex_t lock;
} dictionary = { .n_keys = TELL_KEY_FIRST_FREE, .lock = PTHREAD_MUTEX_INITIALIZER };

#define WELL_KNOWN(id, lower, upper)                                                     \
	[id] = { id, sizeof(lower) - 1, lower, upper, ",\"" lower "\":\"" }

/* Names that have the same number in every process. */
static const struct tell_key well_known[TELL_KEY_FIRST_FREE] = {
	WELL_KNOWN(TELL_KEY_MESSAGE, "message", "MESSAGE"),
	WELL_KNOWN(TELL_KEY_SERVICE, "service", "SERVICE"),
	WELL_KNOWN(TELL_KEY_MESSAGE_ID, "message_id", "MESSAGE_ID"),
	WELL_KNOWN(TELL_KEY_INVOCATION_ID, "invocation_id", "INVOCATION_ID"),
	WELL_KNOWN(TELL_KEY_OBJECT_PID, "object_pid", "OBJECT_PID"),
	WELL_KNOWN(TELL_KEY_ERRNO, "errno", "ERRNO"),
	WELL_KNOWN(TELL_KEY_ERROR, "error", "ERROR"),
	WELL_KNOWN(TELL_KEY_TRACE_ID, "trace_id", "TRACE_ID"),
	WELL_KNOWN(TELL_KEY_SPAN_ID, "span_id", "SPAN_ID"),
	WELL_KNOWN(TELL_KEY_TRACE_FLAGS, "trace_flags", "TRACE_FLAGS"),
};

static const void *first_keys[KEYS_FIRST] = {
	[TELL_KEY_MESSAGE] = &well_known[TELL_KEY_MESSAGE],
	[TELL_KEY_SERVICE] = &well_known[TELL_KEY_SERVICE],
	[TELL_KEY_MESSAGE_ID] = &well_known[TELL_KEY_MESSAGE_ID],
	[TELL_KEY_INVOCATION_ID] = &well_known[TELL_KEY_INVOCATION_ID],
	[TELL_KEY_OBJECT_PID] = &well_known[TELL_KEY_OBJECT_PID],
	[TELL_KEY_ERRNO] = &well_known[TELL_KEY_ERRNO],
	[TELL_KEY_ERROR] = &well_known[TELL_KEY_ERROR],
	[TELL_KEY_TRACE_ID] = &well_known[TELL_KEY_TRACE_ID],
	[TELL_KEY_SPAN_ID] = &well_known[TELL_KEY_SPAN_ID],
	[TELL_KEY_TRACE_FLAGS] = &well_known[TELL_KEY_TRACE_FLAGS],
};
struct tell_table tell_key_table = TELL_TABLE_INIT(first_keys);

bool tell_key_make(struct tell_key *ret, const char *given, size_t len)
{
	ret->id = TELL_KEY_INLINE;
	if (!tell_name_make(ret, given, len))
		return false;
	__atomic_fetch_add(&dictionary.n_renamed, 1, __ATOMIC_RELAXED);
	return true;
}

uint64_t tell_keys_renamed(void)
{
	return __atomic_load_n(&dictionary.n_renamed, __ATOMIC_RELAXED);
}

static const struct tell_spelling *find(uint32_t hash, const char *given, size_t len)
{
	return tell_spelling_find(&dictionary.spellings, hash, given, len);
}

/* There is room, see tell_spellings_room(). */
static void put(
	struct tell_spelling *s, const char *text, size_t len, const struct tell_key *key)
{
	*s = (struct tell_spelling){ tell_hash_bytes(text, len), (uint32_t)len, key,
		text };
	tell_spelling_add(&dictionary.spellings, s);
}

/* Let a spelling that is not the name mean this key, if there is room: else its name is
 * made, and found, at every look-up. */
static void spelling_add(const char *text, size_t len, const struct tell_key *key)
{
	if (dictionary.n_others == OTHERS_MAX ||
		!tell_spellings_room(&dictionary.spellings))
		return;
	struct tell_spelling *s = tell_lasting(sizeof(*s) + len);
	if (!s)
		return;
	memcpy(s + 1, text, len);
	put(s, (const char *)(s + 1), len, key);
	dictionary.n_others++;
}

/* A name with its number, and the spelling that finds it. */
struct known {
	struct tell_key key;
	struct tell_spelling name;
};

/* Number a name, with what encoders keep of it. There is room. */
static const struct tell_key *key_new(struct known *known, const struct tell_key *made)
{
	struct tell_key *k = &known->key;
	*k = *made;
	k->id = (uint16_t)dictionary.n_keys;
	memcpy(k->json, ",\"", 2);
	memcpy(k->json + 2, k->name, k->len);
	memcpy(k->json + 2 + k->len, "\":\"", 3);
	tell_table_set(&tell_key_table, k->id, k);
	dictionary.n_keys++;
	put(&known->name, k->name, k->len, k);
	return k;
}

static bool has_room(void)
{
	return dictionary.n_keys < TELL_KEYS_MAX &&
		tell_table_reserve(&tell_key_table, dictionary.n_keys) &&
		tell_spellings_room(&dictionary.spellings);
}

/* The key of a made name: the one there is, or a new one, known by its name from now on.
 * NULL: full. */
static const struct tell_key *key_named(const struct tell_key *made)
{
	const struct tell_spelling *s = find(
		tell_hash_bytes(made->name, made->len), made->name, made->len);
	if (s)
		return s->key;
	if (dictionary.full)
		return NULL;
	struct known *k = has_room() ? tell_lasting(sizeof(*k)) : NULL;
	if (!k) {
		__atomic_store_n(&dictionary.full, true, __ATOMIC_RELEASE);
		return NULL;
	}
	return key_new(k, made);
}

/* Names of the exits get no spelling: a user's field of such a name is renamed, and theirs is
 * written as it is. */
static void spell_well_known(void)
{
	static struct tell_spelling spellings[TELL_KEY_FIRST_FREE];
	(void)tell_spellings_room(&dictionary.spellings); /* the first table is there */
	for (int i = TELL_KEY_ERRNO; i < TELL_KEY_FIRST_FREE; i++)
		put(&spellings[i], well_known[i].name, well_known[i].len, &well_known[i]);
}

/* Under the lock: the key of a spelling nobody gave before. */
static const struct tell_key *learn(uint32_t hash, const char *given, size_t len)
{
	if (!dictionary.spellings.n)
		spell_well_known();
	const struct tell_spelling *s = find(hash, given, len);
	if (s)
		return s->key; /* another thread was first */
	struct tell_key made = { 0 };
	(void)tell_key_make(&made, given, len); /* counts a renaming */
	const struct tell_key *k = key_named(&made);
	bool own = k && k->len == len && memcmp(k->name, given, len) == 0;
	if (k && !own)
		spelling_add(given, len, k);
	return k;
}

/* For spellings that are not learnt: the key their name has. */
static const struct tell_key *by_name(const char *given, size_t len, bool full)
{
	struct tell_key made = { 0 };
	(void)tell_name_make(&made, given, len);
	if (!full)
		return tell_key_of(made.name, made.len); /* short: at most once */
	uint32_t hash = tell_hash_bytes(made.name, made.len);
	const struct tell_spelling *s = find(hash, made.name, made.len);
	return s ? s->key : NULL;
}

const struct tell_key *tell_key_of(const char *given, size_t len)
{
	uint32_t hash = tell_hash_bytes(given, len);
	const struct tell_spelling *s = find(hash, given, len);
	if (__builtin_expect(s != NULL, 1))
		return s->key;
	bool full = __atomic_load_n(&dictionary.full, __ATOMIC_ACQUIRE);
	if (full || len > SPELLING_MAX)
		return by_name(given, len, full);

	(void)pthread_mutex_lock(&dictionary.lock); /* cannot fail: a default mutex */
	const struct tell_key *k = learn(hash, given, len);
	(void)pthread_mutex_unlock(&dictionary.lock);
	return k;
}

const struct tell_key *tell_key_find(const char *given, size_t len)
{
	const struct tell_spelling *s = find(tell_hash_bytes(given, len), given, len);
	return s ? s->key : by_name(given, len, true);
}

const struct tell_key *tell_key_by_id(uint16_t id)
{
	return tell_table_get(&tell_key_table, id);
}

void tell_keys_child(void)
{
	(void)pthread_mutex_init(&dictionary.lock, NULL); /* its owner stayed behind */
}
