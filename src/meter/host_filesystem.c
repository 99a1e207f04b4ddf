#include <sys/statvfs.h>
#include "meter/host_part.h"

static void put(const struct tell_collector *to, const char *mountpoint,
	const char *state, uint64_t n)
{
	const struct tell_label labels[] = { { "system_filesystem_mountpoint",
						     mountpoint },
		{ "system_filesystem_state", state } };
	to->sample(to->arg, labels, 2, tell_reading_u64(n));
}

void tell_host_filesystem(const struct tell_collector *to, const char *mountpoint)
{
	struct statvfs fs;
	if (statvfs(mountpoint, &fs) != 0 || fs.f_blocks < fs.f_bfree ||
		fs.f_bfree < fs.f_bavail)
		return;
	uint64_t block = fs.f_frsize;
	tell_host_family(to, "system_filesystem_usage_bytes",
		"Space of a filesystem; reserved is root's alone.", TELL_METRIC_GAUGE);
	put(to, mountpoint, "used", (fs.f_blocks - fs.f_bfree) * block);
	put(to, mountpoint, "free", fs.f_bavail * block);
	put(to, mountpoint, "reserved", (fs.f_bfree - fs.f_bavail) * block);
}
