#include "support/memory_dir.h"
#include <dirent.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static char above[64], path[80];
static pid_t maker;

void memory_dir_remove(void)
{
	char file[400];
	if (!*above || maker != getpid())
		return;
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		(void)snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		(void)unlink(file);
	}
	if (d)
		(void)closedir(d);
	(void)rmdir(path);
	(void)rmdir(above);
	*above = '\0';
}

const char *memory_dir(void)
{
	struct statfs fs;
	if (*above)
		return path;
	if (statfs("/dev/shm", &fs) != 0 || fs.f_type != TMPFS_MAGIC)
		return NULL;
	(void)snprintf(above, sizeof(above), "/dev/shm/telltale-test.XXXXXX");
	if (!mkdtemp(above)) {
		*above = '\0';
		return NULL;
	}
	(void)snprintf(path, sizeof(path), "%s/telltale", above);
	(void)mkdir(path, 0700);
	(void)setenv("RUNTIME_DIRECTORY", above, 1);
	maker = getpid();
	(void)atexit(memory_dir_remove);
	return path;
}

unsigned memory_dir_files(const char *suffix)
{
	unsigned n = 0;
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		size_t len = strlen(e->d_name), s = strlen(suffix);
		n += len > s && strcmp(e->d_name + len - s, suffix) == 0;
	}
	if (d)
		(void)closedir(d);
	return n;
}
