#include "sink/console.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "record/record.h"
#include "sink/journald.h"
#include "sink/outlet.h"
#include "sink/shape.h"
#include "sink/wait.h"

#define LOOK_EVERY_NS (100 * TELL_NS_PER_MS)

enum format { FORMAT_AUTO, FORMAT_TEXT, FORMAT_JSON, FORMAT_LOGFMT };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct console {
	int fd;
	enum format format;
	enum color color;
	bool no_color, force_color, dumb; /* the environment, read once */
	bool message_given;		  /* message=, else as the format has it */
	dev_t stream_dev;		  /* of $JOURNAL_STREAM; stream_ino 0: not set */
	ino_t stream_ino;
	struct tell_outage outage;
	struct tell_journal journal;

	pthread_mutex_t lock; /* all below, and a line that takes several writes */
	uint64_t look_ns;
	struct tell_outlet outlet;
	bool native;
	bool torn; /* half a line was written: begin with a newline */
	struct tell_shape shape;
};

const struct tell_option tell_console_options[] = {
	{ "format", TELL_OPTION_CHOICE, "auto", "auto text json logfmt",
		"auto: text on a terminal, records in the journal's stream, else json",
		false },
	{ "color", TELL_OPTION_CHOICE, "auto", "auto always never",
		"format=text; auto: on a terminal, unless NO_COLOR", false },
	{ "template", TELL_OPTION_TEXT, NULL, NULL, "format=text: the line", false },
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* ---- what is it now ---- */

/* NO_COLOR wins over CLICOLOR_FORCE, the stack over both. */
static bool wants_color(const struct console *c)
{
	switch (c->color) {
	case COLOR_ALWAYS:
		return true;
	case COLOR_NEVER:
		return false;
	case COLOR_AUTO:
		break;
	}
	return !c->no_color &&
		(c->force_color || (c->outlet.kind == TELL_OUTLET_TERMINAL && !c->dumb));
}

static tell_encoder *encoder_of(const struct console *c)
{
	switch (c->format) {
	case FORMAT_TEXT:
		return tell_encode_text;
	case FORMAT_LOGFMT:
		return tell_encode_logfmt;
	case FORMAT_JSON:
		return tell_encode_json;
	case FORMAT_AUTO:
		break;
	}
	if (c->native)
		return tell_encode_journal;
	return c->outlet.kind == TELL_OUTLET_TERMINAL ? tell_encode_text
						      : tell_encode_json;
}

/* Is fd another file than before, say because the service became a daemon? */
static void look(struct console *c)
{
	const struct tell_outlet *o = &c->outlet;

	if (!tell_outlet_look(&c->outlet, c->fd) || o->kind == TELL_OUTLET_CLOSED)
		return;
	c->torn = false;
	c->native = c->format == FORMAT_AUTO && o->kind == TELL_OUTLET_SOCKET &&
		c->stream_ino && o->dev == c->stream_dev && o->ino == c->stream_ino;
	c->shape.encode = encoder_of(c);
	c->shape.layout.color = wants_color(c);
	if (!c->message_given) /* where fields are not shown beside the message */
		c->shape.layout.message_full = c->shape.encode == tell_encode_text ||
			c->shape.encode == tell_encode_journal;
}

/* ---- writing; the lock is held ---- */

/* It takes nothing now: 0 to try again, or -errno. */
static int wait_for_room(struct console *c, struct tell_run *run)
{
	uint64_t deadline_ns = tell_outage_deadline(&c->outage, run);
	int r = tell_wait_fd(c->fd, POLLOUT, deadline_ns);

	/* A terminal is ready when it has room for a byte, but a newline takes two. */
	if (r == 0 && c->outlet.kind == TELL_OUTLET_TERMINAL) {
		if (tell_clock_monotonic_ns() >= deadline_ns)
			return -ETIMEDOUT;
		tell_clock_sleep_ms(1);
	}
	return r;
}

/* All of it, or -errno with *ret_done bytes written. */
static int write_all(struct console *c, struct tell_run *run, const char *data,
	size_t len, size_t *ret_done)
{
	size_t done = 0;
	int r = 0;

	while (done < len && r == 0) {
		ssize_t n = tell_outlet_write(&c->outlet, data + done, len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n == -EAGAIN || n == -EINTR)
			r = wait_for_room(c, run);
		else
			r = n < 0 ? (int)n : -EIO;
	}
	*ret_done = done;
	return r;
}

static int write_line(struct console *c, struct tell_run *run)
{
	size_t done;

	if (c->torn) {
		int r = write_all(c, run, "\n", 1, &done);
		if (r < 0)
			return r;
		c->torn = false;
	}
	int r = write_all(c, run, run->out->data, run->out->len, &done);
	if (r < 0 && done > 0)
		c->torn = true;
	return r;
}

/* ---- the module ---- */

/* How to write this record: decided under the lock, used without. */
static int shape_now(struct console *c, struct tell_run *run, struct tell_shape *ret)
{
	uint64_t now_ns = tell_clock_tick_ns();

	if (tell_wait_lock(&c->lock, run) < 0)
		return -ETIMEDOUT;
	if (now_ns >= c->look_ns) {
		c->look_ns = now_ns + LOOK_EVERY_NS;
		look(c);
	}
	*ret = c->shape;
	int native = c->native;
	(void)pthread_mutex_unlock(&c->lock);
	return native;
}

static enum tell_verdict run_line(struct console *c, struct tell_run *run)
{
	tell_buf_putc(run->out, '\n');
	if (run->out->cut)
		return TELL_FAILED;
	int r = tell_wait_lock(&c->lock, run);
	if (r == 0) {
		/* Held across write(2): a line in several pieces must stay one. */
		r = write_line(c, run);
		if (r == -EBADF || r == -EPIPE)
			c->look_ns = 0; /* perhaps it is another file now */
		(void)pthread_mutex_unlock(&c->lock);
	}
	return r < 0 ? tell_outage_lost(&c->outage, run, -r, NULL)
		     : tell_outage_taken(&c->outage, run);
}

enum tell_verdict tell_console_run(void *state, struct tell_run *run)
{
	struct console *c = state;
	struct tell_shape shape;

	int native = shape_now(c, run, &shape);
	if (native < 0)
		return tell_outage_lost(&c->outage, run, ETIMEDOUT, NULL);
	tell_buf_clear(run->out);
	if (!tell_shape_encode(&shape, run))
		return TELL_FAILED;
	enum tell_verdict v = native ? tell_journal_send(&c->journal, run)
				     : run_line(c, run);
	if (c->fd == STDERR_FILENO && v == TELL_SUCCESS)
		run->record->head->flags |= TELL_RECORD_ON_STDERR;
	return v;
}

/* "$dev:$inode", decimal; anything else counts as not set. */
static void read_stream(struct console *c)
{
	const char *given = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;

	if (given && sscanf(given, "%llu:%llu", &dev, &ino) == 2) {
		c->stream_dev = (dev_t)dev;
		c->stream_ino = (ino_t)ino;
	}
}

static bool env_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] != '\0';
}

