#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "api/process.h"
#include "api/site.h"
#include "base/hash.h"

#define MADE_MAX 4096
#define N_HASH	 (2 * MADE_MAX) /* a power of two, at most half in use */
#define TEXT_MAX 255		/* as record/place.c has it */

/* Process-wide, as all sites are. Reading needs no lock. */
static struct {
	pthread_mutex_t lock; /* a default mutex: no errors */
	struct tell__object object;
	struct tell_site **slots; /* N_HASH pointers, atomic; only added to */
	uint32_t n;
} made = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint32_t hash_text(const char *s)
{
	return tell_hash_bytes(s, strnlen(s, TEXT_MAX));
}

static uint32_t hash(const struct tell_site *s)
{
	return hash_text(s->file) * 31 + s->line + hash_text(s->func) +
		7 * hash_text(s->logger);
}

static bool same_text(const char *a, const char *b)
{
	return strncmp(a, b, TEXT_MAX) == 0;
}

static bool same(const struct tell_site *a, const struct tell_site *b)
{
	return a->line == b->line && same_text(a->file, b->file) &&
		same_text(a->func, b->func) && same_text(a->logger, b->logger);
}

/* The slot of the equal site, or the free one where it would go. */
static struct tell_site **find(struct tell_site **slots, const struct tell_site *like)
{
	for (uint32_t i = hash(like);; i++) {
		struct tell_site **slot = &slots[i & (N_HASH - 1)];
		const struct tell_site *there = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (!there || same(there, like))
			return slot;
	}
}

static const char *copy(char **to, const char *from)
{
	size_t n = strnlen(from, TEXT_MAX);
	char *begin = memcpy(*to, from, n);
	begin[n] = '\0';
	*to += n + 1;
	return begin;
}

static struct tell_site *site_new(const struct tell_site *like)
{
	struct tell_site *s = aligned_alloc(
		sizeof(*s), sizeof(*s) + 3 * (TEXT_MAX + 1)); /* a multiple of its size */
	if (!s)
		return NULL;
	*s = *like;
	char *text = (char *)(s + 1);
	s->file = copy(&text, like->file);
	s->func = copy(&text, like->func);
	s->logger = copy(&text, like->logger);
	return s;
}

/* Of a path the end, where the file's name is. */
static const char *file_end(const char *file)
{
	size_t n = file ? strlen(file) : 0;
	return n > TEXT_MAX ? file + n - TEXT_MAX : n ? file : "";
}

/* The lock is held: another thread may have been first. */
static struct tell_site *make(const struct tell_site *like)
{
	if (!made.slots)
		__atomic_store_n(&made.slots, calloc(N_HASH, sizeof(*made.slots)),
			__ATOMIC_RELEASE);
	if (!made.slots)
		return NULL;
	struct tell_site **slot = find(made.slots, like);
	if (*slot || made.n == MADE_MAX)
		return *slot;
	struct tell_site *site = site_new(like);
	if (!site)
		return NULL;
	tell_site_list(&made.object, site);
	made.n++;
	__atomic_store_n(slot, site, __ATOMIC_RELEASE);
	return site;
}

struct tell_site *tell_site_of(
	const char *logger, const char *file, unsigned line, const char *func)
{
	const struct tell_site like = {
		.level = TELL__LEVEL_VARIES,
		.line = line,
		.file = file_end(file),
		.func = func ? func : "",
		.logger = logger ? logger : "",
	};
	struct tell_site **slots = __atomic_load_n(&made.slots, __ATOMIC_ACQUIRE);
	struct tell_site *site = slots
		? __atomic_load_n(find(slots, &like), __ATOMIC_ACQUIRE)
		: NULL;
	if (site || !tell_thread_enter())
		return site;
	int saved = errno;
	tell_process_check();
	(void)pthread_mutex_lock(&made.lock);
	site = make(&like);
	(void)pthread_mutex_unlock(&made.lock);
	tell_thread_leave();
	errno = saved;
	return site;
}

void tell_sites_made_child(void)
{
	(void)pthread_mutex_init(&made.lock, NULL); /* its owner stayed behind */
}
