/* Which journals could `query` read at all? libsystemd opens what it may and is content with
 * nothing; whoever asks on a Friday must know whether there is nothing, or nothing to see. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "tool/option.h"
#include "tool/query.h"

#define PATH_BYTES 4096

struct look {
	unsigned there,
		readable; /* journal files; a closed directory counts as one there */
	const char *name_space; /* of subdirectories MACHINE.NAMESPACE; NULL: without */
	bool any;		/* whatever their namespace */
};

static bool is_journal(const char *name)
{
	size_t n = strlen(name);

	return (n > 8 && strcmp(name + n - 8, ".journal") == 0) ||
		(n > 9 && strcmp(name + n - 9, ".journal~") == 0);
}

static bool in_namespace(const struct look *l, const char *subdirectory)
{
	const char *rest = subdirectory + strspn(subdirectory, "0123456789abcdef");

	if (l->any)
		return true;
	if (rest - subdirectory != 32) /* of other machines: journal-remote's */
		return false;
	return *rest == '.' ? l->name_space && strcmp(rest + 1, l->name_space) == 0
			    : !*rest && !l->name_space;
}

/* The files of a directory; those of its subdirectories too, one level down. */
static void look_in(struct look *l, const char *path, bool top)
{
	DIR *dir = opendir(path);
	const struct dirent *d;

	if (!dir) {
		l->there += errno == EACCES;
		return;
	}
	while ((d = readdir(dir))) {
		char inner[PATH_BYTES];
		int n = snprintf(inner, sizeof(inner), "%s/%s", path, d->d_name);
		if (d->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof(inner))
			continue;
		if (is_journal(d->d_name)) {
			l->there++;
			l->readable += access(inner, R_OK) == 0;
		} else if (top && in_namespace(l, d->d_name)) {
			look_in(l, inner, false);
		}
	}
	(void)closedir(dir); /* only read */
}

static void look(struct look *l, const struct tell_query *q)
{
	const char *name = q->name_space;

	l->any = q->directory || (name && (*name == '*' || *name == '+'));
	l->name_space = name;
	if (q->directory) {
		look_in(l, q->directory, true);
		return;
	}
	look_in(l, "/var/log/journal", true);
	look_in(l, "/run/log/journal", true);
}

static int none_there(struct tell_query *q)
{
	q->silent = true; /* it was said why */
	if (q->quiet)
		return 0;
	if (q->directory)
		return tell_cli_error(
			0, "query", "there are no journal files in %s", q->directory);
	return tell_cli_error(0, "query",
		"there are no journal files%s%s in /var/log/journal or /run/log/journal: "
		"journald does not run here, or keeps none (Storage=); "
		"--file=FILE reads files of JSON lines",
		q->name_space ? " of namespace " : "",
		q->name_space ? q->name_space : "");
}

int tell_query_look(struct tell_query *q)
{
	struct look l = { 0 };

	look(&l, q);
	if (l.there == 0)
		return none_there(q);
	/* With -f, one that this user may read can still come. */
	if (l.readable == 0 && !q->follow)
		return tell_cli_error(EX_NOPERM, "query",
			q->directory
				? "this user may not read the journal files in %s"
				: "this user may not read any journal here%s; members of the "
				  "group systemd-journal or adm may (usermod -aG "
				  "systemd-journal USER, then log in again)",
			q->directory ? q->directory : "");
	if (!q->quiet && !q->directory && l.readable < l.there)
		fputs("Hint: you see your own records only; members of the group "
		      "systemd-journal or adm see all (usermod -aG systemd-journal USER). "
		      "-q hides this.\n",
			stderr);
	return 0;
}
