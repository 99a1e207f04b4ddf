#include "tool/cat_reader.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include "api/init.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/alive.h"
#include "record/record.h"
#include "stack/stack.h"
#include "tool/channel.h"
#include "tool/feed.h"
#include "tool/join.h"
#include "tool/option.h"
#include "source/origin.h"
#include "tool/recover.h"

#define FLUSH_MS    5000
#define DRAIN_MS    2000
#define GONE_MS	    1000
#define GONE_NAP_MS 5
#define GAPS_MAX    2 /* empty lines within a trace */

/* One descriptor, and the record that its last lines make. */
struct stream {
	struct tell_feed feed;
	int level;
	size_t held; /* bytes from feed.begin on; 0: no record begun */
	unsigned lines, gaps;
	struct tell_join join;
	uint64_t arrived_ns; /* realtime, once it had to wait; 0: just now */
	uint64_t due_ns;     /* monotonic: waits no longer than that; 0: not armed */
	uint64_t latest_ns;
};

struct reader {
	struct tell_cat *cat;
	struct tell_input *input;
	struct stream streams[2];
	size_t join_max;
	uint64_t lost;
	size_t n_more;
	struct tell_field more[TELL_FIELDS_ARG_MAX + TELL_CAT_TRACE_FIELDS];
};

static int level_of(const struct stream *s, const struct tell_input *in)
{
	if (in->level >= 0)
		return in->level;
	return s->join.failed && s->level > TELL_ERROR ? TELL_ERROR : s->level;
}

/* The line's place; where no more places can be kept its text is a field. */
static struct tell_site *site_of(struct tell_input *in)
{
	struct tell_site *site = tell_origin(
		in->file, in->file_line, in->func, in->logger);
	if (!site && in->file)
		tell_input_place_field(in);
	return site;
}

/* Blanks say nothing; systemd-cat drops such lines as well. */
static bool says_nothing(const char *line, size_t len)
{
	while (len && (*line == ' ' || *line == '\t' || *line == '\r'))
		line++, len--;
	return len == 0;
}

static void send_text(
	struct reader *r, const struct stream *s, const char *text, size_t len)
{
	struct tell_input *in = r->input;
	tell_input_read(in, text, len);
	if (!in->json && !in->n_fields && says_nothing(in->message, in->message_len))
		return; /* a prefix alone */
	struct tell_channel_record record = {
		.level = level_of(s, in),
		.message = in->message,
		.message_len = in->message_len,
		.time_ns = in->time_ns ? in->time_ns : s->arrived_ns,
		.site = site_of(in),
		.preamble = in->preamble,
		.n_preamble = in->n_preamble,
		.fields = in->fields,
		.n_fields = in->n_fields,
		.more = r->more,
		.n_more = r->n_more,
	};
	if (tell_channel_send(&record) == TELL_FATE_LOST)
		r->lost++;
}

/* The record that was held is complete. */
static void release(struct reader *r, struct stream *s)
{
	if (s->held)
		send_text(r, s, s->feed.data + s->feed.begin, s->held);
	s->held = 0;
	s->arrived_ns = s->due_ns = s->latest_ns = 0;
	s->feed.begin = s->feed.at;
}

/* Does the line continue the record held? Then it is part of it, or it is empty and will be
 * once the next line is. n: its bytes, 0 when they say nothing. */
static bool continues(struct reader *r, struct stream *s, const char *line, size_t n)
{
	size_t size = (size_t)(line - s->feed.data) + n - s->feed.begin;
	if (!s->held || (n && *line == '<' && r->cat->prefix))
		return false;
	switch (tell_join_next(&s->join, line, n)) {
	case TELL_JOIN_NO:
		return false;
	case TELL_JOIN_PERHAPS:
		return ++s->gaps <= GAPS_MAX && s->feed.at - s->feed.begin <= r->join_max;
	case TELL_JOIN_YES:
		break;
	}
	if (size > r->join_max || s->lines >= TELL_CAT_JOIN_LINES)
		return false;
	s->held = size;
	s->lines++;
	s->gaps = 0;
	s->due_ns = 0; /* armed anew from this line on */
	return true;
}

