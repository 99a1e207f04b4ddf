#include "base/lasting.h"
#include <stdbool.h>
#include <sys/mman.h>

#define CHUNK ((size_t)64 << 10)
#define ALIGN ((size_t)64)
#define HEAD  ALIGN

/* In front of each chunk. Who runs over its end makes another. */
struct chunk {
	size_t used; /* atomic */
};

static struct chunk *lasting_chunk; /* atomic */

/* What lies in such memory may lead to blocks of malloc(): LeakSanitizer is told, where it is. */
void __lsan_register_root_region(const void *p, size_t n) __attribute__((weak));

static void *map(size_t n)
{
	void *p = mmap(
		NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void show(const void *p, size_t n)
{
	if (__lsan_register_root_region)
		__lsan_register_root_region(p, n);
}

/* A chunk in the place of `full`, unless another thread was first. False: memory is out. */
static bool another(struct chunk *full)
{
	struct chunk *c = map(CHUNK);
	if (!c)
		return false;
	c->used = HEAD;
	if (__atomic_compare_exchange_n(
		    &lasting_chunk, &full, c, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		show(c, CHUNK);
	else
		(void)munmap(c, CHUNK); /* ours: cannot fail */
	return true;
}

void *tell_lasting(size_t n)
{
	n = (n + ALIGN - 1) & ~(ALIGN - 1);
	if (n > CHUNK / 4) {
		void *p = map(n);
		if (p)
			show(p, n);
		return p;
	}
	for (;;) {
		struct chunk *c = __atomic_load_n(&lasting_chunk, __ATOMIC_ACQUIRE);
		size_t at = c ? __atomic_fetch_add(&c->used, n, __ATOMIC_RELAXED) : CHUNK;
		if (at + n <= CHUNK)
			return (char *)c + at;
		if (!another(c))
			return NULL;
	}
}
