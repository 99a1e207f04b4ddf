#include "meter/cells.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>

#define PAGE_BYTES (TELL__CELLS_PAGE * sizeof(uint64_t))

/* A thread's table; `cells` first, as tell__cells points there. */
struct shard {
	struct tell__cells cells;
	struct shard *next; /* never changes once it is in the list */
	uint8_t taken;	    /* atomic */
};

__thread struct tell__cells *tell__cells;
static __thread volatile sig_atomic_t making; /* room for the calling thread */

static struct {
	struct shard *first; /* atomic; only grows */
	uint32_t n_cells;    /* atomic */
	uint64_t lost;	     /* atomic */
	pthread_once_t once;
	pthread_key_t at_exit; /* runs leave() when a thread ends */
} shards = { .once = PTHREAD_ONCE_INIT };

int tell_cell_new(uint32_t *ret)
{
	uint32_t n = __atomic_load_n(&shards.n_cells, __ATOMIC_RELAXED);
	do {
		if (n == TELL_CELLS_MAX)
			return -ENOSPC;
	} while (!__atomic_compare_exchange_n(
		&shards.n_cells, &n, n + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	*ret = n;
	return 0;
}

static void *map(size_t bytes)
{
	void *p = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

/* The thread ends. One that counts again in a later destructor takes a shard again, and
 * pthread calls us again (pthread_key_create(3)). */
static void leave(void *arg)
{
	struct shard *s = arg;
	tell__cells = NULL;
	__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
}

static void make_key(void)
{
	(void)pthread_key_create(
		&shards.at_exit, leave); /* else: shards are not reused */
}

static struct shard *take_free(void)
{
	struct shard *s = __atomic_load_n(&shards.first, __ATOMIC_ACQUIRE);
	for (; s; s = s->next) {
		uint8_t no = 0;
		if (__atomic_compare_exchange_n(
			    &s->taken, &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return s;
	}
	return NULL;
}

static struct shard *take_new(void)
{
	struct shard *s = map(sizeof(*s));
	if (!s)
		return NULL;
	s->taken = 1;
	s->next = __atomic_load_n(&shards.first, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(
		&shards.first, &s->next, s, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	return s;
}

/* The calling thread's number; made when new. NULL: memory is out. */
static uint64_t *number_of(uint32_t cell)
{
	if (!tell__cells) {
		(void)pthread_once(&shards.once, make_key);
		struct shard *s = take_free();
		if (!s && !(s = take_new()))
			return NULL;
		(void)pthread_setspecific(shards.at_exit, s);
		tell__cells = &s->cells;
	}
	uint64_t **page = &tell__cells->page[cell / TELL__CELLS_PAGE];
	if (!*page) {
		uint64_t *made = map(PAGE_BYTES);
		if (!made)
			return NULL;
		/* Before Linux 4.14 a child goes on from its parent's numbers. */
		(void)madvise(made, PAGE_BYTES, MADV_WIPEONFORK);
		__atomic_store_n(page, made, __ATOMIC_RELEASE);
	}
	return *page + cell % TELL__CELLS_PAGE;
}

void tell_cell_add(uint32_t cell, uint64_t n)
{
	int saved = errno;
	uint64_t *number = NULL;
	if (!making) {
		making = 1;
		number = number_of(cell);
		making = 0;
	}
	if (number)
		__atomic_store_n(number, __atomic_load_n(number, __ATOMIC_RELAXED) + n,
			__ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&shards.lost, n, __ATOMIC_RELAXED);
	errno = saved;
}

uint64_t tell_cell_sum(uint32_t cell)
{
	uint64_t sum = 0;
	const struct shard *s = __atomic_load_n(&shards.first, __ATOMIC_ACQUIRE);
	for (; s; s = s->next) {
		const uint64_t *page = __atomic_load_n(
			&s->cells.page[cell / TELL__CELLS_PAGE], __ATOMIC_ACQUIRE);
		if (page)
			sum += __atomic_load_n(
				&page[cell % TELL__CELLS_PAGE], __ATOMIC_RELAXED);
	}
	return sum;
}

uint64_t tell_cells_lost(void)
{
	return __atomic_load_n(&shards.lost, __ATOMIC_RELAXED);
}

void tell_cells_child(void)
{
	struct shard *s = shards.first;
	for (; s; s = s->next)
		if (&s->cells != tell__cells)
			__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&shards.lost, 0, __ATOMIC_RELAXED);
}
