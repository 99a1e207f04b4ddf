#include <errno.h>
#include "enrich/fixed.h"
#include "enrich/module.h"

/* enrich set team=payments region=eu shard=7: fields of the administrator's own. Numbers
 * and true, false get their type; [note=two words] has blanks. */
static const struct tell_option options[] = {
	{ "*", TELL_OPTION_TEXT, NULL, NULL, "name=value: a field for each record",
		false },
	{ 0 },
};

static int fill(
	struct tell_fixed *f, const struct tell_args *args, struct tell_refusal *why)
{
	const char *name, *value;
	size_t pos = 0, n = 0;
	for (; tell_args_next(args, &pos, &name, &value); n++) {
		int r = tell_fixed_typed(f, name, value);
		if (r < 0)
			return tell_fixed_refuse(why, r, name);
	}
	if (n == 0)
		return tell_refuse(why, -EINVAL, NULL,
			"write enrich optional set name=value", "no field to set");
	return 0;
}

static int open_set(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_fixed *f = NULL;
	int r = tell_fixed_new(&f);
	r = r < 0 ? tell_fixed_refuse(why, r, NULL) : fill(f, args, why);
	if (r < 0) {
		tell_fixed_free(f);
		return r;
	}
	*ret = f;
	return 0;
}

const struct tell_module tell_enrich_set = {
	TELL_MODULE_ABI,
	"enrich",
	"set",
	"adds fields of your own",
	.options = options,
	.open = open_set,
	.run = tell_fixed_run,
	.close = tell_fixed_free,
};