static void take_line(struct reader *r, struct stream *s, const char *line, size_t len)
{
	if (len && line[len - 1] == '\r')
		len--;
	if (says_nothing(line, len))
		len = 0;
	if (continues(r, s, line, len))
		return;
	release(r, s);
	if (len == 0)
		return;
	s->feed.begin = (size_t)(line - s->feed.data);
	s->held = len;
	s->lines = 1;
	s->gaps = 0;
	s->join = (struct tell_join){ 0 };
	if (r->cat->join)
		tell_join_begin(&s->join, line, len);
	if (!r->cat->join || (*line == '{' && line[len - 1] == '}'))
		release(r, s); /* JSON is complete in itself */
}

/* What is there now; at the end the record held is complete. */
static bool read_some(struct reader *r, struct stream *s)
{
	const char *line;
	size_t len;
	bool some = tell_feed_read(&s->feed);
	while (tell_feed_next(&s->feed, &line, &len))
		take_line(r, s, line, len);
	if (!s->held)
		s->feed.begin = s->feed.at;
	if (s->feed.fd < 0)
		release(r, s);
	return some;
}

/* A record that is held over a pause: until when? */
static void arm(struct stream *s, uint64_t now_ns)
{
	if (!s->held || s->due_ns)
		return;
	if (!s->arrived_ns) {
		s->arrived_ns = tell_clock_realtime_ns();
		s->latest_ns = now_ns + TELL_CAT_HOLD_MS * TELL_NS_PER_MS;
	}
	s->due_ns = now_ns + TELL_CAT_JOIN_MS * TELL_NS_PER_MS;
	if (s->due_ns > s->latest_ns)
		s->due_ns = s->latest_ns;
}

/* How long poll() may wait: -1, or ms until the first record held is due. */
static int patience(struct reader *r)
{
	uint64_t now_ns = 0, first_ns = 0;
	for (int i = 0; i < 2; i++) {
		struct stream *s = &r->streams[i];
		if (!s->held)
			continue;
		if (!now_ns)
			now_ns = tell_clock_monotonic_ns();
		arm(s, now_ns);
		if (!first_ns || s->due_ns < first_ns)
			first_ns = s->due_ns;
	}
	if (!first_ns)
		return -1;
	return first_ns <= now_ns ? 0 : (int)((first_ns - now_ns) / TELL_NS_PER_MS) + 1;
}

static void release_due(struct reader *r)
{
	for (int i = 0; i < 2; i++) {
		struct stream *s = &r->streams[i];
		if (s->held && s->due_ns && tell_clock_monotonic_ns() >= s->due_ns)
			release(r, s);
	}
}

static bool open_streams(const struct reader *r)
{
	return r->streams[0].feed.fd >= 0 || r->streams[1].feed.fd >= 0;
}

/* Wait and read once. False: nothing to be read came. */
static bool read_once(struct reader *r, int timeout_ms, bool *ret_woken)
{
	struct pollfd fds[3] = { { .fd = r->streams[0].feed.fd, .events = POLLIN },
		{ .fd = r->streams[1].feed.fd, .events = POLLIN },
		{ .fd = r->cat->wake_fd, .events = POLLIN } }; /* -1 is passed over */
	bool some = false;
	if (poll(fds, 3, timeout_ms) <= 0)
		return false; /* a time-out, or a signal that is ignored */
	for (int i = 0; i < 2; i++)
		if (fds[i].revents)
			some |= read_some(r, &r->streams[i]);
	*ret_woken = fds[2].revents;
	return some;
}

