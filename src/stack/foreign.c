#include "stack/foreign.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <telltale/wire.h>
#include "base/ascii.h"
#include "base/cleanup.h"
#include "stack/trust.h"

#define LOADED_MAX 64
#define SYMBOL_MAX 80

struct thing {
	struct thing *older;
	const void *is; /* struct tell_module, or struct tell_wire */
	char path[PATH_MAX];
};

/* Process-wide, as what the dynamic linker has loaded is. Only added to. */
static struct {
	pthread_mutex_t lock;
	size_t n;
	struct thing *newest;
} loaded = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const char *directory(void)
{
	const char *own = secure_getenv("TELLTALE_MODULEDIR");
	return own && *own ? own : TELL_MODULEDIR;
}

/* A name that a file and a symbol can have, and no way out of the directory. */
static bool is_plain_name(const char *name)
{
	size_t n = 0;
	for (; name[n]; n++)
		if (!tell_is_digit(name[n]) && name[n] != '_' &&
			!(name[n] >= 'a' && name[n] <= 'z'))
			return false;
	return n > 0 && n < SYMBOL_MAX / 2;
}

static const void *find(const char *path)
{
	for (const struct thing *t = loaded.newest; t; t = t->older)
		if (strcmp(t->path, path) == 0)
			return t->is;
	return NULL;
}

static const void *refuse(const struct tell_trust *l, const char *fix, const char *what)
{
	tell_report_error(l->report, l->at, fix, "%s: %s", l->path, what);
	return NULL;
}

/* What the file's symbols say; it has run its constructors already. */
typedef const void *tell_look_fn(
	const struct tell_trust *l, void *object, const char *type, const char *name);

static const void *look(
	const struct tell_trust *l, void *object, const char *type, const char *name)
{
	char symbol[SYMBOL_MAX];
	(void)snprintf(symbol, sizeof(symbol), "tell_%s_%s", type, name); /* fits */
	const struct tell_module *m = dlsym(object, symbol);
	const struct tell_api **api = dlsym(object, "tell_api");
	if (!m || !api)
		return refuse(l, "see telltale-modules(5) on modules of one's own",
			"is no module of telltale");
	if (m->abi != TELL_MODULE_ABI)
		return refuse(l, "build it again with this version's <telltale/module.h>",
			"was built for another version of telltale");
	if (strcmp(m->type, type) != 0 || strcmp(m->name, name) != 0 || m->queue)
		return refuse(l, "name the file tell_TYPE_NAME.so",
			"says that it is another module");
	*api = &tell_foreign_api;
	return m;
}

/* Of a part: a struct that begins with its number, in the symbol tell_NAME. */
static const void *look_part(
	const struct tell_trust *l, void *object, const char *type, const char *name)
{
	char symbol[SYMBOL_MAX];
	(void)type;
	(void)snprintf(symbol, sizeof(symbol), "tell_%s", name); /* fits */
	const uint32_t *part = dlsym(object, symbol);
	const struct tell_api **api = dlsym(object, "tell_api");
	if (!part || !api)
		return refuse(
			l, "install telltale's own again", "is no part of telltale");
	if (*part != TELL_MODULE_ABI)
		return refuse(l, "build it again with this version's <telltale/module.h>",
			"was built for another version of telltale");
	*api = &tell_foreign_api;
	return part;
}

/* The file at l->path is trusted: have it. */
static const void *load(const struct tell_trust *l, tell_look_fn *look_at,
	const char *type, const char *name)
{
	if (loaded.n == LOADED_MAX)
		return refuse(l, NULL, "64 modules are loaded already");
	void *object = dlopen(l->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!object)
		return refuse(l, NULL, dlerror());
	const void *thing = look_at(l, object, type, name);
	struct thing *t = thing ? calloc(1, sizeof(*t)) : NULL;
	if (!t)
		return NULL;
	t->older = loaded.newest;
	t->is = thing;
	(void)snprintf(t->path, sizeof(t->path), "%s", l->path);
	loaded.newest = t;
	loaded.n++;
	return thing;
}

/* NULL and nothing reported: there is no such file. One at a time: the lock is held across the
 * loading, which is rare. */
static const void *get_locked(const struct tell_trust *l, tell_look_fn *look_at,
	const char *type, const char *name)
{
	const void *thing = find(l->path);
	struct stat st;
	if (thing)
		return thing;
	TELL_CLEANUP(tell_closep)
	int fd = open(l->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
		(void)tell_trust_errno(l);
	if (fd < 0)
		return NULL;
	return tell_trust_file(l, fd, &st) < 0 ? NULL : load(l, look_at, type, name);
}

static const void *get(const struct tell_trust *l, tell_look_fn *look_at,
	const char *type, const char *name)
{
	(void)pthread_mutex_lock(&loaded.lock);
	const void *thing = get_locked(l, look_at, type, name);
	(void)pthread_mutex_unlock(&loaded.lock);
	return thing;
}

const struct tell_module *tell_foreign_module(const char *type,
	const struct tell_line *line, struct tell_report *report, bool *ret_wrong)
{
	char path[PATH_MAX];
	size_t errors = report->n_errors;
	*ret_wrong = false;
	int n = snprintf(
		path, sizeof(path), "%s/tell_%s_%s.so", directory(), type, line->module);
	if (!is_plain_name(line->module) || n < 0 || (size_t)n >= sizeof(path))
		return NULL;
	const struct tell_trust l = {
		.path = path, .at = &line->module_at, .report = report, .most = UINT64_MAX
	};
	const struct tell_module *m = get(&l, look, type, line->module);
	*ret_wrong = !m && report->n_errors > errors;
	return m;
}

const void *tell_foreign_part(
	const char *file, const char *word, struct tell_refusal *why)
{
	char path[PATH_MAX];
	struct tell_report report = { 0 };
	int n = snprintf(path, sizeof(path), "%s/%s.so", directory(), file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return NULL;
	const struct tell_spot at = { .file = path };
	const struct tell_trust l = {
		.path = path, .at = &at, .report = &report, .most = UINT64_MAX
	};
	const void *part = get(&l, look_part, "", word);
	if (!part && report.n)
		(void)tell_refuse(why, -EPERM, NULL, report.faults[0].fix, "%s",
			report.faults[0].message);
	else if (!part)
		(void)tell_refuse(why, -ENOENT, NULL,
			"install or build it: it comes with telltale where its library is",
			"there is no %s", path);
	tell_report_done(&report);
	return part;
}

const struct tell_wire *tell_wire_get(const char *name, struct tell_refusal *why)
{
	char file[SYMBOL_MAX], word[SYMBOL_MAX];
	(void)snprintf(file, sizeof(file), "tell_sink_%s", name);
	(void)snprintf(word, sizeof(word), "wire_%s", name);
	const struct tell_wire *w = tell_foreign_part(file, word, why);
	if (!w)
		why->arg = "proto";
	return w;
}
