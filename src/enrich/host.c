#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "enrich/fixed.h"
#include "enrich/module.h"
#include "enrich/read.h"

/* enrich host: `hostname`, and when asked `boot_id` and `machine_id`: the journal's names
 * (systemd.journal-fields(7)) without the '_' that only journald may write. For files and
 * JSON; journald and syslog say the host themselves.
 *
 * machine_id is off because machine-id(5) asks not to show it to strangers. */
#define HOSTNAME_BYTES 256
#define ID_BYTES       64

static const struct tell_option options[] = {
	{ "boot_id", TELL_OPTION_BOOL, "no", NULL, "add the id of this boot", false },
	{ "machine_id", TELL_OPTION_BOOL, "no", NULL, "add /etc/machine-id", false },
	{ 0 },
};

static int add_hostname(struct tell_fixed *f)
{
	char name[HOSTNAME_BYTES];
	if (gethostname(name, sizeof(name)) < 0)
		return 0; /* longer than any kernel allows: no field */
	name[sizeof(name) - 1] = '\0';
	return tell_fixed_text(f, "hostname", name, strlen(name), TELL_FIXED_OURS);
}

/* An id from a file; a container may have none: no field then. */
static int add_id(struct tell_fixed *f, const char *name, const char *path)
{
	char id[ID_BYTES];
	ssize_t n = tell_read_line(path, id, sizeof(id));
	if (n < 0)
		return 0;
	/* the kernel writes a UUID, the journal its digits alone: as machine-id(5) */
	size_t to = 0;
	for (ssize_t i = 0; i < n; i++)
		if (id[i] != '-')
			id[to++] = id[i];
	return tell_fixed_text(f, name, id, to, TELL_FIXED_OURS);
}

static int fill(struct tell_fixed *f, const struct tell_args *args)
{
	int r = add_hostname(f);
	if (r == 0 && tell_args_bool(args, "boot_id"))
		r = add_id(f, "boot_id", "/proc/sys/kernel/random/boot_id");
	if (r == 0 && tell_args_bool(args, "machine_id"))
		r = add_id(f, "machine_id", "/etc/machine-id");
	return r;
}

static int open_host(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct tell_fixed *f = NULL;
	int r = tell_fixed_new(&f);
	if (r == 0)
		r = fill(f, args);
	if (r < 0) {
		tell_fixed_free(f);
		return tell_fixed_refuse(why, r, NULL);
	}
	*ret = f;
	return 0;
}

const struct tell_module tell_enrich_host = {
	TELL_MODULE_ABI,
	"enrich",
	"host",
	"adds the host's name",
	.options = options,
	.open = open_host,
	.run = tell_fixed_run,
	.close = tell_fixed_free,
};
