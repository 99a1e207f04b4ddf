#include "preload/memory.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "preload/wiped.h"

#define CHUNK	  ((size_t)256 << 10)
#define SMALLEST  ((size_t)32)
#define N_CLASSES 11	    /* the last is 32 KiB */
#define OWN	  N_CLASSES /* a mapping of its own */
#define ALIGN	  16
#define PAGE	  ((size_t)4096)
#define MOST	  ((size_t)1 << 40)

/* In front of each block. */
struct head {
	uint32_t class;	  /* SMALLEST << class bytes, this head included; or OWN */
	uint32_t skipped; /* bytes before the head, for an alignment */
	size_t size;	  /* from the head's begin to the block's end */
};

/* A free block. */
struct link {
	struct link *next;
};

/* Chunks are only added to. Each change is one store: a child that is forked in the middle
 * of it finds the state before or after. */
struct chunk {
	size_t used;
};

static struct {
	struct link *free[N_CLASSES];
	struct chunk *chunk; /* where new blocks come from */
} memory;

static void *map(size_t n)
{
	void *p = mmap(
		NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED)
		return p;
	errno = ENOMEM;
	return NULL;
}

static unsigned class_of(size_t bytes)
{
	unsigned class = 0;
	while (class < N_CLASSES && SMALLEST << class < bytes)
		class ++;
	return class;
}

/* The lock is held. */
static void *carve(size_t bytes)
{
	struct chunk *c = memory.chunk;
	if (!c || CHUNK - c->used < bytes) {
		c = map(CHUNK);
		if (!c)
			return NULL;
		c->used = (sizeof(*c) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
		__atomic_store_n(&memory.chunk, c, __ATOMIC_RELEASE);
	}
	size_t at = c->used;
	__atomic_store_n(&c->used, at + bytes, __ATOMIC_RELEASE);
	return (char *)c + at;
}

static void *take(unsigned class)
{
	pthread_mutex_t *lock = &tell_wiped()->memory;
	(void)pthread_mutex_lock(lock); /* a default mutex: no errors */
	struct link *block = memory.free[class];
	if (block)
		__atomic_store_n(&memory.free[class], block->next, __ATOMIC_RELEASE);
	else
		block = carve(SMALLEST << class);
	(void)pthread_mutex_unlock(lock);
	return block;
}

/* A block whose usable part begins `before` bytes behind its begin, or further on for the
 * alignment. */
void *tell_memory_get_aligned(size_t align, size_t n)
{
	size_t extra = align > ALIGN ? align : 0;
	size_t bytes = sizeof(struct head) + extra + n;
	if (n > MOST || align > PAGE) {
		errno = ENOMEM;
		return NULL;
	}
	unsigned class = class_of(bytes);
	if (class == OWN)
		bytes = (bytes + PAGE - 1) & ~(PAGE - 1);
	else
		bytes = SMALLEST << class;
	char *base = class == OWN ? map(bytes) : take(class);
	if (!base)
		return NULL;
	char *p = base + sizeof(struct head);
	if (extra)
		p += -(uintptr_t)p & (align - 1);
	struct head *h = (struct head *)(void *)p - 1;
	*h = (struct head){ class, (uint32_t)((char *)h - base), 0 };
	h->size = bytes - h->skipped;
	return p;
}

void *tell_memory_get(size_t n)
{
	return tell_memory_get_aligned(ALIGN, n);
}

void tell_memory_drop(void *p)
{
	if (!p)
		return;
	struct head h = *((struct head *)p - 1);
	char *base = (char *)p - sizeof(h) - h.skipped;
	if (h.class == OWN) {
		(void)munmap(base, h.size + h.skipped); /* ours: cannot fail */
		return;
	}
	struct link *block = (void *)base;
	pthread_mutex_t *lock = &tell_wiped()->memory;
	(void)pthread_mutex_lock(lock);
	block->next = memory.free[h.class];
	__atomic_store_n(&memory.free[h.class], block, __ATOMIC_RELEASE);
	(void)pthread_mutex_unlock(lock);
}

void *tell_memory_resize(void *p, size_t n)
{
	if (!p)
		return tell_memory_get(n);
	size_t had = ((struct head *)p - 1)->size - sizeof(struct head);
	if (n <= had)
		return p;
	void *more = tell_memory_get(n);
	if (!more)
		return NULL;
	memcpy(more, p, had);
	tell_memory_drop(p);
	return more;
}
