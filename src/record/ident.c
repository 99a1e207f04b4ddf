#include "record/ident.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Process-wide: a record must mean the same in every service. */
static struct {
	pthread_mutex_t lock;
	char *by_id[TELL_IDENTS_MAX + 1]; /* atomic; 0 stays NULL */
	uint16_t n;
} idents = { .lock = PTHREAD_MUTEX_INITIALIZER };

const char *tell_ident(uint16_t id)
{
	return id <= TELL_IDENTS_MAX
		? __atomic_load_n(&idents.by_id[id], __ATOMIC_ACQUIRE)
		: NULL;
}

static char clean(char c)
{
	return c > ' ' && c <= '~' && !strchr("\"[\\]", c) ? c : '_';
}

static uint16_t find(const char *name)
{
	for (uint16_t id = 1; id <= TELL_IDENTS_MAX && tell_ident(id); id++)
		if (strcmp(tell_ident(id), name) == 0)
			return id;
	return 0;
}

/* The lock is held: another thread may have been first. */
static uint16_t add(const char *name)
{
	uint16_t id = find(name);
	if (id || idents.n == TELL_IDENTS_MAX)
		return id;
	char *copy = strdup(name);
	if (!copy)
		return 0;
	__atomic_store_n(&idents.by_id[++idents.n], copy, __ATOMIC_RELEASE);
	return idents.n;
}

uint16_t tell_ident_of(const char *name)
{
	char cleaned[TELL_IDENT_MAX + 1];
	size_t n = name ? strnlen(name, TELL_IDENT_MAX) : 0;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		cleaned[i] = clean(name[i]);
	cleaned[n] = '\0';

	uint16_t id = find(cleaned);
	if (id)
		return id;
	(void)pthread_mutex_lock(&idents.lock); /* a default mutex: no errors */
	id = add(cleaned);
	(void)pthread_mutex_unlock(&idents.lock);
	return id;
}

void tell_idents_child(void)
{
	(void)pthread_mutex_init(&idents.lock, NULL); /* its owner stayed behind */
}
