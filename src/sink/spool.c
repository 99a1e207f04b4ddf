/* sink spool: records stay on the disk, for `telltale recover --spool` to hand on. */
#include "spool/spool.h"
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/lock.h"
#include "base/state_dir.h"
#include "sink/module.h"
#include "sink/shape.h"
#include "spool/opened.h"

struct spooled {
	pthread_mutex_t lock;	  /* held for a write, or a sync */
	struct tell_spool *spool; /* NULL: not open */
	struct tell_spool_options options;
	uint64_t retry_ns, told; /* told: of what it dropped */
	char *path;		 /* NULL: the state directory */
	char service[64], name[80];
};

static const struct tell_option options[] = {
	{ "path", TELL_OPTION_TEXT, NULL, NULL,
		"the directory it makes its own in; else the state directory", false },
	{ "size", TELL_OPTION_SIZE, "256MB", NULL, "at most so many bytes", false },
	{ "full", TELL_OPTION_CHOICE, "newest", "newest oldest",
		"which record goes when it is full", false },
	{ "sync", TELL_OPTION_CHOICE, "none", "none batch always",
		"what survives the machine's death, as spool_sync= of sink syslog",
		false },
	TELL_SHAPE_MIN,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

static int check_spool(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");

	if (path && *path != '/')
		return tell_refuse(why, -EINVAL, "path",
			"write the directory's whole path, from / on",
			"the spool's directory is not an absolute path");
	if (tell_args_u64(args, "size") < TELL_SPOOL_LEAST)
		return tell_refuse(why, -EINVAL, "size", "use 1MiB or more",
			"a spool so small holds next to nothing");
	return 0;
}

static int look_at_spool(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");
	int r = check_spool(args, why);
	char text[80];
	if (r < 0)
		return r;
	r = path ? tell_state_dir_look(path) : 0;
	if (r < 0)
		(void)tell_refuse(why, r, "path", TELL_SPOOL_DIR_FIX,
			"the spool cannot be in %s: %s", path,
			strerror_r(-r, text, sizeof(text)));
	return r < 0;
}

static int open_spool(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");
	int r = check_spool(args, why);
	if (r < 0)
		return r;
	struct spooled *s = calloc(1, sizeof(*s));
	if (s && path)
		s->path = strdup(path);
	if (!s || (path && !s->path)) {
		free(s);
		return -ENOMEM;
	}
	s->options = (struct tell_spool_options){
		.limit = tell_args_u64(args, "size"),
		.sync = (enum tell_spool_sync)tell_args_choice(args, "sync"),
		.drop_oldest = tell_args_choice(args, "full") == 1,
	};
	(void)snprintf(s->service, sizeof(s->service), "%s", tell_args_service(args));
	/* Cut is fine: two such services have one after another. */
	(void)snprintf(s->name, sizeof(s->name), "%.60s.spool", tell_args_service(args));
	(void)pthread_mutex_init(&s->lock, NULL); /* cannot fail without attributes */
	*ret = s;
	return 0;
}

/* At the first record, so that looking at a stack makes nothing; the lock is held. */
static int be_open(struct spooled *s)
{
	char dir[1024];
	uint64_t now_ns = tell_clock_monotonic_ns();

	if (s->spool)
		return 0;
	if (now_ns < s->retry_ns)
		return -EAGAIN;
	int r = tell_state_dir(s->path, dir, sizeof(dir));
	if (r == 0)
		r = tell_spool_open(&s->spool, dir, s->name, s->service, &s->options);
	if (r < 0)
		s->retry_ns = now_ns + TELL_NS_PER_SEC;
	return r;
}

static enum tell_verdict refused(struct spooled *s, struct tell_run *run, int error)
{
	char text[80];
	bool is_full = error == -ENOSPC || error == -EDQUOT || error == -EFBIG;

	if (error == -EMSGSIZE)
		return TELL_INVALID;
	if (error != -EAGAIN) /* it was said when the attempt failed */
		tell_note(run, TELL_WARNING, is_full ? "spool-full" : "spool-failed",
			"the spool %s does not take records: %s",
			s->spool	  ? s->spool->path
				: s->path ? s->path
					  : s->name,
			is_full ? "it is full" : strerror_r(-error, text, sizeof(text)));
	return is_full ? TELL_FULL : TELL_UNAVAILABLE;
}

static enum tell_verdict run_spool(void *state, struct tell_run *run)
{
	struct spooled *s = state;

	if (tell_lock_by(&s->lock, tell_run_deadline(run)) < 0)
		return TELL_TIMEOUT;
	int r = be_open(s);
	if (r == 0)
		r = tell_spool_append(s->spool, run->record);
	enum tell_verdict v = r < 0 ? refused(s, run, r) : TELL_SUCCESS;
	(void)pthread_mutex_unlock(&s->lock);
	return v;
}

static int flush_spool(void *state, struct tell_run *run)
{
	struct spooled *s = state;
	int r = tell_lock_by(&s->lock, tell_run_deadline(run));

	if (r < 0)
		return r;
	r = s->spool ? tell_spool_flush(s->spool) : 0;
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

/* The oldest, as it was full. */
static uint64_t lost_of_spool(void *state)
{
	struct spooled *s = state;
	uint64_t n = 0;

	(void)pthread_mutex_lock(&s->lock);
	if (s->spool) {
		n = s->spool->dropped - s->told;
		s->told = s->spool->dropped;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return n;
}

static void close_spool(void *state)
{
	struct spooled *s = state;

	(void)tell_spool_close(s->spool);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->path);
	free(s);
}

/* The parent's stays the parent's; its memory too, as a thread of it may have been inside. */
static void child_of_spool(void *state)
{
	struct spooled *s = state;

	(void)pthread_mutex_init(&s->lock, NULL);
	tell_opened_child();
	if (s->spool)
		tell_spool_child(s->spool);
	s->spool = NULL;
	s->told = s->retry_ns = 0;
}

const struct tell_module tell_sink_spool = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "spool",
	.summary = "keeps records on the disk, for telltale recover to hand on",
	.options = options,
	.open = open_spool,
	.check = look_at_spool,
	.run = run_spool,
	.flush = flush_spool,
	.lost = lost_of_spool,
	.close = close_spool,
	.child = child_of_spool,
};
