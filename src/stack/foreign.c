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
#include "base/ascii.h"
#include "base/cleanup.h"
#include "stack/trust.h"

#define LOADED_MAX 64
#define SYMBOL_MAX 80

/* Process-wide, as what the dynamic linker has loaded is. Only added to. */
static struct {
	pthread_mutex_t lock;
	size_t n;
	struct {
		const struct tell_module *module;
		char path[PATH_MAX];
	} * list[LOADED_MAX];
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

static const struct tell_module *find(const char *path)
{
	for (size_t i = 0; i < loaded.n; i++)
		if (strcmp(loaded.list[i]->path, path) == 0)
			return loaded.list[i]->module;
	return NULL;
}

static const struct tell_module *refuse(
	const struct tell_trust *l, const char *fix, const char *what)
{
	tell_report_error(l->report, l->at, fix, "%s: %s", l->path, what);
	return NULL;
}

/* What the file's symbols say; it has run its constructors already. */
static const struct tell_module *look(
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

/* The file at l->path is trusted: have it. */
static const struct tell_module *load(
	const struct tell_trust *l, const char *type, const char *name)
{
	if (loaded.n == LOADED_MAX)
		return refuse(l, NULL, "64 modules are loaded already");
	void *object = dlopen(l->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!object)
		return refuse(l, NULL, dlerror());
	const struct tell_module *m = look(l, object, type, name);
	void *entry = m ? calloc(1, sizeof(*loaded.list[0])) : NULL;
	if (!entry)
		return NULL;
	loaded.list[loaded.n] = entry;
	loaded.list[loaded.n]->module = m;
	(void)snprintf(loaded.list[loaded.n++]->path, PATH_MAX, "%s", l->path);
	return m;
}

/* NULL and ENOENT: there is no such file. */
static const struct tell_module *get(
	const struct tell_trust *l, const char *type, const char *name)
{
	const struct tell_module *m = find(l->path);
	struct stat st;
	if (m)
		return m;
	TELL_CLEANUP(tell_closep)
	int fd = open(l->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
		(void)tell_trust_errno(l);
	if (fd < 0)
		return NULL;
	return tell_trust_file(l, fd, &st) < 0 ? NULL : load(l, type, name);
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
	(void)pthread_mutex_lock(
		&loaded.lock); /* held across the loading, which is rare */
	const struct tell_module *m = get(&l, type, line->module);
	(void)pthread_mutex_unlock(&loaded.lock);
	*ret_wrong = !m && report->n_errors > errors;
	return m;
}
