#include "preload/roomy.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#define ROOM  ((size_t)256 << 10)
#define GUARD ((size_t)64 << 10) /* pages are at most so large */

struct call {
	void (*fn)(void *arg);
	void *arg;
	ucontext_t back, there;
};

/* makecontext() hands down ints: a pointer is two of them. */
static void begin(unsigned high, unsigned low)
{
	struct call *c = (struct call *)((uintptr_t)high << 16 << 16 | low);
	c->fn(c->arg);
}

void tell_roomy(void (*fn)(void *arg), void *arg)
{
	char *memory = mmap(NULL, GUARD + ROOM, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (memory == MAP_FAILED) {
		fn(arg);
		return;
	}
	struct call *c = (void *)(memory + GUARD); /* at the far end of the stack */
	if (mprotect(c, ROOM, PROT_READ | PROT_WRITE) < 0 || getcontext(&c->there) < 0) {
		(void)munmap(memory, GUARD + ROOM); /* ours: cannot fail */
		fn(arg);
		return;
	}
	c->fn = fn;
	c->arg = arg;
	c->there.uc_stack.ss_sp = c + 1;
	c->there.uc_stack.ss_size = ROOM - sizeof(*c);
	c->there.uc_link = &c->back;
	uintptr_t at = (uintptr_t)c;
	makecontext(&c->there, (void (*)(void))begin, 2, (unsigned)(at >> 16 >> 16),
		(unsigned)at);
	(void)swapcontext(
		&c->back, &c->there); /* fails for want of memory only: none needed */
	(void)munmap(memory, GUARD + ROOM);
}
