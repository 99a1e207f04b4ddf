#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>

#include "base/clock.h"
#include "sink/logfile.h"
#include "sink/module.h"
#include "sink/outage.h"
#include "sink/rolled.h"
#include "sink/rolled_args.h"
#include "sink/shape.h"
#include "sink/wait.h"

/* A file of lines, see sink/rolled.h. A file or directory that is missing is tried again with
 * every record, a full disk as well: delivery returns by itself. */
#define GATHER_FOR_NS TELL_NS_PER_SEC /* a line in the buffer is at most so old */
#define BATCH_BYTES                                                                      \
	((size_t)64 << 10) /* gathered at most while a flush is sure to follow */
#define REOPEN_WAIT_NS (50 * TELL_NS_PER_MS)
#define REOPEN_WAIT_MS 50

struct file {
	struct tell_shape shape;
	struct tell_outage outage;
	pthread_mutex_t lock; /* all below */
	struct tell_rolled file;
	struct tell_buf gathered; /* limit: buffer=; 0: a write for each record */
	size_t buffer_bytes;
	uint64_t gathered_since_ns;
	uint64_t synced_ns;	 /* realtime of the record that was synced last */
	_Atomic uint64_t unsure; /* lines of a flush whose sync failed */
};

static const struct tell_option options[] = {
	{ "path", TELL_OPTION_TEXT, NULL, NULL, "the file, from / on", true },
	{ "format", TELL_OPTION_CHOICE, "json", "json logfmt text", "how lines look",
		false },
	{ "mode", TELL_OPTION_MODE, "0640", NULL, "permissions of a new file", false },
	{ "buffer", TELL_OPTION_SIZE, "0", NULL,
		"gather lines up to this size; written when full, at warning and worse, "
		"after a second with the next record, at flush and close",
		false },
	{ "template", TELL_OPTION_TEXT, NULL, NULL, "format=text: the line", false },
	{ "rotate", TELL_OPTION_TEXT, NULL, NULL,
		"begin a new file at this size (500MB, 500MiB), after this time (1h), each "
		"day (daily, daily@04:30), or both: 500MB,daily",
		false },
	{ "max_files", TELL_OPTION_COUNT, NULL, NULL, "keep so many rotated files",
		false },
	{ "max_age", TELL_OPTION_DURATION, NULL, NULL,
		"delete rotated files that ended longer ago", false },
	{ "max_size", TELL_OPTION_SIZE, NULL, NULL, "keep so many bytes of rotated files",
		false },
	{ "compress", TELL_OPTION_CHOICE, "no", "no zstd gzip",
		"what telltale-compress(1) does with rotated files", false },
	{ "sync", TELL_OPTION_CHOICE, "none", "none batch always",
		"when lines are on the disk: some time, at each flush, or before a record "
		"counts as delivered",
		false },
	{ "link", TELL_OPTION_TEXT, NULL, NULL,
		"a symbolic link of this name beside the file points to it", false },
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* ---- the buffer ---- */

/* Write what was gathered; 0, or the errno that keeps the rest back. */
static int drain(struct file *f, struct tell_run *run)
{
	struct tell_buf *b = &f->gathered;
	int error = 0;

	if (b->len == 0)
		return 0;
	size_t done = tell_rolled_append(&f->file, b->data, b->len, run, &error);
	if (done == b->len)
		error = 0;
	b->len -= done;
	memmove(b->data, b->data + done, b->len);
	return error;
}

/* How many bytes of lines may wait for more. */
static size_t wait_bytes(const struct file *f, const struct tell_run *run)
{
	return run->batch && f->buffer_bytes < BATCH_BYTES ? BATCH_BYTES
							   : f->buffer_bytes;
}

/* Due: worse than a notice, or the oldest line waits for a second. The records' own times
 * say so; one that lies before, as the clock was set back, is due as well. */
static bool due(struct file *f, const struct tell_run *run)
{
	const struct tell_head *h = run->record->head;

	if (run->batch)
		return false;
	return h->level <= TELL_WARNING ||
		h->realtime_ns - f->gathered_since_ns >= GATHER_FOR_NS;
}

/* The kernel has it. Where that is not enough, the outage is over with the sync. */
static enum tell_verdict written(struct file *f, struct tell_run *run)
{
	return f->file.sync ? TELL_SUCCESS : tell_outage_taken(&f->outage, run);
}

static enum tell_verdict gather(struct file *f, struct tell_run *run)
{
	const struct tell_buf *line = run->out;
	int error = 0;

	if (f->gathered.len + line->len > wait_bytes(f, run))
		error = drain(f, run);
	if (error)
		return tell_outage_lost(&f->outage, run, error, f->file.why);
	if (f->gathered.len == 0)
		f->gathered_since_ns = run->record->head->realtime_ns;
	tell_buf_put(&f->gathered, line->data, line->len);
	if (f->gathered.cut) {
		f->gathered.cut = false;
		return tell_outage_lost(&f->outage, run, ENOMEM, NULL);
	}
	if (!due(f, run))
		return TELL_SPOOLED;
	error = drain(f, run);
	if (error) { /* it is still in the buffer: not lost, but worth a word */
		tell_outage_held(&f->outage, run, error, f->file.why, 0);
		return TELL_SPOOLED;
	}
	return written(f, run);
}

static enum tell_verdict write_line(struct file *f, struct tell_run *run)
{
	int error;

	/* A line longer than the buffer goes by itself, behind what waits. */
	if (run->out->len <= wait_bytes(f, run))
		return gather(f, run);
	error = drain(f, run);
	if (!error &&
		tell_rolled_append(&f->file, run->out->data, run->out->len, run,
			&error) == run->out->len)
		return written(f, run);
	return tell_outage_lost(&f->outage, run, error, f->file.why);
}

/* ---- on the disk ---- */

/* Must what was just written be synced now, and by us? */
static bool sync_due(struct file *f, const struct tell_run *run)
{
	const struct tell_head *h = run->record->head;

	if (f->file.sync == TELL_SYNC_ALWAYS)
		return true;
	if (h->level > TELL_WARNING && h->realtime_ns - f->synced_ns < GATHER_FOR_NS)
		return false;
	f->synced_ns = h->realtime_ns;
	return true;
}

/* Line n of ours: no lock is held, so that others write meanwhile and wait with us. */
static enum tell_verdict sync_line(struct file *f, struct tell_run *run, uint64_t n)
{
	int r = tell_commit(&f->file.commit, &f->file.held, n, run);

	return r < 0 ? tell_outage_lost(&f->outage, run, -r, "it is not on the disk")
		     : tell_outage_taken(&f->outage, run);
}

static int sync_all(struct file *f, struct tell_run *run, uint64_t *ret_lost)
{
	int r = tell_commit_all(&f->file.commit, &f->file.held, run, ret_lost);

	(void)atomic_fetch_add(&f->unsure, *ret_lost);
	return -r;
}

/* ---- the module ---- */

static enum tell_verdict run_file(void *state, struct tell_run *run)
{
	struct file *f = state;

	tell_buf_clear(run->out);
	if (!tell_shape_encode(&f->shape, run))
		return TELL_FAILED;
	tell_buf_putc(run->out, '\n');
	if (run->out->cut)
		return TELL_FAILED;
	/* The lock is held across write(2): a line, its repair and the change to a new file
	 * must not mix. The kernel has one lock a file there as well: nothing is lost by it. */
	if (tell_wait_lock(&f->lock, run) < 0)
		return tell_outage_lost(&f->outage, run, ETIMEDOUT, NULL);
	enum tell_verdict verdict = write_line(f, run);
	uint64_t line = atomic_load(&f->file.commit.written);
	bool sync = f->file.sync && verdict == TELL_SUCCESS;
	bool now = sync && !run->batch && sync_due(f, run);
	(void)pthread_mutex_unlock(&f->lock);
	if (now)
		return sync_line(f, run, line);
	return sync ? TELL_SPOOLED : verdict;
}

static int flush_file(void *state, struct tell_run *run)
{
	struct file *f = state;
	uint64_t lost = 0;

	int error = -tell_wait_lock(&f->lock, run);
	if (!error) {
		error = drain(f, run);
		(void)pthread_mutex_unlock(&f->lock);
		if (f->file.sync && !error)
			error = sync_all(f, run, &lost);
	}
	if (error)
		tell_outage_held(&f->outage, run, error, f->file.why, lost);
	return -error;
}

static uint64_t drop_file(void *state, struct tell_run *run)
{
	struct file *f = state;
	const struct tell_buf *b = &f->gathered;
	uint64_t n = atomic_exchange(&f->unsure, 0);

	if (tell_wait_lock(&f->lock, run) < 0)
		return n; /* a call holds it, and writes what is there */
	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == '\n'; /* a record is one line */
	tell_buf_clear(&f->gathered);
	(void)pthread_mutex_unlock(&f->lock);
	tell_outage_dropped(&f->outage, run, n);
	return n;
}

static uint64_t lost_file(void *state)
{
	struct file *f = state;

	return atomic_exchange(&f->unsure, 0);
}

/* A run for what happens between records: patient for 50 ms, nobody to tell. */
static struct tell_run quiet_run(void)
{
	return (struct tell_run){
		.deadline_ns = tell_clock_monotonic_ns() + REOPEN_WAIT_NS,
		.budget_ms = REOPEN_WAIT_MS,
	};
}

static int reopen_file(void *state)
{
	struct file *f = state;
	struct tell_run run = quiet_run();

	if (tell_wait_lock(&f->lock, &run) < 0)
		return -ETIMEDOUT;
	(void)drain(f, &run); /* what stays goes to the new file */
	int r = tell_rolled_renew(&f->file);
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static void close_file(void *state)
{
	struct file *f = state;
	struct tell_run run = quiet_run();

	(void)drain(f, &run); /* what was worth a word is said: drop_file() */
	tell_rolled_done(&f->file);
	tell_buf_done(&f->gathered);
	(void)pthread_mutex_destroy(&f->lock);
	free(f->file.path);
	free(f);
}

static void child_file(void *state)
{
	struct file *f = state;

	/* The buffer's lines are the parent's, and so is the open description. */
	tell_buf_clear(&f->gathered);
	tell_rolled_child(&f->file);
	tell_outage_child(&f->outage);
	(void)pthread_mutex_init(&f->lock, NULL);
}

static int check_file(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path"), *words;
	char what[TELL_LOGFILE_PATH_MAX], text[80];
	struct tell_rolled rolled = { 0 };

	int r = tell_rolled_args(&rolled, args, why);
	if (r < 0)
		return r;
	r = tell_logfile_look(path, what, &words);
	if (r == -ENOENT)
		(void)tell_refuse(why, r, "path",
			"make it for the service's user, or have the unit do so: "
			"LogsDirectory=",
			"there is no directory %s", what);
	else if (r == -EACCES || r == -EPERM)
		(void)tell_refuse(why, r, "path", "no matter, if the service's user may",
			"this user may not write to %s", what);
	else if (r < 0)
		(void)tell_refuse(why, r, "path", "choose another path, or mend that",
			"%s cannot be written: %s", what,
			words ? words : strerror_r(-r, text, sizeof(text)));
	return r < 0 ? 1 : tell_rolled_look(&rolled, args, why);
}

static int start(struct file *f, const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const formats[] = { "json", "logfmt", "text" };
	unsigned format = tell_args_choice(args, "format");

	f->file.path = strdup(tell_args_text(args, "path"));
	if (!f->file.path)
		return -ENOMEM;
	tell_shape_init(
		&f->shape, args, tell_encoder_of(formats[format]), format == 2, false);
	f->shape.layout.template_text = tell_args_text(args, "template");
	f->buffer_bytes = (size_t)tell_args_u64(args, "buffer");
	tell_buf_init(&f->gathered,
		f->buffer_bytes < BATCH_BYTES ? BATCH_BYTES : f->buffer_bytes);
	tell_outage_init(&f->outage, "file-down", "file-back", f->file.path);
	int r = tell_rolled_args(&f->file, args, why);
	if (r < 0)
		return r;
	r = tell_rolled_open(&f->file);
	return r < 0 ? tell_logfile_refuse(f->file.path, r, f->file.why, why) : 0;
}

static int open_file(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct file *f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	(void)pthread_mutex_init(&f->lock, NULL); /* cannot fail without attributes */
	tell_rolled_init(&f->file);
	int r = start(f, args, why);
	if (r < 0) {
		close_file(f);
		return r;
	}
	*ret = f;
	return 0;
}

const struct tell_module tell_sink_file = {
	TELL_MODULE_ABI,
	"sink",
	"file",
	"appends a line a record to a file",
	.options = options,
	.open = open_file,
	.check = check_file,
	.run = run_file,
	.close = close_file,
	.flush = flush_file,
	.reopen = reopen_file,
	.child = child_file,
	.drop = drop_file,
	.lost = lost_file,
};
