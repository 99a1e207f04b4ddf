#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale/log.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/append.h"
#include "sink/held.h"
#include "sink/logfile.h"
#include "sink/module.h"
#include "sink/outage.h"
#include "sink/shape.h"
#include "sink/wait.h"

/* A file of lines. Whoever rotates it renames it; we notice within a second, or at once on
 * tell_reopen(), and go on in a new one. A file or directory that is missing is tried
 * again with every record, a full disk as well: delivery returns by itself. */
#define LOOK_EVERY_NS  TELL_NS_PER_SEC
#define GATHER_FOR_NS  TELL_NS_PER_SEC /* a line in the buffer is at most so old */
#define REOPEN_WAIT_NS (50 * TELL_NS_PER_MS)
#define REOPEN_WAIT_MS 50

struct file {
	struct tell_shape shape;
	struct tell_outage outage;
	mode_t mode;
	pthread_mutex_t lock; /* all below */
	struct tell_held held;
	struct tell_append append;
	const char *why; /* it could not be opened, in words; or NULL */
	uint64_t look_ns;
	struct tell_buf gathered; /* limit: buffer=; 0: a write for each record */
	size_t buffer_bytes;
	uint64_t gathered_since_ns;
	char *path;
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
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* ---- the file; the lock is held, or nobody else knows the state yet ---- */

/* The file at path becomes ours. 0 or -errno; the old one is closed on 0 only. */
static int open_path(struct file *f)
{
	int fd = tell_logfile_open(f->path, f->mode, &f->why);

	if (fd < 0)
		return fd;
	int r = tell_held_set(&f->held, fd);
	if (r < 0)
		return r;
	tell_append_init(&f->append, tell_held_get(&f->held));
	f->look_ns = tell_wait_coarse_ns() + LOOK_EVERY_NS;
	return 0;
}

/* Does our file still have a name? Else what is written to it is gone. */
static bool has_name(struct file *f)
{
	struct stat st;
	int fd = tell_held_get(&f->held);

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

/* Go on in what stands at path now. */
static int renew(struct file *f)
{
	int r = open_path(f);

	/* Out of descriptors: the rotated file is better than none. */
	if ((r == -EMFILE || r == -ENFILE) && has_name(f))
		return 0;
	if (r < 0)
		tell_held_close(&f->held);
	return r;
}

/* Once a second: is it still the file at path? */
static void look(struct file *f)
{
	uint64_t now_ns = tell_wait_coarse_ns();

	if (now_ns < f->look_ns)
		return;
	f->look_ns = now_ns + LOOK_EVERY_NS;
	tell_append_look(&f->append);
	if (tell_logfile_moved(f->path, f->held.dev, f->held.ino) != 0)
		(void)renew(f); /* what came of it is seen when it is written to */
}

/* Is the error one of the room, not of the file? */
static bool no_room(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG || error == ETIMEDOUT;
}

/* Append whole lines; how many bytes, and the errno for the rest. */
static size_t append_once(struct file *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error)
{
	if (tell_held_get(&f->held) >= 0)
		look(f);
	if (atomic_load_explicit(&f->held.fd, memory_order_relaxed) < 0) {
		int r = open_path(f);
		if (r < 0) {
			*ret_error = -r;
			return 0;
		}
	}
	size_t done = tell_append_lines(&f->append, data, len, run, ret_error);
	if (done < len && !no_room(*ret_error)) {
		(void)tell_held_ours(&f->held); /* closed under us: forget it */
		tell_held_close(&f->held);	/* else: with the next record anew */
	}
	return done;
}

/* The same, once more when the host closed our number since it was last looked at. */
static size_t append(struct file *f, const char *data, size_t len, struct tell_run *run,
	int *ret_error)
{
	size_t done = append_once(f, data, len, run, ret_error);

	if (__builtin_expect(done < len && *ret_error == EBADF, 0))
		done += append_once(f, data + done, len - done, run, ret_error);
	return done;
}

/* ---- the buffer ---- */

/* Write what was gathered; 0, or the errno that keeps the rest back. */
static int drain(struct file *f, struct tell_run *run)
{
	struct tell_buf *b = &f->gathered;
	int error = 0;

	if (b->len == 0)
		return 0;
	size_t done = append(f, b->data, b->len, run, &error);
	if (done == b->len)
		error = 0;
	b->len -= done;
	memmove(b->data, b->data + done, b->len);
	return error;
}

/* Due: worse than a notice, or the oldest line waits for a second. The records' own times
 * say so; one that lies before, as the clock was set back, is due as well. */
static bool due(struct file *f, const struct tell_run *run)
{
	const struct tell_head *h = run->record->head;

	return h->level <= TELL_WARNING ||
		h->realtime_ns - f->gathered_since_ns >= GATHER_FOR_NS;
}

static enum tell_verdict gather(struct file *f, struct tell_run *run)
{
	const struct tell_buf *line = run->out;
	int error = 0;

	if (f->gathered.len + line->len > f->buffer_bytes)
		error = drain(f, run);
	if (error)
		return tell_outage_lost(&f->outage, run, error, f->why);
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
		(void)tell_outage_lost(&f->outage, run, error, f->why);
		return TELL_SPOOLED;
	}
	return tell_outage_taken(&f->outage, run);
}

static enum tell_verdict write_line(struct file *f, struct tell_run *run)
{
	int error;

