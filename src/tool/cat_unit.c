#include "tool/cat_unit.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/in_root.h"
#include "tool/option.h"
#include "tool/unit_exec.h"
#include "tool/unit_file.h"

#define DROP_IN "50-telltale.conf"

static int cannot_read(const struct tell_cat_unit *u, const struct tell_unit *unit, int r)
{
	switch (r) {
	case -EINVAL:
		return tell_cli_error(
			EX_USAGE, "cat", "\"%s\" is no name of a service", u->name);
	case -ENOENT:
		return tell_cli_error(EX_NOINPUT, "cat",
			"there is no unit %s below %s; systemctl list-unit-files lists them",
			unit->name, u->root);
	case -ERFKILL:
		return tell_cli_error(EX_DATAERR, "cat", "%s is masked", unit->name);
	default:
		return tell_cli_error(EX_NOINPUT, "cat", "cannot read %s: %s", unit->name,
			strerror(-r));
	}
}

static bool begins(const char *text, const char *with)
{
	return text && strncmp(text, with, strlen(with)) == 0;
}

/* What would break the service, or take nothing from it. 0, or an exit code that was
 * said. */
static int refuse(const struct tell_unit *u)
{
	const char *in = u->standard_input, *out = u->standard_output;
	bool outside = begins(in, "socket") || begins(in, "tty") || begins(in, "fd");
	if (begins(u->name, "systemd-journald"))
		return tell_cli_error(
			EX_DATAERR, "cat", "%s would read its own records", u->name);
	if (u->n_exec == 0)
		return tell_cli_error(EX_DATAERR, "cat", "%s has no ExecStart=", u->name);
	if ((outside && (!out || begins(out, "inherit"))) || begins(out, "socket") ||
		begins(out, "tty") || begins(out, "fd"))
		return tell_cli_error(EX_DATAERR, "cat",
			"%s talks to a peer on its stdout (StandardInput=%s, "
			"StandardOutput=%s): that must not become records",
			u->name, in ? in : "null", out ? out : "inherit");
	if (u->later)
		return tell_cli_error(EX_DATAERR, "cat",
			"%s sets ExecStart= as well, and comes behind " DROP_IN
			": rename it, to 40-... for example",
			u->later);
	return 0;
}

/* What will work only with a setting of the unit changed. */
static void warn(const struct tell_unit *u)
{
	const char *root = u->root_directory && *u->root_directory ? u->root_directory
		: u->root_image && *u->root_image		   ? u->root_image
								   : NULL;
	if (root)
		(void)tell_cli_error(0, "cat",
			"warning: %s runs in %s: telltale and its stacks must be there",
			u->name, root);
	if (begins(u->type, "forking") && !u->pid_file)
		(void)tell_cli_error(0, "cat",
			"warning: %s has Type=forking and no PIDFile=: beside the reader its "
			"main process cannot be guessed",
			u->name);
	if (u->address_families && *u->address_families && *u->address_families != '~' &&
		!strstr(u->address_families, "AF_UNIX"))
		(void)tell_cli_error(0, "cat",
			"warning: %s may not use AF_UNIX (RestrictAddressFamilies=): journald "
			"is out of reach",
			u->name);
}

/* Where telltale is for the unit: this program; below another root where it is installed. */
static const char *program(const struct tell_cat_unit *u, char *to, size_t size)
{
	ssize_t n = strcmp(u->root, "/") == 0 ? readlink("/proc/self/exe", to, size - 1)
					      : -1;
	if (n <= 0)
		return TELL_BINDIR "/telltale";
	to[n] = '\0';
	return to;
}

/* "shop" of shop.service and of shop@1.service; a stack's name has no other bytes. */
static void service_name(const char *unit, char to[65])
{
	size_t n = strcspn(unit, "@");
	const char *dot = strrchr(unit, '.');
	if (dot && (size_t)(dot - unit) < n)
		n = (size_t)(dot - unit);
	n = n < 64 ? n : 64;
	for (size_t i = 0; i < n; i++)
		to[i] = unit[i] == ':' || unit[i] == '\\' || (i == 0 && unit[i] == '.')
			? '_'
			: unit[i];
	to[n] = '\0';
}

/* The name with which systemctl restarts it; a template has many. */
static void put_restart(struct tell_buf *out, const char *unit)
{
	const char *at = strchr(unit, '@');
	if (at && at[1] == '.')
		tell_buf_printf(out,
			"systemctl daemon-reload && systemctl restart '%.*s@*%s'",
			(int)(at - unit), unit, at + 1);
	else
		tell_buf_printf(
			out, "systemctl daemon-reload && systemctl restart %s", unit);
}

