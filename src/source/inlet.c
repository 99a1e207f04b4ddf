#include "source/inlet.h"
#include <errno.h>
#include <stdlib.h>
#include "source/file.h"
#include "source/journal.h"

const struct tell_inlet_kind *tell_inlet_kind_of(const struct tell_module *module)
{
	static const struct tell_inlet_kind *const kinds[] = { &tell_inlet_journal,
		&tell_inlet_file };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i]->module == module)
			return kinds[i];
	return kinds[0];
}

int tell_inlet_entry_init(struct tell_inlet *in)
{
	in->entry = calloc(1, sizeof(*in->entry));
	return in->entry ? tell_entry_init(in->entry) : -ENOMEM;
}

void tell_inlet_entry_done(struct tell_inlet *in)
{
	if (in->entry)
		tell_entry_done(in->entry);
	free(in->entry);
	in->entry = NULL;
}

enum tell_verdict tell_inlet_run(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_SUCCESS;
}
