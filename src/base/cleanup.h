#pragma once
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ownership of local variables: what a block owns is released when the block ends.
 *
 *	TELL_CLEANUP(tell_freep) char *path = strdup(s);
 *	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
 *	...
 *	*ret = TELL_TAKE(path);	   (handed over: nothing is freed here)
 *
 * Threads: as their arguments. Source: GCC manual, common variable attributes. */
#define TELL_CLEANUP(fn) __attribute__((cleanup(fn)))

/* The pointer, which its variable forgets. */
#define TELL_TAKE(p)                                                                     \
	__extension__({                                                                  \
		__typeof__(p) *tell__where = &(p);                                       \
		__typeof__(p) tell__taken = *tell__where;                                \
		*tell__where = NULL;                                                     \
		tell__taken;                                                             \
	})

/* The file descriptor, which its variable forgets (it becomes -1). */
static inline int tell_fd_take(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

/* free() for the pointer that p points to, of whatever type. */
static inline void tell_freep(void *p)
{
	void *memory;
	memcpy(&memory, p, sizeof(memory));
	free(memory);
}

/* close() for a descriptor >= 0; errno stays. A failed close loses nothing here: what
 * must reach the disk is synced by its owner before. */
static inline void tell_closep(int *fd)
{
	int saved = errno;
	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}
