#include "record/place.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 65536
#define TEXT_MAX   255

static const struct tell_place nowhere = { .file = "", .func = "", .logger = "" };

/* Process-wide by nature, as the sites are. Entries are only added. */
static struct {
	const struct tell_place **by_id; /* PLACES_MAX pointers, made at the first site */
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
	p->file = copy(&text, site->file, true, &p->file_len);
	p->func = copy(&text, site->func, false, &p->func_len);
	p->logger = copy(&text, site->logger, false, &p->logger_len);
	return p;
}

static uint32_t add(const struct tell_site *site)
{
	if (!places.by_id) {
		const struct tell_place **by_id = calloc(PLACES_MAX, sizeof(*by_id));
		if (!by_id)
			return 0;
		__atomic_store_n(&places.by_id, by_id, __ATOMIC_RELEASE);
	}
	if (places.n == PLACES_MAX)
		return 0;
	const struct tell_place *p = place_new(places.n, site);
	if (!p)
		return 0;
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
