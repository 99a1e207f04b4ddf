#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include "base/buf.h"
#include "meter/gather.h"
#include "meter/registry.h"
#include "metric/lines.h"
#include "metric/module.h"
#include "metric/peer.h"
#include "metric/shared.h"
#include "metric/told.h"

/* metric statsd host=… port=… path=… format=dogstatsd|statsd prefix=…: all numbers that changed,
 * each time it is asked. Counters as what came in addition, which is told once it was sent, so
 * that a datagram the socket refused adds to the next. */

#define PREFIX_MAX  100
#define BATCH_LINES 256 /* in a datagram: each has 8 bytes at least */

enum { FORMAT_DOGSTATSD, FORMAT_STATSD };

static const struct tell_option options[] = {
	{ "host", TELL_OPTION_TEXT, "127.0.0.1", NULL, "a server: name or address",
		false },
	{ "port", TELL_OPTION_PORT, "8125", NULL, "its UDP port", false },
	{ "path", TELL_OPTION_TEXT, NULL, NULL,
		"a local datagram socket instead; @NAME: an abstract one", false },
	{ "format", TELL_OPTION_CHOICE, "dogstatsd", "dogstatsd statsd",
		"labels as tags, or as parts of the name", false },
	{ "prefix", TELL_OPTION_TEXT, "", NULL, "in front of all names", false },
	TELL_OPTION_EACH("10s"),
	{ 0 },
};

struct statsd {
	struct tell_metric_peer peer;
	struct tell_told_shared
		*told; /* by all lines to the same server, whatever reloads */
	const char *service, *prefix;
	bool tags;
	struct tell_counter *lost; /* lines; NULL: cannot be counted */

	/* Of one run: */
	struct tell_run *run;
	struct tell_metric family;
	struct tell_buf batch, line;
	struct {
		uint64_t hash;
		struct tell_reading value;
	} lines[BATCH_LINES]; /* of the batch */
	size_t n_lines;
	int error; /* the first */
};

/* ---- sending ---- */

static void lose(struct statsd *s, size_t n, int error, const char *why)
{
	if (s->lost)
		tell_counter_add(s->lost, n);
	if (s->error == 0)
		tell_note(s->run, TELL_WARNING, "metric-statsd",
			"the statsd server %s does not take metrics: %s",
			s->peer.path ? s->peer.path : s->peer.host,
			why ? why : strerror(-error));
	s->error = error;
}

/* After the first error of a run nothing more is tried: the server is away. */
static void send_batch(struct statsd *s)
{
	const char *why = NULL;
	if (s->n_lines == 0)
		return;
	int r = s->error;
	if (r == 0)
		r = tell_metric_peer_send(&s->peer, s->batch.data, s->batch.len,
			tell_run_deadline(s->run), &why);
	for (size_t i = 0; r == 0 && i < s->n_lines; i++)
		tell_told_set(&s->told->told, s->lines[i].hash, s->lines[i].value);
	if (r < 0)
		lose(s, s->n_lines, r, why);
	s->n_lines = 0;
	tell_buf_clear(&s->batch);
}

static void add_line(struct statsd *s, uint64_t hash, struct tell_reading now)
{
	if (s->line.cut || s->line.len > s->batch.limit) {
		lose(s, 1, -EMSGSIZE, NULL);
		return;
	}
	if (s->n_lines == BATCH_LINES || s->batch.len + 1 + s->line.len > s->batch.limit)
		send_batch(s);
	if (s->n_lines)
		tell_buf_putc(&s->batch, '\n');
	tell_buf_put(&s->batch, s->line.data, s->line.len);
	s->lines[s->n_lines].hash = hash;
	s->lines[s->n_lines++].value = now;
}

/* ---- collecting ---- */

static void family(void *arg, const struct tell_metric *m)
{
	((struct statsd *)arg)->family = *m;
}

/* What came in addition. A counter that is smaller than it was began anew. */
static struct tell_reading since(const struct tell_told_row *row, struct tell_reading now)
{
	if (!row->known)
		return now;
	if (!now.whole)
		return now.f64 < row->value.f64
			? now
			: (struct tell_reading){ .f64 = now.f64 - row->value.f64 };
	return now.u64 < row->value.u64 ? now
					: tell_reading_u64(now.u64 - row->value.u64);
}

