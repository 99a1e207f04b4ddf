#include "meter/cells.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include "meter/memo.h"

#define CELLS_BYTES (TELL_CELLS_MAX * sizeof(uint64_t)) /* whole pages */

#define PIECE_BYTES ((size_t)64 << 10) /* the first; each further one is twice as large */
#define PIECES_MAX  16
#define PIECE_ALIGN 64

/* Memory that is handed out from its beginning. A child finds it wiped, so it begins again. */
struct piece {
	size_t used; /* and what is behind: PIECE_ALIGN, this one included */
};

/* Behind a thread's numbers, in a page that a child keeps. */
struct tell_shard {
	uint64_t *cells;
	struct tell_shard *next; /* never changes once it is in the list */
	struct piece *pieces[PIECES_MAX];
	uint8_t taken;				   /* atomic */
	struct tell_series *memo[TELL_MEMO_SLOTS]; /* the rest of the page is free */
};

__thread uint64_t *tell__cells __attribute__((tls_model("initial-exec")));
static __thread volatile sig_atomic_t making __attribute__((tls_model("initial-exec")));

static struct {
	struct tell_shard *first; /* atomic; only grows */
	uint32_t n_cells;	  /* atomic */
	uint64_t lost;		  /* atomic */
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
	struct tell_shard *s = arg;
	tell__cells = NULL;
	__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
}

static void make_key(void)
{
	(void)pthread_key_create(
		&shards.at_exit, leave); /* else: shards are not reused */
}

static struct tell_shard *take_free(void)
{
	struct tell_shard *s = __atomic_load_n(&shards.first, __ATOMIC_ACQUIRE);
	for (; s; s = s->next) {
		uint8_t no = 0;
		if (__atomic_compare_exchange_n(
			    &s->taken, &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return s;
	}
	return NULL;
}

/* `wiped` bytes that a child finds wiped, and more that it finds as they are. NULL: none.
 * Before Linux 4.14 a child goes on from its parent's numbers. */
static char *map(size_t wiped, size_t more)
{
	char *memory = mmap(NULL, wiped + more, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	(void)madvise(memory, wiped, MADV_WIPEONFORK);
	return memory;
}

static struct tell_shard *take_new(void)
{
	char *memory = map(CELLS_BYTES, sizeof(struct tell_shard));
	if (!memory)
		return NULL;
	struct tell_shard *s = (struct tell_shard *)(void *)(memory + CELLS_BYTES);
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
	struct tell_shard *s = take_free();
	if (!s && !(s = take_new()))
		return false;
	(void)pthread_setspecific(shards.at_exit, s);
	tell__cells = s->cells;
	return true;
}

void tell_cells_lose(uint64_t n)
{
	__atomic_fetch_add(&shards.lost, n, __ATOMIC_RELAXED);
}

uint64_t *tell_cells_mine(void)
{
	if (tell__cells || making)
		return tell__cells;
	int saved = errno;
	making = 1;
	(void)make_room(); /* else it stays NULL */
	making = 0;
	errno = saved;
	return tell__cells;
}

void tell_cell_add(uint32_t cell, uint64_t n)
{
	uint64_t *cells = tell_cells_mine();
	if (cells)
		__atomic_store_n(&cells[cell],
			__atomic_load_n(&cells[cell], __ATOMIC_RELAXED) + n,
			__ATOMIC_RELAXED);
	else
		tell_cells_lose(n);
}

static void *take_memory(size_t n)
{
	struct tell_shard *mine =
		(struct tell_shard *)(void *)((char *)tell__cells + CELLS_BYTES);
	n = (n + PIECE_ALIGN - 1) & ~(size_t)(PIECE_ALIGN - 1);
	for (size_t i = 0; i < PIECES_MAX; i++) {
		size_t bytes = PIECE_BYTES << i;
		if (!mine->pieces[i])
			mine->pieces[i] = (struct piece *)(void *)map(bytes, 0);
		struct piece *p = mine->pieces[i];
		if (!p)
			return NULL;
		if (bytes - PIECE_ALIGN - p->used < n)
			continue;
		p->used += n;
		return (char *)p + PIECE_ALIGN + p->used - n;
	}
	return NULL;
}

void *tell_cells_memory(size_t n)
{
	if (making || !tell_cells_mine())
		return NULL;
	int saved = errno;
	making = 1;
	void *memory = take_memory(n);
	making = 0;
	errno = saved;
	return memory;
}

const struct tell_shard *tell_shard_next(const struct tell_shard *s)
{
	return s ? s->next : __atomic_load_n(&shards.first, __ATOMIC_ACQUIRE);
}

/* Acquire: the number may lead to memory. */
uint64_t tell_shard_get(const struct tell_shard *s, uint32_t cell)
{
	return __atomic_load_n(&s->cells[cell], __ATOMIC_ACQUIRE);
}

uint64_t tell_cell_sum(uint32_t cell)
{
	uint64_t sum = 0;
	for (const struct tell_shard *s = NULL; (s = tell_shard_next(s));)
		sum += tell_shard_get(s, cell);
	return sum;
}

struct tell_series **tell_cells_memo(void)
{
	uint64_t *cells = tell_cells_mine();
	struct tell_shard *s = (struct tell_shard *)(void *)(cells + TELL_CELLS_MAX);
	return cells ? s->memo : NULL;
}

uint64_t tell_cells_lost(void)
{
	return __atomic_load_n(&shards.lost, __ATOMIC_RELAXED);
}

void tell_cells_child(void)
{
	struct tell_shard *s = shards.first;
	for (; s; s = s->next)
		if (s->cells != tell__cells)
			__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&shards.lost, 0, __ATOMIC_RELAXED);
}
