/* Which journals could `query` read at all? libsystemd opens what it may and is content with
 * nothing; whoever asks on a Friday must know whether there is nothing, or nothing to see. */
#include <stdio.h>
#include <sysexits.h>
#include "tool/journals.h"
#include "tool/option.h"
#include "tool/query.h"

static void look(struct tell_journals *j, const struct tell_query *q)
{
	const char *name = q->name_space;

	j->any = q->directory || (name && (*name == '*' || *name == '+'));
	j->name_space = name;
	if (q->directory) {
		tell_journals_look(j, q->directory);
		return;
	}
	tell_journals_look(j, "/var/log/journal");
	tell_journals_look(j, "/run/log/journal");
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
	struct tell_journals l = { 0 };

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
