#include "sink/journald.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "record/pace.h"
#include "record/place.h"
#include "record/record.h"
#include "sink/module.h"
#include "sink/shape.h"

/* What sd_journal_sendv() asks for, too: large records by datagram where the system lets. */
#define SEND_BUFFER (8 << 20)

void tell_journal_init(struct tell_journal *j)
{
	tell_datagram_init(&j->socket);
	j->socket.send_buffer = SEND_BUFFER;
}

int tell_journal_path(struct tell_journal *j, const char *path)
{
	int r = tell_datagram_local(&j->socket, path);

	if (r < 0)
		return r;
	(void)snprintf(j->what, sizeof(j->what), "journald at %s", path); /* for people */
	tell_outage_init(&j->outage, "journald-down", "journald-back", j->what);
	return 0;
}

/* All of bytes in a memfd that nobody can change any more: journald maps it without fear. */
static int sealed_copy(const char *bytes, size_t len)
{
	TELL_CLEANUP(tell_closep)
	int fd = memfd_create("telltale-record", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, bytes + done, len - done);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS,
		    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
		return -errno;
	return tell_fd_take(&fd);
}

/* Larger than a datagram may be: the descriptor of a sealed memfd instead, with nothing
 * beside it (systemd, native journal protocol). */
static int send_large(struct tell_journal *j, struct tell_run *run)
{
	TELL_CLEANUP(tell_closep) int fd = sealed_copy(run->out->data, run->out->len);

	return fd < 0 ? fd : tell_datagram_pass(&j->socket, &j->outage, run, fd);
}

enum tell_verdict tell_journal_send(struct tell_journal *j, struct tell_run *run)
{
	int r = tell_datagram_send(
		&j->socket, &j->outage, run, run->out->data, run->out->len);

	if (r == -EMSGSIZE)
		r = send_large(j, run);
	return r < 0 ? tell_outage_lost(&j->outage, run, -r, NULL)
		     : tell_outage_taken(&j->outage, run);
}

/* ---- the module ---- */

struct journald {
	struct tell_journal journal;
	struct tell_shape shape;
	struct tell_rate rate; /* gap_ns 0: no budget */
	uint64_t due_ns;       /* of it */
	uint64_t n_limited;
};

