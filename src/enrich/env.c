#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "enrich/fixed.h"
#include "enrich/module.h"

/* enrich env names=NODE_NAME,POD_NAME prefix=k8s_: environment variables as they were when
 * the stack was loaded. One that is not set gives no field; in programs that run with more
 * rights than their caller (set-user-ID) none does. Values stay text. */
#define NAME_MAX_BYTES 256

static const struct tell_option options[] = {
	{ "names", TELL_OPTION_TEXT, NULL, NULL, "the variables, joined by ','", true },
	{ "prefix", TELL_OPTION_TEXT, "", NULL, "put in front of the fields' names",
		false },
	{ 0 },
};

/* One variable, n bytes of name. */
static int add_variable(
	struct tell_fixed *f, const char *prefix, const char *variable, size_t n)
{
	char name[2 * NAME_MAX_BYTES];
	size_t prefix_n = strlen(prefix);
	if (n >= NAME_MAX_BYTES || prefix_n >= NAME_MAX_BYTES)
		return -ENAMETOOLONG;
	memcpy(name, prefix, prefix_n);
	memcpy(name + prefix_n, variable, n);
	name[prefix_n + n] = '\0';
	const char *value = secure_getenv(name + prefix_n);
	if (!value)
		return 0;
	return tell_fixed_text(f, name, value, strlen(value), TELL_FIXED_FOREIGN);
}

static int fill(
	struct tell_fixed *f, const struct tell_args *args, struct tell_refusal *why)
{
	const char *prefix = tell_args_text(args, "prefix");
	const char *s = tell_args_text(args, "names");
	for (s += strspn(s, ", "); *s; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ", ");
		int r = add_variable(f, prefix, s, n);
		if (r == -ENAMETOOLONG)
			return tell_refuse(why, r, "names", "use shorter names",
				"a name is longer than %d bytes", NAME_MAX_BYTES - 1);
		if (r < 0)
			return tell_fixed_refuse(why, r, "names");
		s += n;
	}
	return 0;
}

static int open_env(void **ret, const struct tell_args *args, struct tell_refusal *why)
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

const struct tell_module tell_enrich_env = {
	TELL_MODULE_ABI,
	"enrich",
	"env",
	"adds environment variables",
	.options = options,
	.open = open_env,
	.run = tell_fixed_run,
	.close = tell_fixed_free,
};
