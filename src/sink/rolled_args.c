#include "sink/rolled_args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/generation.h"
#include "sink/logfile.h"

/* What holds for a path on every host. */
static int check_path(const char *path, struct tell_refusal *why)
{
	size_t n = strlen(path);

	if (path[0] == '/' && path[n - 1] != '/')
		return 0;
	return tell_refuse(why, -EINVAL, "path",
		"write it from / on, the file's name at its end",
		"\"%s\" is not an absolute path of a file", path);
}

static int check_link(const char *link, const char *name, struct tell_refusal *why)
{
	if (*link && !strchr(link, '/') && strcmp(link, name) != 0 && link[0] != '.' &&
		!tell_generation_base(link, NULL))
		return 0;
	return tell_refuse(why, -EINVAL, "link",
		"write a name of its own, without a slash: it stands beside the file",
		"\"%s\" cannot be the link's name", link);
}

static int read_limits(
	struct tell_rotation *r, const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const limits[] = { "max_files", "max_age", "max_size" };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (tell_args_given(args, limits[i]) && !tell_args_u64(args, limits[i]))
			return tell_refuse(why, -EINVAL, limits[i],
				"leave it out for no limit, or write how much may stay",
				"%s=0 would delete every file once it is rotated",
				limits[i]);
	r->max_files = tell_args_u64(args, "max_files");
	r->max_age_ns = tell_args_u64(args, "max_age");
	r->max_bytes = tell_args_u64(args, "max_size");
	if (r->max_bytes && r->max_bytes < r->size_bytes)
		return tell_refuse(why, -EINVAL, "max_size",
			"make it a multiple of the size in rotate=",
			"max_size= is less than one file of rotate=");
	return 0;
}

static int read_rotation(struct tell_rolled *f, const struct tell_args *args,
	const char *name, struct tell_refusal *why)
{
	const char *rotate = tell_args_text(args, "rotate");

	if (rotate) {
		int r = tell_rotation_parse(&f->rotation, rotate, why);
		if (r < 0)
			return r;
	}
	if (rotate && !tell_generation_fits(name))
		return tell_refuse(why, -ENAMETOOLONG, "path", "choose a shorter one",
			"the file's name leaves no room for a number and a time");
	return read_limits(&f->rotation, args, why);
}

int tell_rolled_args(
	struct tell_rolled *f, const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");

	int r = check_path(path, why);
	if (r < 0)
		return r;
	const char *name = strrchr(path, '/') + 1;
	r = read_rotation(f, args, name, why);
	if (r < 0)
		return r;
	f->mode = (mode_t)tell_args_u64(args, "mode");
	f->sync = (enum tell_sync)tell_args_choice(args, "sync");
	f->link = tell_args_text(args, "link");
	if (f->sync == TELL_SYNC_ALWAYS && tell_args_u64(args, "buffer"))
		return tell_refuse(why, -EINVAL, "buffer",
			"leave one of the two out, or write sync=batch",
			"buffer= holds lines back that sync=always wants on the disk");
	return f->link ? check_link(f->link, name, why) : 0;
}

/* An option that only means something where files are rotated. */
static int look_idle(
	const struct tell_args *args, const char *option, struct tell_refusal *why)
{
	(void)tell_refuse(why, 0, option, "add rotate=500MB, or leave it out",
		"%s=%s does nothing without rotate=", option,
		tell_args_text(args, option));
	return 2;
}

/* Nobody's file is replaced by a link. */
static bool is_taken(const char *dir, const char *name)
{
	char path[TELL_LOGFILE_PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);

	return n > 0 && (size_t)n < sizeof(path) && lstat(path, &st) == 0 &&
		!S_ISLNK(st.st_mode);
}

int tell_rolled_look(const struct tell_rolled *f, const struct tell_args *args,
	struct tell_refusal *why)
{
	static const char *const rest[] = { "max_files", "max_age", "max_size",
		"compress" };
	char dir[TELL_LOGFILE_PATH_MAX];
	const char *path = tell_args_text(args, "path"), *slash = strrchr(path, '/');

	for (size_t i = 0; !f->rotation.on && i < sizeof(rest) / sizeof(rest[0]); i++)
		if (tell_args_given(args, rest[i]))
			return look_idle(args, rest[i], why);
	size_t n = slash == path ? 1 : (size_t)(slash - path);
	if (n >= sizeof(dir))
		return 0;
	memcpy(dir, path, n);
	dir[n] = '\0';
	if (f->link && is_taken(dir, f->link)) {
		(void)tell_refuse(why, 0, "link",
			"move that away, or choose another name",
			"%s in %s is no symbolic link: it stays, and there is no link",
			f->link, dir);
		return 1;
	}
	if (!f->rotation.on)
		return 0;
	/* tell_logfile_look() has asked about the file only, when there is one. */
	if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	(void)tell_refuse(why, 0, "rotate",
		"give the service's user the directory: LogsDirectory= of the unit, or chown",
		"this user may write to the file but not to %s: it would never be rotated",
		dir);
	return 1;
}