static void read_environment(struct console *c)
{
	const char *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	c->no_color = env_set("NO_COLOR");
	c->force_color = force && force[0] != '\0' && strcmp(force, "0") != 0;
	c->dumb = term && strcmp(term, "dumb") == 0;
	read_stream(c);
}

int tell_console_open(void **ret, const struct tell_args *args, int fd)
{
	struct console *c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->fd = fd;
	c->format = (enum format)tell_args_choice(args, "format");
	c->color = (enum color)tell_args_choice(args, "color");
	(void)pthread_mutex_init(&c->lock, NULL); /* cannot fail without attributes */
	read_environment(c);
	tell_journal_init(&c->journal);
	(void)tell_journal_path(&c->journal, TELL_JOURNAL_SOCKET); /* short enough */
	bool out = fd == STDOUT_FILENO;
	tell_outage_init(&c->outage, out ? "stdout-down" : "stderr-down",
		out ? "stdout-back" : "stderr-back", out ? "stdout" : "stderr");
	tell_shape_init(&c->shape, args, tell_encode_json, false, false);
	c->message_given = tell_args_given(args, "message");
	c->shape.layout.template_text = tell_args_text(args, "template");
	*ret = c;
	return 0;
}

void tell_console_close(void *state)
{
	struct console *c = state;

	tell_datagram_done(&c->journal.socket);
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

int tell_console_reopen(void *state)
{
	struct console *c = state;

	(void)pthread_mutex_lock(&c->lock);
	c->look_ns = 0;
	(void)pthread_mutex_unlock(&c->lock);
	return 0;
}

void tell_console_child(void *state)
{
	struct console *c = state;

	(void)pthread_mutex_init(&c->lock, NULL);
	tell_outage_child(&c->outage);
	tell_outage_child(&c->journal.outage);
	tell_datagram_child(&c->journal.socket);
	c->torn = false;
}