	/* A line longer than the buffer goes by itself, behind what waits. */
	if (run->out->len <= f->buffer_bytes)
		return gather(f, run);
	error = drain(f, run);
	if (!error &&
		append(f, run->out->data, run->out->len, run, &error) == run->out->len)
		return tell_outage_taken(&f->outage, run);
	return tell_outage_lost(&f->outage, run, error, f->why);
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
	(void)pthread_mutex_unlock(&f->lock);
	return verdict;
}

static int flush_file(void *state, struct tell_run *run)
{
	struct file *f = state;

	int error = -tell_wait_lock(&f->lock, run);
	if (!error) {
		error = drain(f, run);
		(void)pthread_mutex_unlock(&f->lock);
	}
	if (error)
		(void)tell_outage_lost(&f->outage, run, error, f->why);
	return -error;
}

static uint64_t drop_file(void *state, struct tell_run *run)
{
	struct file *f = state;
	const struct tell_buf *b = &f->gathered;
	uint64_t n = 0;

	if (tell_wait_lock(&f->lock, run) < 0)
		return 0; /* a call holds it, and writes what is there */
	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == '\n'; /* a record is one line */
	tell_buf_clear(&f->gathered);
	(void)pthread_mutex_unlock(&f->lock);
	tell_outage_dropped(&f->outage, run, n);
	return n;
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
	int r = renew(f);
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static void close_file(void *state)
{
	struct file *f = state;
	struct tell_run run = quiet_run();

	(void)drain(f, &run); /* what was worth a word is said: drop_file() */
	tell_held_close(&f->held);
	tell_buf_done(&f->gathered);
	(void)pthread_mutex_destroy(&f->lock);
	free(f->path);
	free(f);
}

static void child_file(void *state)
{
	struct file *f = state;

	/* The buffer's lines are the parent's, and so is the open description. */
	tell_buf_clear(&f->gathered);
	tell_held_close(&f->held);
	tell_outage_child(&f->outage);
	(void)pthread_mutex_init(&f->lock, NULL);
}

/* What holds for a path on every host. */
static int check_path(const char *path, struct tell_refusal *why)
{
	size_t n = strlen(path);

	if (path[0] == '/' && path[n - 1] != '/')
		return 0;
	return tell_refuse(why, -EINVAL, "path",
		"write it from / on, the file's name at its end",
		"\"%s\" is not an absolute path of a file", path);
}

static int check_file(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path"), *words;
	char what[TELL_LOGFILE_PATH_MAX], text[80];

	int r = check_path(path, why);
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
	return r < 0;
}

static int start(struct file *f, const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const formats[] = { "json", "logfmt", "text" };
	unsigned format = tell_args_choice(args, "format");

	f->path = strdup(tell_args_text(args, "path"));
	if (!f->path)
		return -ENOMEM;
	tell_shape_init(
		&f->shape, args, tell_encoder_of(formats[format]), format == 2, false);
	f->shape.layout.template_text = tell_args_text(args, "template");
	f->mode = (mode_t)tell_args_u64(args, "mode");
	f->buffer_bytes = (size_t)tell_args_u64(args, "buffer");
	tell_buf_init(&f->gathered, f->buffer_bytes);
	tell_outage_init(&f->outage, "file-down", "file-back", f->path);
	int r = check_path(f->path, why);
	if (r < 0)
		return r;
	r = open_path(f);
	return r < 0 ? tell_logfile_refuse(f->path, r, f->why, why) : 0;
}

static int open_file(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct file *f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	(void)pthread_mutex_init(&f->lock, NULL); /* cannot fail without attributes */
	tell_held_init(&f->held);
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
};
