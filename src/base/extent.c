#include "base/extent.h"
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

#define PAGE 4096 /* segments begin on larger ones too, which are multiples */

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

bool tell_extent_is_constant(const struct tell_extent *e, const void *address)
{
	const ElfW(Ehdr) *head = (const void *)e->first;
	uintptr_t lowest = UINTPTR_MAX;
	if (e->last - e->first < sizeof(*head) || !tell_extent_has(e, address) ||
		memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
		head->e_phentsize != sizeof(ElfW(Phdr)) ||
		head->e_phoff > e->last - e->first - sizeof(*head) ||
		head->e_phnum > (e->last - e->first - head->e_phoff) / sizeof(ElfW(Phdr)))
		return false;
	const ElfW(Phdr) *p = (const void *)(e->first + head->e_phoff);
	for (size_t i = 0; i < head->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && p[i].p_vaddr < lowest)
			lowest = p[i].p_vaddr;
	/* As the file has it; mapped from the page of its lowest address on. */
	uintptr_t at = (uintptr_t)address - e->first + (lowest & ~(uintptr_t)(PAGE - 1));
	for (size_t i = 0; i < head->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && !(p[i].p_flags & PF_W) &&
			at >= p[i].p_vaddr && at - p[i].p_vaddr < p[i].p_memsz)
			return true;
	return false;
}
