/* A module of one's own: `enrich optional site name=NAME` adds to each record the data centre
 * that it came from, and says once when none is set.
 *
 *	cc -std=c11 -O2 -fPIC -shared -o tell_enrich_site.so enrich_site.c
 *	install -m 644 tell_enrich_site.so "$(pkg-config --variable=moduledir telltale)"
 *	echo 'enrich optional site name=fra1' >>/etc/telltale.d/shop
 *
 * It links nothing: what it calls comes in a table, see <telltale/module.h>. MIT. */
#define TELL_MODULE_LOADED
#include <errno.h>
#include <stdlib.h>
#include <telltale/module.h>

TELL_MODULE_API;

struct site {
	struct tell_field field;
};

static const struct tell_option options[] = {
	{ "name", TELL_OPTION_TEXT, NULL, NULL, "the data centre", false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* The arguments' strings live as long as the stack: no copy. */
static int open_site(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *name = tell_args_text(args, "name");
	if (name && !*name)
		return tell_refuse(why, -EINVAL, "name",
			"write name=fra1 or leave it out",
			"a data centre without a name");
	struct site *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->field = tell_str("data_centre", name); /* null without one */
	*ret = s;
	return 0;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct site *s = state;
	if (!s->field.v.ptr)
		tell_note(run, TELL_NOTICE, "site-none", "no data centre is set");
	tell_record_add(run->record, &s->field, 1, TELL_SLOT_ADDED, NULL);
	return TELL_SUCCESS;
}

TELL_MODULE_PUBLIC const struct tell_module tell_enrich_site = { TELL_MODULE_ABI,
	"enrich", "site", "adds the data centre", .options = options, .open = open_site,
	.run = run, .close = free };
