#include "preload/wiped.h"
#include <stddef.h>
#include <sys/mman.h>

static struct tell_wiped *page, kept; /* kept: Linux before 4.14, or no memory */

static struct tell_wiped *make(void)
{
	struct tell_wiped *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED)
		return &kept;
	if (madvise(made, sizeof(*made), MADV_WIPEONFORK) == 0)
		return made;
	(void)munmap(made, sizeof(*made)); /* ours: cannot fail */
	return &kept;
}

struct tell_wiped *tell_wiped(void)
{
	struct tell_wiped *there = __atomic_load_n(&page, __ATOMIC_ACQUIRE);
	if (__builtin_expect(there != NULL, 1))
		return there;
	struct tell_wiped *made = make();
	if (__atomic_compare_exchange_n(
		    &page, &there, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	if (made != &kept)
		(void)munmap(made, sizeof(*made)); /* another thread was first */
	return there;
}
