#include "tool/journals.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

static bool is_journal(const char *name)
{
	size_t n = strlen(name);

	return (n > 8 && strcmp(name + n - 8, ".journal") == 0) ||
		(n > 9 && strcmp(name + n - 9, ".journal~") == 0);
}

static bool in_namespace(const struct tell_journals *j, const char *subdirectory)
{
	const char *rest = subdirectory + strspn(subdirectory, "0123456789abcdef");

	if (j->any)
		return true;
	if (rest - subdirectory != 32) /* of other machines: journal-remote's */
		return false;
	return *rest == '.' ? j->name_space && strcmp(rest + 1, j->name_space) == 0
			    : !*rest && !j->name_space;
}

/* The files of a directory; those of its subdirectories too, one level down. */
static void look_in(struct tell_journals *j, const char *path, bool top)
{
	DIR *dir = opendir(path);
	const struct dirent *d;

	if (!dir) {
		j->there += errno == EACCES;
		return;
	}
	while ((d = readdir(dir))) {
		char inner[PATH_BYTES];
		int n = snprintf(inner, sizeof(inner), "%s/%s", path, d->d_name);
		if (d->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof(inner))
			continue;
		if (is_journal(d->d_name)) {
			j->there++;
			j->readable += access(inner, R_OK) == 0;
		} else if (top && in_namespace(j, d->d_name)) {
			look_in(j, inner, false);
		}
	}
	(void)closedir(dir); /* only read */
}

void tell_journals_look(struct tell_journals *j, const char *path)
{
	look_in(j, path, true);
}