static void put(struct statsd *s, const char *end, const struct tell_label *labels,
	size_t n, struct tell_reading now)
{
	bool counter = *end != '\0';
	char name[TELL_METRIC_NAME + sizeof("_total")]; /* fits */
	(void)snprintf(name, sizeof(name), "%s%s", s->family.name, end);
	struct tell_told_row *row = tell_told_row(&s->told->told, name, labels, n);
	if (!row) {
		lose(s, 1, -ENOMEM, NULL);
		return;
	}
	struct tell_statsd_line line = { s->prefix, s->tags, s->family.name, end, counter,
		labels, n, counter ? since(row, now) : now };
	/* A gauge that stays is said again: servers forget those that nobody says. */
	if (counter && line.value.u64 == 0) /* also of a double */
		return;
	tell_buf_clear(&s->line);
	if (tell_statsd_put(&s->line, &line))
		add_line(s, row->hash, now);
}

/* Of a histogram its count and its sum: the average is theirs to make. */
static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading now)
{
	struct statsd *s = arg;
	if (!now.buckets) {
		put(s, s->family.kind == TELL_METRIC_COUNTER ? "_total" : "", labels, n,
			now);
		return;
	}
	put(s, "_count", labels, n, tell_reading_u64(now.u64));
	put(s, "_sum", labels, n, (struct tell_reading){ .f64 = now.buckets->sum });
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct statsd *s = state;
	s->run = run;
	s->error = 0;
	tell_told_lock(s->told);
	bool gathered = tell_gather(
		s->service, &(struct tell_collector){ family, sample, s });
	send_batch(s);
	tell_told_unlock(s->told);
	if (!gathered)
		return TELL_UNAVAILABLE;
	return s->error ? TELL_UNAVAILABLE : TELL_IGNORE;
}

/* ---- its life ---- */

static void close_statsd(void *state)
{
	struct statsd *s = state;
	tell_metric_peer_close(&s->peer);
	tell_buf_done(&s->batch);
	tell_buf_done(&s->line);
	free(s);
}

static int check(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "path");
	if (path &&
		(*path == '\0' ||
			strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)))
		return tell_refuse(why, -ENAMETOOLONG, "path",
			"use a shorter path, at most 107 bytes",
			"the socket's path is empty or too long");
	if (path && (tell_args_given(args, "host") || tell_args_given(args, "port")))
		return tell_refuse(why, -EINVAL, "path", "remove it, or host= and port=",
			"path= and a server on the network exclude one another");
	if (strlen(tell_args_text(args, "prefix")) > PREFIX_MAX)
		return tell_refuse(why, -EINVAL, "prefix", "use at most 100 characters",
			"the prefix is too long");
	return 0;
}

static struct tell_counter *lost_lines(void)
{
	struct tell_family *f;
	int r = tell_family_ours(&f, TELL_METRIC_COUNTER, "telltale_statsd_lost_total",
		"Lines that a StatsD server was not sent.", "");
	return r < 0 ? NULL : &f->own.number.counter;
}

static int open_statsd(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	int r = check(args, why);
	if (r < 0)
		return r;
	struct statsd *s = calloc(1, sizeof(*s));
	if (s)
		s->told = tell_told_share("statsd", args);
	if (!s || !s->told) {
		free(s);
		return tell_refuse(why, -ENOMEM, NULL, NULL, "memory is out");
	}
	s->peer = (struct tell_metric_peer){ tell_args_text(args, "host"),
		tell_args_text(args, "path"), (uint16_t)tell_args_u64(args, "port"), -1 };
	s->service = tell_args_service(args);
	s->prefix = tell_args_text(args, "prefix");
	s->tags = tell_args_choice(args, "format") == FORMAT_DOGSTATSD;
	s->lost = lost_lines();
	tell_buf_init(&s->batch, tell_metric_peer_bytes(&s->peer));
	tell_buf_init(&s->line, tell_metric_peer_bytes(&s->peer));
	*ret = s;
	return 0;
}

/* The socket is the parent's as well: datagrams of both would be one sender's, no harm. */
static void child(void *state)
{
	struct statsd *s = state;
	tell_told_child(s->told);
	s->n_lines = 0;
	tell_buf_clear(&s->batch);
}

const struct tell_module tell_metric_statsd = {
	TELL_MODULE_ABI,
	"metric",
	"statsd",
	"tells a StatsD server the numbers that changed",
	.options = options,
	.open = open_statsd,
	.check = check,
	.run = run,
	.close = close_statsd,
	.child = child,
};
