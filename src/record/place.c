#include "record/place.h"
#include <pthread.h>
#include <string.h>
#include "base/hash.h"
#include "base/lasting.h"
#include "base/table.h"

#define PLACES_MAX 65536
#define ID_FIRST   32 /* numbers before the table grows */
#define TEXT_MAX   255
#define HASH_FIRST 64 /* slots, at most half in use; a power of two */

static const struct tell_place nowhere = { .file = "", .func = "", .logger = "" };

static const void *first_places[ID_FIRST];

/* Process-wide by nature, as the sites are. Entries are only added. */
static struct {
	struct tell_table by_id;
	uint16_t *by_hash; /* ids, 0 free: so that a place loaded again is found */
	uint32_t n_hash;
	uint32_t n;
	pthread_mutex_t lock;
} places = {
	.by_id = TELL_TABLE_INIT(first_places), .n = 1, .lock = PTHREAD_MUTEX_INITIALIZER
};

const struct tell_place *tell_place(uint32_t id)
{
	const struct tell_place *p = tell_table_get(&places.by_id, id);
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

/* The place of a site, its text in `text`, of which so many bytes were used. */
static size_t place_of(
	struct tell_place *p, char *text, uint32_t id, const struct tell_site *site)
{
	char *at = text;
	*p = (struct tell_place){ .id = id, .line = site->line };
	p->file = copy(&at, site->file, true, &p->file_len);
	p->func = copy(&at, site->func, false, &p->func_len);
	p->logger = copy(&at, site->logger, false, &p->logger_len);
	return (size_t)(at - text);
}

static uint32_t hash(const struct tell_place *p)
{
	return tell_hash_bytes(p->file, p->file_len) * 31 + p->line +
		tell_hash_bytes(p->func, p->func_len) +
		7 * tell_hash_bytes(p->logger, p->logger_len);
}

/* Of two versions of a program one place may have two forms. */
static bool same_form(const struct tell_place *a, const struct tell_place *b)
{
	return a->form && b->form ? strcmp(a->form, b->form) == 0 : a->form == b->form;
}

static bool same(const struct tell_place *a, const struct tell_place *b)
{
	return same_form(a, b) && a->line == b->line && strcmp(a->file, b->file) == 0 &&
		strcmp(a->func, b->func) == 0 && strcmp(a->logger, b->logger) == 0;
}

/* The slot of the equal place, or the free one where it would go. */
static uint16_t *find(const struct tell_place *p)
{
	for (uint32_t i = hash(p);; i++) {
		uint16_t *slot = &places.by_hash[i & (places.n_hash - 1)];
		if (!*slot || same(tell_place(*slot), p))
			return slot;
	}
}

/* Outgrown ones stay, as those of tables do: freeing is not for signal handlers. */
static bool hash_has_room(void)
{
	if (2 * places.n <= places.n_hash)
		return true;
	uint32_t n = places.n_hash ? 2 * places.n_hash : HASH_FIRST;
	uint16_t *larger = tell_lasting(n * sizeof(*larger));
	if (!larger)
		return false;
	places.by_hash = larger;
	places.n_hash = n;
	for (uint32_t id = 1; id < places.n; id++)
		*find(tell_place(id)) = (uint16_t)id;
	return true;
}

static uint32_t add(const struct tell_site *site, const char *form)
{
	if (!hash_has_room())
		return 0;
	char text[3 * (TEXT_MAX + 1)];
	struct tell_place made;
	size_t n = place_of(&made, text, places.n, site);
	made.form = form;
	uint16_t *slot = find(&made);
	if (*slot || places.n == PLACES_MAX ||
		!tell_table_reserve(&places.by_id, places.n))
		return *slot;
	size_t form_bytes = form ? strlen(form) + 1 : 0;
	struct tell_place *p = tell_lasting(sizeof(*p) + n + form_bytes);
	if (!p)
		return 0;
	(void)place_of(p, (char *)(p + 1), places.n, site);
	if (form)
		p->form = memcpy((char *)(p + 1) + n, form, form_bytes);
	*slot = (uint16_t)p->id;
	tell_table_set(&places.by_id, p->id, p);
	places.n++;
	return p->id;
}

/* The lock is held, and let go. */
static uint32_t number(struct tell_site *site, const char *form)
{
	uint32_t id = site->id;
	if (!id) {
		id = add(site, form);
		__atomic_store_n(&site->id, id, __ATOMIC_RELEASE);
	}
	(void)pthread_mutex_unlock(&places.lock);
	return id;
}

uint32_t tell_place_add_form(struct tell_site *site, const char *form)
{
	uint32_t id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);
	if (id)
		return id;
	(void)pthread_mutex_lock(&places.lock); /* cannot fail: a default mutex */
	return number(site, form);
}

uint32_t tell_place_add(struct tell_site *site)
{
	return tell_place_add_form(site, NULL);
}

uint32_t tell_place_try(struct tell_site *site)
{
	uint32_t id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);
	if (id || pthread_mutex_trylock(&places.lock) != 0)
		return id;
	return number(site, NULL);
}

void tell_places_child(void)
{
	(void)pthread_mutex_init(&places.lock, NULL); /* its owner stayed behind */
}
