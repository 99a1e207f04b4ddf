#include "tool/cat_reader.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "api/init.h"
#include "base/cleanup.h"
#include "record/record.h"
#include "stack/stack.h"
#include "tool/channel.h"
#include "tool/option.h"

#define CHUNK	 ((size_t)64 << 10)
#define FLUSH_MS 5000

/* One descriptor and the begin of a line that is not there whole yet. */
struct stream {
	int fd, level;
	struct tell_buf line;
	bool skipping; /* the rest of a line that was cut */
};

struct reader {
	const struct tell_cat *cat;
	struct tell_input *input;
	size_t line_max;
	uint64_t lost;
};

static void send_line(struct reader *r, int level, const char *text, size_t len)
{
	struct tell_input *in = r->input;
	if (len == 0)
		return; /* as systemd-cat: an empty line says nothing */
	tell_input_read(in, text, len);
	struct tell_channel_record record = {
		.level = in->level < 0 ? level : in->level,
		.message = in->message,
		.message_len = in->message_len,
		.time_ns = in->time_ns,
		.fields = in->fields,
		.n_fields = in->n_fields,
		.more = r->cat->fields.fields,
		.n_more = r->cat->fields.n,
	};
	if (tell_channel_send(&record) == TELL_FATE_LOST)
		r->lost++;
}

/* Bytes of a line; more than line_max are dropped, and the record's own limit, which is
 * smaller, marks it as cut. */
static void keep(const struct reader *r, struct stream *s, const char *text, size_t len)
{
	if (s->skipping)
		return;
	size_t room = r->line_max - s->line.len;
	s->skipping = len > room;
	tell_buf_put(&s->line, text, s->skipping ? room : len);
}

static void take_bytes(struct reader *r, struct stream *s, const char *text, size_t len)
{
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline - text) : len;
		if (newline && s->line.len == 0 && !s->skipping && n <= r->line_max) {
			send_line(r, s->level, text, n);
		} else {
			keep(r, s, text, n);
			if (newline) {
				send_line(r, s->level, s->line.data, s->line.len);
				tell_buf_clear(&s->line);
				s->skipping = false;
			}
		}
		n += newline != NULL;
		text += n;
		len -= n;
	}
}

/* What is there now. False at the end. */
static bool read_some(struct reader *r, struct stream *s, char *chunk)
{
	ssize_t n = read(s->fd, chunk, CHUNK);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n > 0) {
		take_bytes(r, s, chunk, (size_t)n);
		return true;
	}
	if (s->line.len)
		send_line(r, s->level, s->line.data, s->line.len);
	tell_closep(&s->fd);
	s->fd = -1;
	return false;
}

static void read_all(struct reader *r, struct stream *s, char *chunk)
{
	while (s[0].fd >= 0 || s[1].fd >= 0) {
		struct pollfd fds[2] = { { .fd = s[0].fd, .events = POLLIN },
			{ .fd = s[1].fd, .events = POLLIN } }; /* -1 is passed over */
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		for (int i = 0; i < 2; i++)
			if (s[i].fd >= 0 && fds[i].revents)
				(void)read_some(r, &s[i], chunk);
	}
}

static int finish(const struct reader *r)
{
	struct tell_buf why = { 0 };
	bool flushed = tell_channel_flush(FLUSH_MS);
	if (flushed && r->lost == 0)
		return EX_OK;
	tell_channel_why(&why);
	(void)tell_cli_error(0, "cat", "%llu records not delivered: %s",
		(unsigned long long)r->lost, tell_buf_cstr(&why));
	tell_buf_done(&why);
	return EX_IOERR;
}

int tell_cat_read(const struct tell_cat *c)
{
	int code = tell_channel_open("cat", c->service, 0);
	if (code != 0)
		return code;
	tell__set_pid(c->pid);

	TELL_CLEANUP(tell_freep) char *chunk = malloc(CHUNK);
	TELL_CLEANUP(tell_freep)
	struct tell_input *input = calloc(1, sizeof(*input));
	if (!chunk || !input)
		return tell_cli_error(EX_OSERR, "cat", "out of memory");
	tell_input_init(input);
	input->parse = c->parse;
	input->prefix = c->prefix;
	/* One byte more than a record holds, so that a line that is cut is seen to be. */
	struct reader r = {
		.cat = c, .input = input, .line_max = tell_stack_limit(tell__stack()) + 1
	};
	struct stream streams[2] = { { .fd = c->fd[0], .level = c->level[0] },
		{ .fd = c->fd[1], .level = c->level[1] } };

	read_all(&r, streams, chunk);
	code = finish(&r);
	for (int i = 0; i < 2; i++)
		tell_buf_done(&streams[i].line);
	tell_input_done(input);
	return code;
}
