#include "forward/board.h"
#include <errno.h>
#include <sys/mman.h>

static struct tell_board *board; /* a process forwards once */

struct tell_board *tell_board_make(void)
{
	pthread_mutexattr_t shared;
	void *made = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	board = made == MAP_FAILED ? NULL : made;
	if (!board)
		return NULL;
	/* None of them can fail in glibc. */
	(void)pthread_mutexattr_init(&shared);
	(void)pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
	(void)pthread_mutex_init(&board->lock, &shared);
	(void)pthread_mutexattr_destroy(&shared);
	return board;
}

void tell_board_lock(struct tell_board *b)
{
	if (pthread_mutex_lock(&b->lock) == EOWNERDEAD)
		(void)pthread_mutex_consistent(&b->lock); /* lines on a terminal */
}

void tell_board_unlock(struct tell_board *b)
{
	(void)pthread_mutex_unlock(&b->lock); /* ours */
}

struct tell_board *tell_board_get(void)
{
	return board;
}

static uint64_t since(uint64_t then_us, uint64_t now_us)
{
	return then_us && then_us < now_us ? now_us - then_us : 0;
}

uint64_t tell_way_lag_us(const struct tell_way *w, uint64_t now_us)
{
	return since(tell_way_get(&w->oldest_us), now_us);
}

uint64_t tell_way_away_us(const struct tell_way *w, uint64_t now_us)
{
	return since(tell_way_get(&w->away_us), now_us);
}
