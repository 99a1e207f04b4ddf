#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include "health/module.h"
#include "health/probe.h"
#include "record/record.h"

/* health disk: is there room in a file system, and are there inodes? What counts is what programs
 * without privileges may have (f_bavail), as a share of what they and the files there have.
 * A file system that stands still (NFS) hangs the check: it has timed out then. */
static const struct tell_option options[] = {
	{ "path", TELL_OPTION_TEXT, "/", NULL, "a file or directory in it", false },
	{ "free", TELL_OPTION_RATIO, "10%", NULL, "less room than that is unhealthy",
		false },
	{ "inodes", TELL_OPTION_RATIO, "5%", NULL,
		"fewer free inodes than that is unhealthy; 0: they do not count", false },
	TELL_OPTION_CHECK,
	{ 0 },
};

struct disk {
	const char *path;
	double free, inodes;
};

static int open_disk(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct disk *d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->path = tell_args_text(args, "path");
	d->free = tell_args_f64(args, "free");
	d->inodes = tell_args_f64(args, "inodes");
	if (*d->path == '/') {
		*ret = d;
		return 0;
	}
	free(d);
	return tell_refuse(why, -EINVAL, "path", "begin it with /",
		"a relative path depends on where the service is started");
}

/* Some file systems have no such number: then there is nothing to run out of. */
static double share(uint64_t left, uint64_t used)
{
	return left + used ? (double)left / ((double)left + (double)used) : 1;
}

static enum tell_verdict run_disk(void *state, struct tell_run *run)
{
	const struct disk *d = state;
	struct statvfs s;
	if (statvfs(d->path, &s) < 0)
		return tell_probe_say(run, TELL_UNAVAILABLE, "cannot look at %s: %s",
			d->path, strerrordesc_np(errno));
	double room = share(s.f_bavail, s.f_blocks - s.f_bfree);
	double inodes = share(s.f_favail, s.f_files - s.f_ffree);
	const struct tell_field fields[] = {
		tell_str("path", d->path),
		tell_f64("free_ratio", room),
		tell_u64("free_bytes", (uint64_t)s.f_bavail * s.f_frsize),
		tell_f64("free_inodes_ratio", inodes),
	};
	tell_record_add(run->record, fields, 4, 0, NULL);
	if (room < d->free)
		return tell_probe_say(run, TELL_FULL,
			"%.1f%% of %s is free, less than %g%%", 100 * room, d->path,
			100 * d->free);
	if (inodes < d->inodes)
		return tell_probe_say(run, TELL_FULL,
			"%.1f%% of the inodes of %s are free, less than %g%%",
			100 * inodes, d->path, 100 * d->inodes);
	return TELL_SUCCESS;
}

const struct tell_module tell_health_disk = {
	TELL_MODULE_ABI,
	"health",
	"disk",
	"looks for room in a file system",
	.options = options,
	.open = open_disk,
	.run = run_disk,
	.close = free,
};
