/* telltale recover: what dead processes left in their rings and spools. */
#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "api/service.h"
#include "base/runtime_dir.h"
#include "tool/option.h"
#include "tool/recover.h"
#include "tool/verbs.h"

static const struct tell_cli_option options[] = {
	{ 'd', "dir", "DIR", "look into this directory only", NULL },
	{ 'S', "spool", "DIR", "what waits in spools below this directory", NULL },
	{ 's', "service", "NAME", "records of this service only", NULL },
	{ 'v', "verbose", NULL, "tell each file, and what became of it", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale recover -v                 all that this user, or root, may\n"
	"  telltale recover --service checkout\n"
	"  telltale recover --spool /var/lib/telltale/0\n"
	"  ExecStopPost=-/usr/bin/telltale recover --service checkout    in a unit\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_recover = {
	.name = "recover",
	.group = "Operate",
	.summary = "deliver what processes that were killed left in their queues",
	.operands = "",
	.options = options,
	.examples = examples,
	.run = run,
};

struct recover {
	const char *dir;
	struct tell_recover_wish wish;
	struct tell_recovered sum;
};

static void add(struct recover *r, const struct tell_recovered *one)
{
	r->sum.records += one->records;
	r->sum.stay += one->stay;
	r->sum.files += one->files;
	r->sum.bad += one->bad;
	if (one->error)
		r->sum.error = one->error;
}

static bool become(uid_t uid, gid_t gid)
{
	return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
		setresuid(uid, uid, uid) == 0;
}

/* What a user's process wrote is read with that user's rights and no others: in a process of
 * its own, which cannot come back. */
static void as_owner(struct recover *r, const char *dir, uid_t uid, gid_t gid)
{
	struct tell_recovered one = { .error = EIO };
	int ends[2];
	(void)fflush(stdout);
	if (pipe(ends) != 0) {
		r->sum.error = (uint32_t)errno;
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		if (!become(uid, gid))
			_exit(EX_OSERR);
		tell_recover_dir(dir, &r->wish, &one);
		(void)fflush(stdout);
		_exit(write(ends[1], &one, sizeof(one)) == sizeof(one) ? 0 : EX_IOERR);
	}
	(void)close(ends[1]);
	if (pid > 0) {
		if (read(ends[0], &one, sizeof(one)) != sizeof(one))
			one = (struct tell_recovered){ .error = EIO };
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	(void)close(ends[0]);
	add(r, &one);
}

/* A directory that is there; missing ones are no news. */
static void look(struct recover *r, const char *dir)
{
	struct tell_recovered one;
	struct stat st;
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode) ||
		!tell_recover_closed(st.st_mode, &r->wish))
		return;
	if (st.st_uid == geteuid()) {
		tell_recover_dir(dir, &r->wish, &one);
		add(r, &one);
	} else if (geteuid() == 0) {
		as_owner(r, dir, st.st_uid, st.st_gid);
	}
}

static void look_at_users(struct recover *r)
{
	static const char *const patterns[] = { "/run/telltale/*",
		"/dev/shm/telltale-*" };
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t found;
		if (glob(patterns[i], GLOB_NOSORT, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc; k++)
				look(r, found.gl_pathv[k]);
		globfree(&found);
	}
}

static void look_everywhere(struct recover *r)
{
	char path[TELL_RUNTIME_PATH_MAX];
	bool root = geteuid() == 0;
	for (unsigned i = 0; i < TELL_RUNTIME_PLACES; i++)
		if ((i == 0 || !root) &&
			tell_runtime_dir_name("", i, geteuid(), path, sizeof(path)))
			look(r, path);
	if (root)
		look_at_users(r);
}

void tell_recover_pid(uint32_t pid)
{
	struct recover r = { .wish = { .pid = pid } };
	look_everywhere(&r);
}

static int look_in(struct recover *r)
{
	struct stat st;
	if (lstat(r->dir, &st) != 0)
		return tell_cli_error(EX_NOINPUT, "recover", "cannot look into %s: %s",
			r->dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return tell_cli_error(
			EX_NOINPUT, "recover", "%s is no directory", r->dir);
	if (st.st_uid != geteuid() && geteuid() != 0)
		return tell_cli_error(EX_NOPERM, "recover",
			"%s is another user's; run this as its owner, or as root",
			r->dir);
	if (!tell_recover_closed(st.st_mode, &r->wish))
		return tell_cli_error(EX_NOPERM, "recover",
			"%s is not its owner's alone (mode %04o); chmod %s it", r->dir,
			(unsigned)st.st_mode & 07777, r->wish.spools ? "go-w" : "700");
	look(r, r->dir);
	return EX_OK;
}

static int result(const struct recover *r)
{
	const struct tell_recovered *s = &r->sum;
	if (r->wish.verbose)
		printf("%ju records of %ju files recovered; %ju stay, %ju files set "
		       "aside\n",
			(uintmax_t)s->records, (uintmax_t)s->files, (uintmax_t)s->stay,
			(uintmax_t)s->bad);
	if (s->error)
		return tell_cli_error(EX_OSERR, "recover",
			"a directory could not be read: %s", strerror((int)s->error));
	if (s->stay)
		return tell_cli_error(EX_TEMPFAIL, "recover",
			"no sink took %ju records: they stay for the next time",
			(uintmax_t)s->stay);
	if (s->bad)
		return tell_cli_error(EX_DATAERR, "recover",
			"%ju files made no sense in part or at all: kept as *.bad",
			(uintmax_t)s->bad);
	return EX_OK;
}

static int run(int argc, char **argv)
{
	struct recover r = { 0 };
	bool done = false;
	int id;
	while ((id = tell_cli_next(&tell_verb_recover, argc, argv, &done)) >= 0) {
		if (id == 'd' || id == 'S') {
			r.dir = optarg;
			r.wish.spools = id == 'S';
		}
		r.wish.service = id == 's' ? optarg : r.wish.service;
		r.wish.verbose |= id == 'v';
	}
	if (id == TELL_CLI_BAD)
		return EX_USAGE;
	if (done)
		return tell_cli_flush(EX_OK, "recover");
	if (optind < argc)
		return tell_cli_error(EX_USAGE, "recover",
			"no operands are taken; --service %s?", argv[optind]);
	if (r.wish.service && !tell_service_name_ok(r.wish.service))
		return tell_cli_error(
			EX_USAGE, "recover", "no service's name: \"%s\"", r.wish.service);
	int code = EX_OK;
	if (r.dir)
		code = look_in(&r);
	else
		look_everywhere(&r);
	return tell_cli_flush(code ? code : result(&r), "recover");
}
