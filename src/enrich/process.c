#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "enrich/fixed.h"
#include "enrich/module.h"
#include "enrich/read.h"
#include "record/record.h"

/* enrich process: `comm`, `exe`, `uid` (effective) and `ppid`, as the journal's _COMM, _EXE
 * and _UID. Not the command line: passwords stand there. pid and tid are in each record
 * anyway.
 *
 * comm and exe are read once, uid and ppid for each record: daemons drop their rights and
 * lose their parents after their log is up. A forked child keeps both names. */
#define COMM_BYTES 64

static int add_comm(struct tell_fixed *f)
{
	char comm[COMM_BYTES];
	ssize_t n = tell_read_line("/proc/self/comm", comm, sizeof(comm));
	if (n < 0)
		return 0; /* no /proc: no field */
	return tell_fixed_text(f, "comm", comm, (size_t)n, TELL_FIXED_FOREIGN);
}

static int add_exe(struct tell_fixed *f)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	if (n < 0)
		return 0;
	return tell_fixed_text(f, "exe", path, (size_t)n, TELL_FIXED_FOREIGN);
}

static int open_process(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)args;
	struct tell_fixed *f = NULL;
	int r = tell_fixed_new(&f);
	if (r == 0)
		r = add_comm(f);
	if (r == 0)
		r = add_exe(f);
	if (r < 0) {
		tell_fixed_free(f);
		return tell_fixed_refuse(why, r, NULL);
	}
	*ret = f;
	return 0;
}

static void add_number(struct tell_record *r, const char *name, uint64_t v)
{
	if (tell_record_has(r, name, strlen(name)))
		return;
	struct tell_field field = tell_u64(name, v);
	tell_record_add(r, &field, 1, TELL_SLOT_ADDED | TELL_SLOT_SAFE, NULL);
}

static enum tell_verdict run_process(void *state, struct tell_run *run)
{
	add_number(run->record, "uid", geteuid());
	add_number(run->record, "ppid", (uint64_t)getppid());
	return tell_fixed_run(state, run);
}

const struct tell_module tell_enrich_process = {
	TELL_MODULE_ABI,
	"enrich",
	"process",
	"adds the process's name, program, user and parent",
	.open = open_process,
	.run = run_process,
	.close = tell_fixed_free,
};
