/* telltale query -b: which boot is meant. */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-id128.h>
#include "tool/boots.h"
#include "tool/option.h"
#include "tool/query.h"

/* -b takes the next word when that tells a boot, as journalctl does. */
static const char *boot_word(int argc, char **argv)
{
	const char *next = optind < argc ? argv[optind] : "";
	sd_id128_t id;
	int64_t place;
	if (optarg ||
		(!tell_boot_place(next, &place) && sd_id128_from_string(next, &id) < 0))
		return optarg;
	optind++;
	return next;
}

static int set_boot(struct tell_query *q, const char *text)
{
	sd_id128_t id;
	q->boot_wanted = true;
	q->boot_place = 0;
	q->select.boot = NULL;
	if (!text || tell_boot_place(text, &q->boot_place))
		return 0;
	if (sd_id128_from_string(text, &id) < 0)
		return tell_cli_error(EX_USAGE, "query",
			"no boot: \"%s\"; "
			"write -b alone, -b -1 for the one before, or its 32 hex digits",
			text);
	(void)sd_id128_to_string(id, q->boot);
	q->select.boot = q->boot;
	return 0;
}

int tell_query_boot(struct tell_query *q, int argc, char **argv)
{
	return set_boot(q, boot_word(argc, argv));
}

int tell_query_boot_choose(struct tell_query *q)
{
	struct tell_selection *select = q->audit ? &q->chosen : &q->select;
	if (!q->boot_wanted || select->boot)
		return 0;
	sd_id128_t id;
	int r;
	if (q->boot_place == 0 && !q->directory && !q->n_files) { /* this very one */
		r = sd_id128_get_boot(&id);
		if (r >= 0)
			(void)sd_id128_to_string(id, q->boot);
	} else {
		r = tell_boot_find(q->journal, q->boot_place, q->boot);
	}
	select->boot = q->boot;
	if (r == -ENOENT)
		return tell_cli_error(EX_NOINPUT, "query",
			"the journal has no boot %lld; journalctl --list-boots shows them",
			(long long)q->boot_place);
	return r < 0 ? tell_cli_error(EX_IOERR, "query", "cannot tell the boot: %s",
			       strerror(-r))
		     : 0;
}
