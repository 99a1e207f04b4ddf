#include "tool/unit_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/in_root.h"

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define ALIASES_MAX    8
#define PATH_BYTES     1024
#define SUFFIX	       ".service"

/* In order of precedence. */
static const char *const dirs[] = { "/etc/systemd/system", "/run/systemd/system",
	"/run/systemd/generator", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/generator.late",
	NULL };

/* A drop-in: its name decides the order, the first directory that has it the file. */
struct drop_in {
	char name[256];
	char *path;
};

struct search {
	struct tell_unit *unit;
	int root;
	const char *before, *reading; /* the path of the file being read */
	char alias[256];	      /* by which the unit was found last; or "" */
	bool is_later;
	size_t n;
	struct drop_in found[TELL_UNIT_FILES_MAX];
};

/* The path's file as text; -ERFKILL for what masks a unit: /dev/null, an empty file. */
static int read_file(int root, const char *path, struct tell_buf *out)
{
	TELL_CLEANUP(tell_closep)
	int fd = tell_open_in_root(root, path, O_RDONLY | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fd < 0 ? fd : -errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return S_ISREG(st.st_mode) || S_ISCHR(st.st_mode) ? -ERFKILL : -EINVAL;
	for (;;) {
		if (out->len > FILE_BYTES_MAX)
			return -E2BIG;
		if (!tell_buf_reserve(out, 4096))
			return -ENOMEM;
		ssize_t n = read(fd, out->data + out->len, out->cap - out->len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return 0;
		if (n > 0)
			out->len += (size_t)n;
	}
}

/* ---- settings ---------------------------------------------------------------------------- */

static bool is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(text, word, len) == 0;
}

static int set(char **to, const char *value, size_t len)
{
	char *copy = strndup(value, len);
	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static int take_exec(struct search *s, const char *value, size_t len)
{
	struct tell_unit *u = s->unit;
	if (s->is_later && !u->later) {
		u->later = strdup(s->reading);
		if (!u->later)
			return -ENOMEM;
	}
	if (len == 0) { /* all before is forgotten */
		while (u->n_exec > 0)
			free(u->exec[--u->n_exec]);
		return 0;
	}
	if (u->n_exec == TELL_UNIT_EXEC_MAX)
		return -E2BIG;
	u->exec[u->n_exec] = NULL;
	return set(&u->exec[u->n_exec++], value, len);
}

static int take_line(
	void *arg, const char *key, size_t key_len, const char *value, size_t len)
{
	struct search *s = arg;
	struct tell_unit *u = s->unit;
	const struct {
		const char *key;
		char **to;
	} settings[] = { { "Type", &u->type }, { "PIDFile", &u->pid_file },
		{ "StandardInput", &u->standard_input },
		{ "StandardOutput", &u->standard_output },
		{ "RootDirectory", &u->root_directory }, { "RootImage", &u->root_image },
		{ "RestrictAddressFamilies", &u->address_families } };
	if (is(key, key_len, "ExecStart"))
		return take_exec(s, value, len);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (is(key, key_len, settings[i].key))
			return set(settings[i].to, value, len);
	return 0;
}

static int read_unit_file(struct search *s, const char *path)
{
	struct tell_buf text;
	tell_buf_init(&text, 0);
	s->reading = path;
	int r = read_file(s->root, path, &text);
	if (r == 0)
		r = tell_unit_walk(text.data, text.len, "Service", take_line, s);
	tell_buf_done(&text);
	return r;
}

/* ---- names --------------------------------------------------------------------------------- */

static bool name_ok(const char *name)
{
	size_t n = strlen(name);
	return n > sizeof(SUFFIX) - 1 && n < sizeof(((struct tell_unit *)0)->name) &&
		strcmp(name + n - (sizeof(SUFFIX) - 1), SUFFIX) == 0 && name[0] != '@' &&
		name[strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789:-_.\\@")] == '\0';
}

/* "shop@1.service" is made from "shop@.service"; false when it is no instance. */
static bool template_of(const char *name, char *to, size_t size)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');
	if (!at || dot == at + 1)
		return false;
	return snprintf(to, size, "%.*s%s", (int)(at - name) + 1, name, dot) < (int)size;
}

enum standing { NOTHING, FILE_OR_LINK, ALIAS, MASK };

/* What stands at this name in a directory. An alias is a link to another service's name. */
static enum standing look(
	int root, const char *dir, const char *name, char *to, size_t size)
{
	char target[PATH_BYTES];
	TELL_CLEANUP(tell_closep)
	int fd = tell_open_in_root(root, dir, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return NOTHING;
	ssize_t n = readlinkat(fd, name, target, sizeof(target) - 1);
	if (n < 0)
		return faccessat(fd, name, F_OK, 0) == 0 ? FILE_OR_LINK : NOTHING;
	target[n] = '\0';
	if (strcmp(target, "/dev/null") == 0)
		return MASK;
	const char *slash = strrchr(target, '/');
	const char *other = slash ? slash + 1 : target;
	if (!name_ok(other) || strcmp(other, name) == 0)
		return FILE_OR_LINK;
	return snprintf(to, size, "%s", other) < (int)size ? ALIAS : FILE_OR_LINK;
}

/* The first directory in which the name stands, or where an alias leads; *dir: where. */
static enum standing find_name(struct search *s, const char *const **ret_dir)
{
	struct tell_unit *u = s->unit;
	char other[sizeof(u->name)];
	enum standing what = NOTHING;
	for (int hops = 0; hops < ALIASES_MAX; hops++) {
		const char *const *dir = dirs;
		while (*dir &&
			(what = look(s->root, *dir, u->name, other, sizeof(other))) ==
				NOTHING)
			dir++;
		*ret_dir = dir;
		if (what != ALIAS)
			return what;
		memcpy(s->alias, u->name, sizeof(s->alias));
		memcpy(u->name, other, sizeof(other));
	}
	return NOTHING;
}

static int find_unit(struct search *s, char *path, size_t size)
{
	char name[sizeof(s->unit->name)];
	const char *const *dir;
	enum standing what = find_name(s, &dir);
	memcpy(name, s->unit->name, sizeof(name));
	if (what == NOTHING && template_of(s->unit->name, name, sizeof(name))) {
		char unused[sizeof(name)];
		dir = dirs;
		while (*dir &&
			(what = look(s->root, *dir, name, unused, sizeof(unused))) ==
				NOTHING)
			dir++;
	}
	if (what == NOTHING || what == MASK)
		return what == MASK ? -ERFKILL : -ENOENT;
	(void)snprintf(path, size, "%s/%s", *dir, name); /* both are short */
	return 0;
}

/* ---- drop-ins ------------------------------------------------------------------------------ */

static int add_drop_in(struct search *s, const char *dir, const char *name)
{
	size_t n = strlen(name);
	if (n < 6 || n >= sizeof(s->found[0].name) || name[0] == '.' ||
		strcmp(name + n - 5, ".conf") != 0 || strcmp(name, s->before) == 0)
		return 0;
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->found[i].name, name) == 0)
			return 0; /* one of higher precedence was first */
	if (s->n == TELL_UNIT_FILES_MAX)
		return -E2BIG;
	struct drop_in *d = &s->found[s->n];
	memcpy(d->name, name, n + 1);
	if (asprintf(&d->path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	s->n++;
	return 0;
}

/* The drop-ins of one name, from all directories. */
static int list_drop_ins(struct search *s, const char *name)
{
	for (const char *const *dir = dirs; *dir; dir++) {
		char path[PATH_BYTES];
		(void)snprintf(path, sizeof(path), "%s/%s.d", *dir, name);
		int fd = tell_open_in_root(s->root, path, O_RDONLY | O_DIRECTORY);
		DIR *list = fd < 0 ? NULL : fdopendir(fd);
		if (!list) {
			tell_closep(&fd);
			continue;
		}
		int r = 0;
		for (struct dirent *e; r == 0 && (e = readdir(list));)
			r = add_drop_in(s, path, e->d_name);
		(void)closedir(list);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Of the name itself, its template, its name cut at each dash, and of all services. */
static int find_drop_ins(struct search *s)
{
	const char *name = s->unit->name;
	char other[sizeof(s->unit->name)];
	int r = list_drop_ins(s, name);
	if (r == 0 && *s->alias)
		r = list_drop_ins(s, s->alias);
	if (r == 0 && template_of(name, other, sizeof(other)))
		r = list_drop_ins(s, other);
	for (size_t i = strcspn(name, "@."); r == 0 && i > 0; i--)
		if (name[i - 1] == '-') {
			(void)snprintf(other, sizeof(other), "%.*s" SUFFIX, (int)i, name);
			r = list_drop_ins(s, other);
		}
	return r == 0 ? list_drop_ins(s, "service") : r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(
		((const struct drop_in *)a)->name, ((const struct drop_in *)b)->name);
}

static int read_drop_ins(struct search *s)
{
	int r = find_drop_ins(s);
	qsort(s->found, s->n, sizeof(*s->found), by_name);
	for (size_t i = 0; r == 0 && i < s->n; i++) {
		s->is_later = strcmp(s->found[i].name, s->before) > 0;
		r = read_unit_file(s, s->found[i].path);
		if (r == -ERFKILL)
			r = 0; /* masked, or without a line */
	}
	return r;
}

int tell_unit_read(struct tell_unit *u, int root, const char *name, const char *before)
{
	char path[PATH_BYTES];
	*u = (struct tell_unit){ 0 };
	bool bare = strlen(name) < sizeof(SUFFIX) ||
		strcmp(name + strlen(name) - (sizeof(SUFFIX) - 1), SUFFIX) != 0;
	int n = snprintf(u->name, sizeof(u->name), "%s%s", name, bare ? SUFFIX : "");
	if (n >= (int)sizeof(u->name) || !name_ok(u->name))
		return -EINVAL;

	struct search *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->unit = u;
	s->root = root;
	s->before = before;
	int r = find_unit(s, path, sizeof(path));
	if (r == 0)
		r = read_unit_file(s, path);
	if (r == 0)
		r = set(&u->path, path, strlen(path));
	if (r == 0)
		r = read_drop_ins(s);
	while (s->n > 0)
		free(s->found[--s->n].path);
	free(s);
	return r;
}

void tell_unit_done(struct tell_unit *u)
{
	while (u->n_exec > 0)
		free(u->exec[--u->n_exec]);
	char *const texts[] = { u->path, u->later, u->type, u->pid_file,
		u->standard_input, u->standard_output, u->root_directory, u->root_image,
		u->address_families };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	*u = (struct tell_unit){ 0 };
}
