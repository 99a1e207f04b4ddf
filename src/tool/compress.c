/* telltale compress: what `sink file compress=` asks for, by a timer, outside of the services. */
#include "tool/compress.h"
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "sink/logfile.h"
#include "stack/stack.h"
#include "api/service.h"
#include "tool/check.h"
#include "tool/verbs.h"

static const struct tell_cli_option options[] = {
	{ 'v', "verbose", NULL, "tell each log and what became of it", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale compress                 all services with compress= in a stack\n"
	"  telltale compress -v checkout\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_compress = {
	.name = "compress",
	.group = "Operate",
	.summary = "compress the rotated files of services",
	.operands = "[SERVICE]...",
	.options = options,
	.examples = examples,
	.run = run,
};

struct compress {
	bool verbose;
	bool asked, any; /* of this service a line wants it; of one */
	int code;
};

/* ---- one log ---- */

static void tell_log(struct compress *c, const char *path, enum tell_packed form,
	const struct tell_compressed *sum)
{
	if (c->verbose && sum->files + sum->busy == 0 && !sum->error)
		printf("%s: nothing to compress\n", path);
	else if (c->verbose && sum->files + sum->busy > 0)
		printf("%s: %" PRIu32 " compressed, %" PRIu64 " to %" PRIu64
		       " bytes; %" PRIu32 " still in use\n",
			path, sum->files, sum->before, sum->after, sum->busy);
	if (sum->error == ENOSYS)
		c->code = tell_cli_error(EX_UNAVAILABLE, "compress",
			"%s: this build has no %s", path,
			form == TELL_PACKED_ZSTD ? "zstd" : "gzip");
	else if (sum->error)
		c->code = tell_cli_error(EX_IOERR, "compress", "%s: %s: %s", path,
			sum->name, strerror(sum->error));
}

/* Root touches nothing in a directory of another user's with root's rights: a process of its
 * own becomes that user, and cannot come back. */
static void as_owner(struct compress *c, const char *path, enum tell_packed form,
	const struct stat *dir)
{
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct tell_compressed sum = { 0 };
		if (setgroups(0, NULL) != 0 ||
			setresgid(dir->st_gid, dir->st_gid, dir->st_gid) != 0 ||
			setresuid(dir->st_uid, dir->st_uid, dir->st_uid) != 0)
			_exit(EX_OSERR);
		tell_compress_log(path, form, &sum);
		tell_log(c, path, form, &sum);
		_exit(tell_cli_flush(c->code, "compress"));
	}
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		c->code = tell_cli_error(EX_OSERR, "compress", "%s: %s", path,
			pid < 0 ? strerror(errno) : "its process was killed");
	else if (WEXITSTATUS(status))
		c->code = WEXITSTATUS(status);
}

static void do_log(struct compress *c, const char *path, enum tell_packed form)
{
	char parent[TELL_LOGFILE_PATH_MAX];
	struct tell_compressed sum = { 0 };
	struct stat st;
	const char *slash = strrchr(path, '/');
	size_t n = !slash || slash == path ? 1 : (size_t)(slash - path);

	if (path[0] != '/' || slash[1] == '\0' || n >= sizeof(parent))
		return; /* the stack is refused for it */
	memcpy(parent, path, n);
	parent[n] = '\0';
	if (geteuid() == 0 && stat(parent, &st) == 0 && st.st_uid != 0) {
		as_owner(c, path, form, &st);
		return;
	}
	tell_compress_log(path, form, &sum);
	tell_log(c, path, form, &sum);
}

/* ---- stacks ---- */

static void do_stack(struct compress *c, const struct tell_stack *s)
{
	static const enum tell_packed forms[] = { TELL_PACKED_NOT, TELL_PACKED_ZSTD,
		TELL_PACKED_GZIP }; /* the words of compress= */
	struct tell_line_stats line;

	for (size_t pos = 0; tell_stack_next_line(s, &pos, &line);) {
		const struct tell_args *args = tell_stack_line_args(s, pos);
		if (!args || strcmp(line.type, "sink") != 0 || !line.module ||
			strcmp(line.module, "file") != 0)
			continue;
		enum tell_packed form = forms[tell_args_choice(args, "compress")];
		if (form == TELL_PACKED_NOT || !tell_args_given(args, "rotate"))
			continue;
		c->asked = c->any = true;
		do_log(c, tell_args_text(args, "path"), form);
	}
}

static void do_service(struct compress *c, const char *service)
{
	char host[256];
	struct tell_identity who;
	struct tell_report report;
	struct tell_stack *s = NULL;

	tell_check_identity(&who, service, host);
	tell_report_init(&report);
	int r = tell_stack_load(&s, &who, TELL_STACK_DRY, &report);
	if (r < 0)
		c->code = tell_cli_error(EX_CONFIG, "compress",
			"the stack of %s cannot be read: telltale check %s says why",
			service, service);
	else
		do_stack(c, s);
	tell_stack_free(s);
	tell_report_done(&report);
}

/* Who names a service expects that there is something to do. */
static void do_named(struct compress *c, const char *service)
{
	int code = c->code;

	c->asked = false;
	c->code = EX_OK;
	do_service(c, service);
	if (!c->asked && c->code == EX_OK)
		c->code = tell_cli_error(EX_NOINPUT, "compress",
			"%s: its stack has no sink file line with rotate= and compress=: "
			"nothing is compressed",
			service);
	if (c->code == EX_OK)
		c->code = code;
}

static int is_service(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return tell_service_name_ok(d->d_name) && d->d_name[n - 1] != '~' &&
		strncmp(d->d_name, "common-", 7) != 0; /* included by services */
}

static void do_directory(struct compress *c, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, is_service, alphasort);

	for (int i = 0; i < n; i++) {
		do_service(c, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static int run(int argc, char **argv)
{
	struct compress c = { 0 };
	bool done;
	int id;

	while ((id = tell_cli_next(&tell_verb_compress, argc, argv, &done)) >= 0)
		c.verbose = true;
	if (id == TELL_CLI_BAD)
		return EX_USAGE;
	if (done)
		return tell_cli_flush(EX_OK, "compress");
	(void)setpriority(PRIO_PROCESS, 0, 19); /* a wish */
	const char *own = secure_getenv("TELLTALE_CONFDIR");
	if (optind < argc)
		for (int i = optind; i < argc; i++)
			do_named(&c, argv[i]);
	else if (own && *own)
		do_directory(&c, own);
	else {
		do_directory(&c, TELL_CONFDIR);
		do_directory(&c, TELL_VENDORDIR);
	}
	if (c.verbose && !c.any && c.code == EX_OK)
		puts("no stack has a sink file line with rotate= and compress=");
	return tell_cli_flush(c.code, "compress");
}