static const struct tell_option options[] = {
	{ "socket", TELL_OPTION_TEXT, NULL, NULL, "path of journald's socket", false },
	{ "namespace", TELL_OPTION_TEXT, NULL, NULL,
		"the journald of this namespace (journald.conf(5), LogNamespace=)",
		false },
	{ "rate", TELL_OPTION_TEXT, NULL, NULL,
		"a budget below journald's own: so many in which time, 9000/30s", false },
	{ "burst", TELL_OPTION_COUNT, NULL, NULL,
		"how many at once; as many as rate= has in its time unless given",
		false },
	TELL_SHAPE_SPOOL,
	TELL_SHAPE_MIN,
	TELL_SHAPE_MESSAGE,
	TELL_SHAPE_FACILITY,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* Where the socket is; the namespace's name is part of a path. */
static int socket_path(char path[TELL_SOCKET_PATH_SIZE], const struct tell_args *args,
	struct tell_refusal *why)
{
	const char *given = tell_args_text(args, "socket");
	const char *name = tell_args_text(args, "namespace");
	int n;

	if (given && name)
		return tell_refuse(why, -EINVAL, "namespace", "keep one of the two",
			"socket= and namespace= both say where journald is");
	if (name && (name[0] == '\0' || strchr(name, '/')))
		return tell_refuse(why, -EINVAL, "namespace",
			"write the name as in LogNamespace= of the unit",
			"\"%s\" is not the name of a journal namespace", name);
	if (name)
		n = snprintf(path, TELL_SOCKET_PATH_SIZE,
			"/run/systemd/journal.%s/socket", name);
	else
		n = snprintf(path, TELL_SOCKET_PATH_SIZE, "%s",
			given ? given : TELL_JOURNAL_SOCKET);
	if (n > 0 && n < TELL_SOCKET_PATH_SIZE)
		return 0;
	return tell_refuse(why, -ENAMETOOLONG, "socket",
		"use a shorter path, at most 107 bytes",
		"the socket's path is empty or too long");
}

static int read_budget(
	struct tell_rate *ret, const struct tell_args *args, struct tell_refusal *why)
{
	*ret = (struct tell_rate){ 0 };
	if (tell_args_given(args, "rate"))
		return tell_pace_read(ret, args, why);
	if (tell_args_given(args, "burst"))
		return tell_refuse(why, -EINVAL, "burst",
			"add rate=, such as rate=9000/30s",
			"burst= means nothing without rate=");
	return 0;
}

static int open_journald(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	char path[TELL_SOCKET_PATH_SIZE];
	struct tell_rate rate;
	int r = socket_path(path, args, why);
	if (r >= 0)
		r = read_budget(&rate, args, why);
	if (r < 0)
		return r;

	struct journald *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->rate = rate;
	tell_journal_init(&s->journal);
	(void)tell_journal_path(&s->journal, path); /* its length was looked at */
	tell_shape_init(&s->shape, args, tell_encode_journal, true, true);
	(void)tell_datagram_connect(
		&s->journal.socket); /* not there yet: at the first record */
	*ret = s;
	return 0;
}

static int check_journald(const struct tell_args *args, struct tell_refusal *why)
{
	char path[TELL_SOCKET_PATH_SIZE];
	const char *arg = tell_args_given(args, "namespace") ? "namespace" : "socket";

	struct tell_rate rate;
	int r = socket_path(path, args, why);
	if (r >= 0)
		r = read_budget(&rate, args, why);
	return r < 0 ? r : tell_datagram_look(path, arg, why);
}

/* What we say of ourselves passes: it says how many were dropped. */
static bool is_own(const struct tell_record *r)
{
	return strcmp(tell_place(r->head->place)->logger, "telltale") == 0;
}

/* journald drops over its limit without a word to who sends: better here, where it is
 * counted, and where the next sink of the chain may take the record. */
static bool is_within(struct journald *s, struct tell_run *run)
{
	if (s->rate.gap_ns == 0 ||
		tell_rate_take(&s->rate, &s->due_ns, tell_clock_tick_ns()) ||
		is_own(run->record))
		return true;
	uint64_t n = __atomic_add_fetch(&s->n_limited, 1, __ATOMIC_RELAXED);
	tell_note(run, TELL_WARNING, "journald-limited",
		"%s: over the budget rate= of its line, %" PRIu64
		" records not sent so far",
		s->journal.what, n);
	return false;
}

static enum tell_verdict run_journald(void *state, struct tell_run *run)
{
	struct journald *s = state;

	if (!is_within(s, run))
		return TELL_LIMITED;
	tell_buf_clear(run->out);
	if (!tell_shape_encode(&s->shape, run))
		return TELL_FAILED;
	return tell_journal_send(&s->journal, run);
}

static void close_journald(void *state)
{
	struct journald *s = state;

	tell_datagram_done(&s->journal.socket);
	free(s);
}

static int reopen_journald(void *state)
{
	struct journald *s = state;

	return tell_datagram_connect(&s->journal.socket);
}

static void child_journald(void *state)
{
	struct journald *s = state;
	s->n_limited = 0; /* the parent's */

	tell_outage_child(&s->journal.outage);
	tell_datagram_child(&s->journal.socket);
}

const struct tell_module tell_sink_journald = {
	TELL_MODULE_ABI,
	"sink",
	"journald",
	"sends records to systemd-journald, with all their fields",
	.options = options,
	.open = open_journald,
	.check = check_journald,
	.run = run_journald,
	.close = close_journald,
	.reopen = reopen_journald,
	.child = child_journald,
	.peer = true,
};
