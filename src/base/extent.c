#include "base/extent.h"
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 35)

bool tell_extent_of(const void *address, struct tell_extent *ret)
{
	struct dl_find_object found;
	/* It takes what may be written to, and writes nothing. */
	if (_dl_find_object((void *)(uintptr_t)address, &found) != 0)
		return false;
	ret->first = (uintptr_t)found.dlfo_map_start;
	ret->last = (uintptr_t)found.dlfo_map_end;
	return true;
}

#else

struct search {
	const void *address;
	struct tell_extent *ret;
};

/* Is it in one of the object's segments? Then its extent is from the first to the last. */
static int look(struct dl_phdr_info *object, size_t size, void *arg)
{
	const struct search *s = arg;
	struct tell_extent all = { UINTPTR_MAX, 0 };
	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &object->dlpi_phdr[i];
		if (p->p_type != PT_LOAD)
			continue;
		uintptr_t first = object->dlpi_addr + p->p_vaddr;
		if (first < all.first)
			all.first = first;
		if (first + p->p_memsz > all.last)
			all.last = first + p->p_memsz;
	}
	if (!tell_extent_has(&all, s->address))
		return 0;
	*s->ret = all;
	return 1;
}

bool tell_extent_of(const void *address, struct tell_extent *ret)
{
	struct search s = { address, ret };
	return dl_iterate_phdr(look, &s) == 1;
}

#endif