static int make(struct tell_buf *out, const struct tell_cat_unit *u,
	const struct tell_unit *unit, const char *path)
{
	char exe[PATH_MAX], name[65];
	const char *options[TELL_CAT_UNIT_OPTIONS_MAX + 3] = { "-t", u->service };
	if (!u->service) {
		service_name(unit->name, name);
		options[1] = name;
	}
	memcpy(options + 2, u->options, u->n_options * sizeof(*options));
	struct tell_unit_wrap wrap = { program(u, exe, sizeof(exe)), options };

	tell_buf_printf(out,
		"# What %s prints becomes records: telltale-cat(1).\n# undo: rm %s && ",
		unit->name, path);
	put_restart(out, unit->name);
	tell_buf_puts(out, "\n[Service]\nExecStart=\n");
	for (size_t i = 0; i < unit->n_exec; i++) {
		int r = tell_unit_wrap(out, unit->exec[i], strlen(unit->exec[i]), &wrap);
		if (r == -EALREADY)
			return tell_cli_error(EX_DATAERR, "cat",
				"%s is behind telltale cat already: ExecStart=%s",
				unit->name, unit->exec[i]);
		if (r < 0)
			return tell_cli_error(EX_DATAERR, "cat",
				"%s: this is no command line: ExecStart=%s", unit->name,
				unit->exec[i]);
	}
	return out->cut ? tell_cli_error(EX_OSERR, "cat", "out of memory") : 0;
}

/* The directory at path below root, made with those on the way. */
static int make_directories(int root, const char *path)
{
	char part[PATH_MAX];
	int dir = tell_open_in_root(root, "/", O_PATH | O_DIRECTORY);
	for (const char *p = path; dir >= 0 && *(p += strspn(p, "/"));) {
		size_t n = strcspn(p, "/");
		(void)snprintf(
			part, sizeof(part), "%.*s", (int)(p - path) + (int)n, path);
		int error = mkdirat(dir, part + (p - path), 0755) < 0 ? errno : 0;
		(void)close(dir); /* only looked at */
		if (error && error != EEXIST)
			return -error;
		dir = tell_open_in_root(root, part, O_PATH | O_DIRECTORY);
		p += n;
	}
	return dir;
}

static int write_all(int fd, const struct tell_buf *text)
{
	for (size_t done = 0; done < text->len;) {
		ssize_t n = write(fd, text->data + done, text->len - done);
		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* Whole or not at all: a new file takes the old one's name. */
static int write_file(int root, const char *dir_path, const struct tell_buf *text)
{
	static const char temporary[] = "." DROP_IN ".new";
	TELL_CLEANUP(tell_closep) int dir = make_directories(root, dir_path);
	if (dir < 0)
		return dir;
	(void)unlinkat(dir, temporary, 0); /* of one that was cut off */
	TELL_CLEANUP(tell_closep)
	int fd = openat(dir, temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	int r = fchmod(fd, 0644) < 0 ? -errno : write_all(fd, text);
	if (r == 0 && renameat(dir, temporary, dir, DROP_IN) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dir, temporary, 0);
	return r;
}

static int put(const struct tell_cat_unit *u, const struct tell_unit *unit, int root,
	const struct tell_buf *text, const char *dir)
{
	if (u->dry_run) {
		(void)fwrite(text->data, 1, text->len, stdout); /* seen at the flush */
		return tell_cli_flush(EX_OK, "cat");
	}
	int r = write_file(root, dir, text);
	if (r < 0)
		return tell_cli_error(
			r == -EACCES || r == -EPERM ? EX_NOPERM : EX_CANTCREAT, "cat",
			"cannot write %s/%s: %s", dir, DROP_IN, strerror(-r));
	struct tell_buf restart = { 0 };
	put_restart(&restart, unit->name);
	const char *base = strcmp(u->root, "/") == 0 ? "" : u->root;
	printf("wrote %s%s/%s\nnext: %s\nundo: rm %s%s/%s && %s\n", base, dir, DROP_IN,
		tell_buf_cstr(&restart), base, dir, DROP_IN, tell_buf_cstr(&restart));
	tell_buf_done(&restart);
	return tell_cli_flush(EX_OK, "cat");
}

int tell_cat_unit(const struct tell_cat_unit *u)
{
	struct tell_unit unit;
	struct tell_buf text = { 0 };
	char dir[PATH_MAX], path[PATH_MAX + sizeof(DROP_IN)];
	TELL_CLEANUP(tell_closep)
	int root = open(u->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return tell_cli_error(EX_NOINPUT, "cat",
			"cannot open the directory %s: %s", u->root, strerror(errno));
	int r = tell_unit_read(&unit, root, u->name, DROP_IN);
	int code = r < 0 ? cannot_read(u, &unit, r) : refuse(&unit);
	(void)snprintf(dir, sizeof(dir), TELL_UNIT_ADMIN_DIR "/%s.d", unit.name);
	(void)snprintf(path, sizeof(path), "%s/" DROP_IN, dir);
	if (code == 0)
		code = make(&text, u, &unit, path);
	if (code == 0) {
		warn(&unit);
		code = put(u, &unit, root, &text, dir);
	}
	tell_unit_done(&unit);
	tell_buf_done(&text);
	return code;
}
