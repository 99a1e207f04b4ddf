#include "record/place.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"

#define PLACES_MAX 65536
#define TEXT_MAX   255
#define N_HASH	   (2 * PLACES_MAX) /* a power of two, at most half in use */

static const struct tell_place nowhere = { .file = "", .func = "", .logger = "" };

/* Process-wide by nature, as the sites are. Entries are only added. */
static struct {
	const struct tell_place **by_id; /* PLACES_MAX pointers, made at the first site */
	uint16_t *by_hash; /* ids, 0 free: so that a place loaded again is found */
	uint32_t n;
	pthread_mutex_t lock;
} places = { .n = 1, .lock = PTHREAD_MUTEX_INITIALIZER };

const struct tell_place *tell_place(uint32_t id)
{
	const struct tell_place **by_id = __atomic_load_n(
		&places.by_id, __ATOMIC_ACQUIRE);
	if (!by_id || id == 0 || id >= PLACES_MAX)
		return &nowhere;
	const struct tell_place *p = __atomic_load_n(&by_id[id], __ATOMIC_ACQUIRE);
	return p ? p : &nowhere;
}

/* Copy at most TEXT_MAX bytes; of a path the end, where the file's name is. */
static const char *copy(char **to, const char *from, bool keep_end, uint16_t *ret_len)
{
	size_t n = from ? strlen(from) : 0;
	if (n > TEXT_MAX) {
		from += keep_end ? n - TEXT_MAX : 0;
		n = TEXT_MAX;
	}
	char *begin = *to;
	if (n)
		memcpy(begin, from, n);
	begin[n] = '\0';
	*to += n + 1;
	*ret_len = (uint16_t)n;
	return begin;
}

static size_t room(const char *text)
{
	return (text ? strnlen(text, TEXT_MAX) : 0) + 1;
}

static struct tell_place *place_new(uint32_t id, const struct tell_site *site)
{
	struct tell_place *p = malloc(
		sizeof(*p) + room(site->file) + room(site->func) + room(site->logger));
	if (!p)
		return NULL;

	char *text = (char *)(p + 1);
	p->id = id;
	p->line = site->line;
	p->json = NULL;
	p->file = copy(&text, site->file, true, &p->file_len);
	p->func = copy(&text, site->func, false, &p->func_len);
	p->logger = copy(&text, site->logger, false, &p->logger_len);
	return p;
}

static bool tables_made(void)
{
	if (!places.by_hash)
		places.by_hash = calloc(N_HASH, sizeof(*places.by_hash));
	if (places.by_hash && !places.by_id) {
		const struct tell_place **by_id = calloc(PLACES_MAX, sizeof(*by_id));
		__atomic_store_n(&places.by_id, by_id, __ATOMIC_RELEASE);
	}
	return places.by_id != NULL;
}

static uint32_t hash(const struct tell_place *p)
{
	return tell_hash_bytes(p->file, p->file_len) * 31 + p->line +
		tell_hash_bytes(p->func, p->func_len) +
		7 * tell_hash_bytes(p->logger, p->logger_len);
}

static bool same(const struct tell_place *a, const struct tell_place *b)
{
	return a->line == b->line && strcmp(a->file, b->file) == 0 &&
		strcmp(a->func, b->func) == 0 && strcmp(a->logger, b->logger) == 0;
}

/* The slot of the equal place, or the free one where it would go. */
static uint16_t *find(const struct tell_place *p)
{
	for (uint32_t i = hash(p);; i++) {
		uint16_t *slot = &places.by_hash[i & (N_HASH - 1)];
		if (!*slot || same(places.by_id[*slot], p))
			return slot;
	}
}

static uint32_t add(const struct tell_site *site)
{
	if (!tables_made())
		return 0;
	struct tell_place *p = place_new(places.n, site);
	if (!p)
		return 0;
	uint16_t *slot = find(p);
	if (*slot || places.n == PLACES_MAX) {
		free(p);
		return *slot;
	}
	*slot = (uint16_t)p->id;
	__atomic_store_n(&places.by_id[p->id], p, __ATOMIC_RELEASE);
	places.n++;
	return p->id;
}

uint32_t tell_place_add(struct tell_site *site)
{
	uint32_t id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);
	if (id)
		return id;

	(void)pthread_mutex_lock(&places.lock); /* cannot fail: a default mutex */
	id = site->id;
	if (!id) {
		id = add(site);
		__atomic_store_n(&site->id, id, __ATOMIC_RELEASE);
	}
	(void)pthread_mutex_unlock(&places.lock);
	return id;
}

void tell_places_child(void)
{
	(void)pthread_mutex_init(&places.lock, NULL); /* its owner stayed behind */
}
