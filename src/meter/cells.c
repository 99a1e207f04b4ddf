#include "meter/cells.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include "meter/memo.h"

#define CELLS_BYTES (TELL_CELLS_MAX * sizeof(uint64_t)) /* whole pages */

/* Behind a thread's numbers, in a page that a child keeps. */
struct shard {
	uint64_t *cells;
	struct shard *next; /* never changes once it is in the list */
	uint8_t taken;	    /* atomic */
	struct tell_series *memo[TELL_MEMO_SLOTS]; /* the rest of the page is free */
};

__thread uint64_t *tell__cells __attribute__((tls_model("initial-exec")));
static __thread volatile sig_atomic_t making __attribute__((tls_model("initial-exec")));

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
	char *memory = mmap(NULL, CELLS_BYTES + sizeof(struct shard),
		PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		0);
	if (memory == MAP_FAILED)
		return NULL;
	/* Before Linux 4.14 a child goes on from its parent's numbers. */
	(void)madvise(memory, CELLS_BYTES, MADV_WIPEONFORK);
	struct shard *s = (struct shard *)(void *)(memory + CELLS_BYTES);
	s->cells = (uint64_t *)(void *)memory;
	s->taken = 1;
	s->next = __atomic_load_n(&shards.first, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(
		&shards.first, &s->next, s, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	return s;
}

/* Room for the calling thread's numbers. False: memory is out. */
static bool make_room(void)
{
	(void)pthread_once(&shards.once, make_key);
	struct shard *s = take_free();
	if (!s && !(s = take_new()))
		return false;
	(void)pthread_setspecific(shards.at_exit, s);
	tell__cells = s->cells;
	return true;
}

/* Not for a handler in the middle of just that. */
static bool have_room(void)
{
	bool room = tell__cells != NULL;
	if (!room && !making) {
		making = 1;
		room = make_room();
		making = 0;
	}
	return room;
}

void tell_cell_add(uint32_t cell, uint64_t n)
{
	int saved = errno;
	if (have_room())
		__atomic_store_n(&tell__cells[cell],
			__atomic_load_n(&tell__cells[cell], __ATOMIC_RELAXED) + n,
			__ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&shards.lost, n, __ATOMIC_RELAXED);
	errno = saved;
}

uint64_t tell_cell_sum(uint32_t cell)
{
	uint64_t sum = 0;
	const struct shard *s = __atomic_load_n(&shards.first, __ATOMIC_ACQUIRE);
	for (; s; s = s->next)
		sum += __atomic_load_n(&s->cells[cell], __ATOMIC_RELAXED);
	return sum;
}

struct tell_series **tell_cells_memo(void)
{
	int saved = errno;
	struct shard *s = have_room()
		? (struct shard *)(void *)(tell__cells + TELL_CELLS_MAX)
		: NULL;
	errno = saved;
	return s ? s->memo : NULL;
}

uint64_t tell_cells_lost(void)
{
	return __atomic_load_n(&shards.lost, __ATOMIC_RELAXED);
}

void tell_cells_child(void)
{
	struct shard *s = shards.first;
	for (; s; s = s->next)
		if (s->cells != tell__cells)
			__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&shards.lost, 0, __ATOMIC_RELAXED);
}
