#include "record/key.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "record/name.h"
#include "record/walk.h"

#define OTHERS_MAX   TELL_KEYS_MAX	 /* spellings that are not the name itself */
#define SPELLING_MAX 1024		 /* bytes of a spelling that is kept */
#define N_SLOTS	     (4 * TELL_KEYS_MAX) /* a power of two, at most half in use */

struct spelling {
	uint32_t hash;
	uint32_t len;
	const struct tell_key *key;
	const char *text;
};

/* Process-wide by nature: a name has one number in all stacks and handles. Entries are
 * only added, so a reader needs no lock. A record must not hold one name twice, or the last
 * writer would not win; so a name is numbered always or never: once one could not be, by
 * lack of room or of memory, the dictionary is full for good. */
static struct {
	struct spelling *spellings[N_SLOTS];
	uint32_t n_keys, n_others;
	bool full;
	uint64_t n_renamed;
	pthread_mutex_t lock;
} dictionary = { .lock = PTHREAD_MUTEX_INITIALIZER };

const struct tell_key *tell_key_table[TELL_KEYS_MAX];

static const char *const well_known[TELL_KEY_FIRST_FREE] = {
	[TELL_KEY_MESSAGE] = "message",
	[TELL_KEY_SERVICE] = "service",
	[TELL_KEY_MESSAGE_ID] = "message_id",
	[TELL_KEY_INVOCATION_ID] = "invocation_id",
	[TELL_KEY_OBJECT_PID] = "object_pid",
	[TELL_KEY_ERRNO] = "errno",
	[TELL_KEY_ERROR] = "error",
	[TELL_KEY_TRACE_ID] = "trace_id",
	[TELL_KEY_SPAN_ID] = "span_id",
	[TELL_KEY_TRACE_FLAGS] = "trace_flags",
};

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

/* The slot that holds the spelling, or the empty one where it would go. */
static struct spelling **find(uint32_t hash, const char *given, size_t len)
{
	for (uint32_t i = hash;; i++) {
		struct spelling **slot = &dictionary.spellings[i & (N_SLOTS - 1)];
		const struct spelling *s = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (!s)
			return slot;
		if (s->hash == hash && s->len == len && memcmp(s->text, given, len) == 0)
			return slot;
	}
}

static void spelling_put(
	struct spelling *s, const char *text, size_t len, const struct tell_key *key)
{
	*s = (struct spelling){ tell_hash_bytes(text, len), (uint32_t)len, key, text };
	__atomic_store_n(find(s->hash, text, len), s, __ATOMIC_RELEASE);
}

/* Let a spelling that is not the name mean this key, if there is room: else its name is
 * made, and found, at every look-up. */
static void spelling_add(const char *text, size_t len, const struct tell_key *key)
{
	if (dictionary.n_others == OTHERS_MAX)
		return;
	struct spelling *s = malloc(sizeof(*s) + len);
	if (!s)
		return;
	memcpy(s + 1, text, len);
	spelling_put(s, (const char *)(s + 1), len, key);
	dictionary.n_others++;
}

/* Give the name that is in k a number, and what encoders keep of it. */
static const struct tell_key *number(struct tell_key *k)
{
	k->id = (uint16_t)dictionary.n_keys;
	memcpy(k->json, ",\"", 2);
	memcpy(k->json + 2, k->name, k->len);
	memcpy(k->json + 2 + k->len, "\":\"", 3);
	__atomic_store_n(&tell_key_table[k->id], k, __ATOMIC_RELEASE);
	__atomic_store_n(&dictionary.n_keys, dictionary.n_keys + 1, __ATOMIC_RELEASE);
	return k;
}

/* A name with its number, and the spelling that finds it. */
struct known {
	struct tell_key key;
	struct spelling name;
};

static const struct tell_key *known_as(struct known *k)
{
	spelling_put(&k->name, k->key.name, k->key.len, number(&k->key));
	return &k->key;
}

/* The key of a made name: the one there is, or a new one, known by its name from now on.
 * NULL: full. */
static const struct tell_key *key_named(const struct tell_key *made)
{
	const struct spelling *s = *find(
		tell_hash_bytes(made->name, made->len), made->name, made->len);
	if (s)
		return s->key;
	if (dictionary.full)
		return NULL;
	struct known *k = dictionary.n_keys < TELL_KEYS_MAX ? malloc(sizeof(*k)) : NULL;
	if (!k) {
		__atomic_store_n(&dictionary.full, true, __ATOMIC_RELEASE);
		return NULL;
	}
	k->key = *made;
	return known_as(k);
}

/* Names that have the same number in every process, so in memory that cannot be missing.
 * Those of the exits get no spelling: a user's field of such a name is renamed, and theirs
 * is written as it is. */
static void add_well_known(void)
{
	static struct known known[TELL_KEY_FIRST_FREE];
	dictionary.n_keys = TELL_KEY_MESSAGE;
	for (int i = TELL_KEY_MESSAGE; i < TELL_KEY_FIRST_FREE; i++) {
		size_t len = strlen(well_known[i]);
		if (i < TELL_KEY_ERRNO) {
			tell_name_put(&known[i].key, well_known[i], len);
			(void)number(&known[i].key);
		} else {
			(void)tell_name_make(&known[i].key, well_known[i], len);
			(void)known_as(&known[i]);
		}
	}
}

/* Under the lock: the key of a spelling nobody gave before. */
static const struct tell_key *learn(uint32_t hash, const char *given, size_t len)
{
	if (dictionary.n_keys == 0)
		add_well_known();
	const struct spelling *s = *find(hash, given, len);
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
	const struct spelling *s = __atomic_load_n(
		find(hash, made.name, made.len), __ATOMIC_ACQUIRE);
	return s ? s->key : NULL;
}

const struct tell_key *tell_key_of(const char *given, size_t len)
{
	uint32_t hash = tell_hash_bytes(given, len);
	const struct spelling *s = __atomic_load_n(
		find(hash, given, len), __ATOMIC_ACQUIRE);
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

const struct tell_key *tell_key_by_id(uint16_t id)
{
	if (id >= TELL_KEYS_MAX)
		return NULL;
	const struct tell_key *k = __atomic_load_n(&tell_key_table[id], __ATOMIC_ACQUIRE);
	if (!k && id > TELL_KEY_INLINE && id < TELL_KEY_FIRST_FREE) {
		(void)tell_key_of(
			"error", 5); /* the first look-up makes the well-known ones */
		k = __atomic_load_n(&tell_key_table[id], __ATOMIC_ACQUIRE);
	}
	return k;
}

void tell_keys_child(void)
{
	(void)pthread_mutex_init(&dictionary.lock, NULL); /* its owner stayed behind */
}