/* What is there already, or comes soon; but not for ever. */
static void read_rest(struct reader *r)
{
	uint64_t until_ns = tell_clock_monotonic_ns() + DRAIN_MS * TELL_NS_PER_MS;
	bool woken;
	r->cat->wake_fd = -1;
	while (open_streams(r) && read_once(r, (int)r->cat->grace_ms, &woken) &&
		tell_clock_monotonic_ns() < until_ns)
		;
}

static void read_all(struct reader *r)
{
	struct tell_cat *c = r->cat;
	int wake_fd = c->wake_fd;
	bool woken = false;
	while (open_streams(r) || c->stay) {
		(void)read_once(r, patience(r), &woken);
		release_due(r);
		if (woken && !c->wake(c)) {
			read_rest(r);
			break;
		}
		woken = false;
	}
	c->wake_fd = wake_fd;
	for (int i = 0; i < 2; i++) {
		tell_feed_end(&r->streams[i].feed);
		(void)read_some(r, &r->streams[i]);
	}
}

/* A command that logs through a queue of its own and was killed left records there. The pipes
 * end a moment before the process does. Nobody waits for us: what goes on without its pipes
 * has that time. */
static void recover(uint32_t pid)
{
	const struct timespec nap = { .tv_nsec = GONE_NAP_MS * (long)TELL_NS_PER_MS };
	unsigned waited_ms = 0;
	while (tell_pid_lives(pid, 0, tell_pid_space())) {
		if (waited_ms >= GONE_MS)
			return;
		(void)nanosleep(&nap, NULL);
		waited_ms += GONE_NAP_MS;
	}
	tell_recover_pid(pid);
}

static int finish(const struct reader *r)
{
	struct tell_buf why = { 0 };
	bool flushed = tell_channel_flush(FLUSH_MS);
	if (flushed && r->lost == 0)
		return EX_OK;
	if (r->lost == 0)
		return tell_cli_error(EX_IOERR, "cat",
			"not all is with its sinks yet; what has a spool waits there");
	tell_channel_why(&why);
	(void)tell_cli_error(0, "cat", "%llu records not delivered: %s",
		(unsigned long long)r->lost, tell_buf_cstr(&why));
	tell_buf_done(&why);
	return EX_IOERR;
}

int tell_cat_open(const struct tell_cat *c)
{
	return tell_channel_open("cat", c->service, 0);
}

static int begin(struct reader *r, struct tell_cat *c)
{
	size_t limit = tell_stack_limit(tell__stack());
	r->cat = c;
	r->join_max = limit / 2;
	memcpy(r->more, c->fields.fields, c->fields.n * sizeof(*r->more));
	memcpy(r->more + c->fields.n, c->trace, c->n_trace * sizeof(*r->more));
	r->n_more = c->fields.n + c->n_trace;
	r->input = calloc(1, sizeof(*r->input));
	if (!r->input)
		return -ENOMEM;
	tell_input_init(r->input);
	r->input->parse = c->parse;
	r->input->prefix = c->prefix;
	r->input->own_pid = c->pid;
	for (int i = 0; i < 2; i++) {
		/* A byte more than a record holds, so that a line that is cut is seen to be. */
		int e = tell_feed_init(&r->streams[i].feed, c->fd[i], limit + 1);
		c->fd[i] = -1;
		if (e < 0)
			return e;
		r->streams[i].level = c->level[i];
	}
	return 0;
}

int tell_cat_read(struct tell_cat *c)
{
	struct reader *r = calloc(1, sizeof(*r));
	tell__set_pid(c->pid);
	int code = r && begin(r, c) == 0
		? EX_OK
		: tell_cli_error(EX_OSERR, "cat", "out of memory");
	if (code == EX_OK) {
		read_all(r);
		code = finish(r);
		if (c->pid)
			recover(c->pid);
	}
	for (int i = 0; r && i < 2; i++)
		tell_feed_done(&r->streams[i].feed);
	if (r && r->input)
		tell_input_done(r->input);
	if (r)
		free(r->input);
	free(r);
	return code;
}
