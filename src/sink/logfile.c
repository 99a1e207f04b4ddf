#include "sink/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define FLAGS (O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)

/* In a user namespace the host's root is a stranger, and our root rules nothing: the
 * first line of the map of the first namespace is "0 0 4294967295". */
static bool in_user_namespace(void)
{
	unsigned inside, outside, count;
	FILE *map = fopen("/proc/self/uid_map", "re");

	if (!map)
		return false;
	int n = fscanf(map, "%u %u %u", &inside, &outside, &count);
	(void)fclose(map);
	return n == 3 && (outside != 0 || count != UINT_MAX);
}

/* May others put something at a name in this directory? In sticky ones (/tmp) only new
 * names; what the file is, is looked at once it is open. */
static bool ruled_by_others(const struct stat *st)
{
	return st->st_uid != 0 || ((st->st_mode & 022) != 0 && !(st->st_mode & S_ISVTX));
}

/* For root: every directory on the way is root's own; the last one is held open. */
static bool way_is_safe(const char *path, const struct stat *last)
{
	TELL_CLEANUP(tell_freep) char *way = strdup(path);
	struct stat st;

	if (!way)
		return false;
	const char *end = strrchr(way, '/');
	for (char *slash = strchr(way, '/'); slash != end;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (stat(slash == way ? "/" : way, &st) == 0 && ruled_by_others(&st))
			return in_user_namespace();
		*slash = '/';
	}
	return !ruled_by_others(last) || in_user_namespace();
}

/* Is it a file of lines, by one name only? */
static int check_kind(const struct stat *st, const char **ret_why)
{
	if (S_ISLNK(st->st_mode)) {
		*ret_why = "a symbolic link stands there";
		return -ELOOP;
	}
	if (!S_ISREG(st->st_mode)) {
		*ret_why = "what stands there is not a regular file";
		return -EINVAL;
	}
	if (st->st_nlink > 1) {
		*ret_why = "the file has a second name (hard link)";
		return -EMLINK;
	}
	return 0;
}

static int check_file(int fd, const struct stat *dir, const char **ret_why)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	int r = check_kind(&st, ret_why);
	if (r < 0)
		return r;
	if ((dir->st_mode & S_IWOTH) && st.st_uid != geteuid() && st.st_uid != 0) {
		*ret_why = "the file is another user's, in a directory open to all";
		return -EPERM;
	}
	return 0;
}

/* For reading too where allowed: the end of the last line can then be looked at. */
static int open_existing(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | FLAGS);

	if (fd < 0 && errno == EACCES)
		fd = openat(dir, name, O_WRONLY | FLAGS);
	return fd < 0 ? -errno : fd;
}

static int open_or_create(int dir, const char *name, mode_t mode)
{
	for (int tries = 0;; tries++) {
		int fd = open_existing(dir, name);
		if (fd != -ENOENT)
			return fd;
		fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | FLAGS, mode & 0600);
		if (fd >= 0) {
			(void)fchmod(fd, mode); /* else it stays stricter: the umask's */
			return fd;
		}
		if (errno != EEXIST || tries > 10) /* made by another meanwhile */
			return -errno;
	}
}

/* The directory of a file's path; the place of the slash before its last part, or NULL. */
static const char *parent_of(char parent[TELL_LOGFILE_PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash || slash[1] == '\0' ||
		(size_t)(slash - path) + 2 > TELL_LOGFILE_PATH_MAX)
		return NULL;
	size_t n = slash == path ? 1 : (size_t)(slash - path);
	memcpy(parent, path, n);
	parent[n] = '\0';
	return slash;
}

int tell_logfile_dir(const char *path, const char **ret_why)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	*ret_why = NULL;
	if (!slash || slash[1] == '\0')
		return -EINVAL;
	TELL_CLEANUP(tell_freep)
	char *parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (!parent)
		return -ENOMEM;
	TELL_CLEANUP(tell_closep)
	int dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 && errno == EACCES) /* files may be made in it all the same */
		dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fstat(dir, &st) < 0)
		return -errno;
	if (geteuid() == 0 && !way_is_safe(path, &st)) {
		*ret_why = "root writes no file in a directory that another user rules";
		return -EPERM;
	}
	return tell_fd_take(&dir);
}

int tell_logfile_open_at(int dir, const char *name, mode_t mode, const char **ret_why)
{
	struct stat st;

	*ret_why = NULL;
	if (fstat(dir, &st) < 0)
		return -errno;
	TELL_CLEANUP(tell_closep) int fd = open_or_create(dir, name, mode);
	if (fd == -ELOOP)
		*ret_why = "a symbolic link stands there";
	if (fd == -ENXIO || fd == -EISDIR)
		*ret_why = "what stands there is not a regular file";
	if (fd < 0)
		return fd;
	int r = check_file(fd, &st, ret_why);
	return r < 0 ? r : tell_fd_take(&fd);
}

int tell_logfile_open(const char *path, mode_t mode, const char **ret_why)
{
	TELL_CLEANUP(tell_closep) int dir = tell_logfile_dir(path, ret_why);

	return dir < 0 ? dir
		       : tell_logfile_open_at(dir, strrchr(path, '/') + 1, mode, ret_why);
}

int tell_logfile_look(
	const char *path, char what[TELL_LOGFILE_PATH_MAX], const char **ret_why)
{
	struct stat st;

	*ret_why = NULL;
	if (!parent_of(what, path))
		return -EINVAL;
	if (stat(what, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	bool there = lstat(path, &st) == 0;
	if (!there && errno != ENOENT)
		return -errno;
	if (there)
		(void)snprintf(
			what, TELL_LOGFILE_PATH_MAX, "%s", path); /* lstat() took it */
	int r = there ? check_kind(&st, ret_why) : 0;
	if (r < 0)
		return r;
	/* A directory is searched as well when a file is made in it. */
	return faccessat(AT_FDCWD, what, there ? W_OK : W_OK | X_OK, AT_EACCESS) < 0
		? -errno
		: 0;
}

int tell_logfile_moved(const char *path, dev_t dev, ino_t ino)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -errno;
	return st.st_dev != dev || st.st_ino != ino;
}

static bool may_pass(int error)
{
	return error == -ENOENT || error == -ENOSPC || error == -EDQUOT ||
		error == -EROFS || error == -EMFILE || error == -ENFILE ||
		error == -EIO || error == -ESTALE;
}

int tell_logfile_refuse(
	const char *path, int error, const char *words, struct tell_refusal *why)
{
	const char *fix = words ? "remove it, or choose another path; directories on the "
				  "way belong to root or to the service's user"
				: "give the service's user the right to write there";
	char text[80];

	if (may_pass(error))
		return 0;
	return tell_refuse(why, error, "path", fix, "cannot open %s: %s", path,
		words ? words : strerror_r(-error, text, sizeof(text)));
}
