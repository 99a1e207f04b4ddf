#include "source/journal_files.h"
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>

static bool is_journal(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name && strcmp(dot, ".journal") == 0;
}

/* One that is empty has just been made. */
static void look_at(struct tell_journal_unread *u, const char *path)
{
	const char *paths[2] = { path, NULL };
	struct stat st;
	sd_journal *j = NULL;
	int r = stat(path, &st) < 0 || st.st_size == 0
		? 0
		: sd_journal_open_files(&j, paths, 0);
	if (r >= 0) {
		sd_journal_close(j);
		return;
	}
	if (u->n++)
		return;
	u->error = r;
	(void)snprintf(u->first, sizeof(u->first), "%s", path);
}

/* deeper: its directories, one a machine or namespace, as well. */
static void look_in(struct tell_journal_unread *u, const char *directory, bool deeper)
{
	char path[TELL_JOURNAL_FILE_NAME];
	struct dirent *e;
	DIR *d = opendir(directory);
	while (d && (e = readdir(d))) {
		int n = snprintf(path, sizeof(path), "%s/%s", directory, e->d_name);
		if (n < 0 || (size_t)n >= sizeof(path) || e->d_name[0] == '.')
			continue;
		if (is_journal(e->d_name))
			look_at(u, path);
		else if (deeper)
			look_in(u, path, false);
	}
	if (d)
		(void)closedir(d); /* only read */
}

void tell_journal_unread(struct tell_journal_unread *ret, const char *directory)
{
	*ret = (struct tell_journal_unread){ 0 };
	if (directory) {
		look_in(ret, directory, false);
		return;
	}
	look_in(ret, "/var/log/journal", true);
	look_in(ret, "/run/log/journal", true);
}
