#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/size.h"
#include "base/state_dir.h"
#include "forward/aside.h"
#include "record/level.h"

/* The arguments of the stack's one line of a type. */
static const struct tell_args *line_of(
	const struct tell_stack *s, const char *type, const struct tell_module **ret)
{
	struct tell_line_stats line;
	*ret = NULL;
	for (size_t pos = 0; tell_stack_next_line(s, &pos, &line);)
		if (strcmp(line.type, type) == 0) {
			*ret = tell_stack_line_module(s, pos);
			return tell_stack_line_args(s, pos);
		}
	return NULL;
}

static int load_stack(struct tell_pipe *p, struct tell_report *report,
	struct tell_refusal *why, const char *host)
{
	struct tell_identity who = { .service = TELL_FORWARD_SERVICE,
		.host = host,
		.pid = (uint32_t)getpid(),
		.facility = 3 };
	struct tell_stack_pick pick = { p->wish.source, p->wish.sink, 0, 0 };
	unsigned flags = TELL_STACK_NO_TERMINAL | (p->wish.dry ? TELL_STACK_NO_SINKS : 0);
	int r = tell_stack_load_picked(&p->stack, &who, &pick, TELL_PIPE_COMMAND_LINE,
		p->wish.text, flags, report);
	if (r < 0)
		return report->n_errors
			? r
			: tell_refuse(why, r, NULL, NULL, "%s", strerror(-r));
	p->n_sources = pick.n_sources ? pick.n_sources : 1;
	p->n_sinks = pick.n_sinks;
	if (pick.n_sinks == 0)
		return tell_refuse(why, -EINVAL, NULL,
			"write one into the stack telltale-forward, or on the command line: "
			"telltale forward loki https://host",
			"%s has no sink line that says where to",
			tell_stack_source(p->stack));
	return 0;
}

/* ---- where the position is ---- */

static void put_word(char *name, size_t size, const char *word)
{
	size_t n = strlen(name);
	for (; word && *word && n + 1 < size; word++)
		name[n++] = isalnum((unsigned char)*word) || *word == '-' || *word == '.'
			? *word
			: '_';
	name[n] = '\0';
}

/* What is taken of the journal: a position says nothing of entries that were passed over. */
static void put_narrowing(struct tell_buf *all, const struct tell_args *from)
{
	static const char *const options[] = { "unit", "identifier", "priority" };
	const char *name, *value;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (tell_args_given(from, options[i]))
			tell_buf_printf(all, "%s=%s\n", options[i],
				strcmp(options[i], "priority") == 0
					? tell_level_word(
						  (int)tell_args_u64(from, options[i]))
					: tell_args_text(from, options[i]));
	for (size_t pos = 0; tell_args_next(from, &pos, &name, &value);)
		tell_buf_printf(all, "%s=%s\n", name, value);
}

/* "loki-logs.example.net" */
static void put_place(char name[TELL_BOOKMARK_NAME], const char *sink, const char *place)
{
	const char *rest = place ? strstr(place, "://") : NULL;
	char host[65];
	rest = rest ? rest + 3 : place ? place : "";
	(void)snprintf(host, sizeof(host), "%.*s", (int)strcspn(rest, "/?#"), rest);
	put_word(name, 32, sink);
	put_word(name, 34, *host ? "-" : "");
	put_word(name, 100, host);
}

/* "loki-logs.example.net-3f2a91c0": of what is read and where it goes, so that two of a host
 * have two. */
static void name_it(struct tell_pipe *p, const struct tell_module *sink,
	const struct tell_args *to, const struct tell_args *from)
{
	static const char *const of_sink[] = { "url", "host", "path", "tenant", "port" };
	static const char *const of_source[] = { "namespace", "directory", "path" };
	struct tell_buf all = { 0 };
	const char *place = NULL;
	char hash[16];
	for (size_t i = 0; i < sizeof(of_sink) / sizeof(of_sink[0]); i++) {
		const char *text = tell_args_text(to, of_sink[i]);
		tell_buf_printf(&all, "%s\n", text ? text : "");
		place = place ? place : text;
	}
	for (size_t i = 0; from && i < sizeof(of_source) / sizeof(of_source[0]); i++)
		tell_buf_printf(&all, "%s\n",
			tell_args_text(from, of_source[i])
				? tell_args_text(from, of_source[i])
				: "");
	if (from)
		put_narrowing(&all, from);
	(void)snprintf(hash, sizeof(hash), "-%08x", tell_hash_bytes(all.data, all.len));
	tell_buf_done(&all);
	const char *given = tell_args_text(to, "name");
	*p->name = '\0';
	if (given)
		put_word(p->name, 100, given);
	else
		put_place(p->name, sink->name, place);
	if (!given ||
		p->wish.source > 0) /* a second source there has a file of its own */
		put_word(p->name, sizeof(p->name), hash);
}

static int open_state(struct tell_pipe *p, struct tell_refusal *why)
{
	char dir[1024];
	p->file.dir = p->file.lock = -1;
	if (p->wish.dry)
		return 0;
	int r = tell_state_dir(p->wish.state_dir, dir, sizeof(dir));
	if (r < 0)
		return tell_refuse(why, r, NULL,
			"give a directory of this user's: --state=DIR",
			"there is no place for what was sent already%s%s: %s",
			p->wish.state_dir ? ", " : "",
			p->wish.state_dir ? p->wish.state_dir : "", strerror(-r));
	r = tell_bookmark_open(&p->file, dir, p->name);
	if (r == -EBUSY)
		return tell_refuse(why, r, NULL,
			"stop that one, or give this one a name of its own: name=WORD",
			"another process sends this already (%s/%s)", dir, p->name);
	if (r < 0)
		return tell_refuse(
			why, r, NULL, NULL, "%s/%s: %s", dir, p->name, strerror(-r));
	return 0;
}

/* ---- where to begin ---- */

static int since_when(const struct tell_pipe *p, const struct tell_args *from,
	uint64_t *ret_us, struct tell_refusal *why)
{
	const char *since = from ? tell_args_text(from, "since") : "now";
	uint64_t now_us = tell_clock_realtime_ns() / 1000, ns = 0;
	*ret_us = p->wish.since_us;
	if (*ret_us)
		return 0;
	*ret_us = 1;
	if (strcmp(since, "all") == 0)
		return 0;
	if (strcmp(since, "now") != 0 &&
		(tell_parse_duration(since, &ns) < 0 || ns / 1000 >= now_us))
		return tell_refuse(why, -EINVAL, "since",
			"write now, all, or a time: 15m 1h 7d",
			"\"%s\" is no time to begin at", since);
	*ret_us = now_us - ns / 1000;
	return 0;
}

/* Nothing was acknowledged yet. What is wanted is stored before the first entry is read: while
 * a receiver is not there "now" must not move on with each start. */
static int first_begin(
	struct tell_pipe *p, const struct tell_args *from, struct tell_refusal *why)
{
	uint64_t before_us = p->position.realtime_us, us;
	int r = since_when(p, from, &us, why);
	if (r < 0)
		return r;
	p->position = (struct tell_bookmark){ .realtime_us = us };
	if (before_us && before_us < us)
		p->position.realtime_us = before_us;
	if (!p->wish.dry && p->position.realtime_us != before_us)
		r = tell_bookmark_store(&p->file, &p->position, true);
	if (r == 0)
		r = p->in.kind->resume(&p->in, &p->position);
	if (r > 0 && (r = p->in.kind->tell(&p->in, &p->position)) == 0 && !p->wish.dry)
		r = tell_bookmark_store(&p->file, &p->position, true);
	if (r < 0 && r != -ECANCELED)
		return tell_refuse(
			why, r, NULL, NULL, "cannot store a position: %s", strerror(-r));
	return r;
}

static int begin(
	struct tell_pipe *p, const struct tell_args *from, struct tell_refusal *why)
{
	bool old = false;
	int r = p->wish.dry ? -ENOENT : tell_bookmark_load(&p->file, &p->position, &old);
	if (r < 0 && r != -ENOENT)
		return tell_refuse(why, r, NULL,
			"delete it, and say with --since where to begin again",
			"the position of %s cannot be read", p->name);
	if (old)
		p->wish.say(p->wish.arg,
			"the last position was damaged: it begins at the one "
			"before, and sends a batch again");
	if (r == -ENOENT || !*p->position.cursor)
		return first_begin(p, from, why);
	return p->in.kind->resume(&p->in, &p->position);
}

/* What sink file writes must not come back by source file. */
static int check_loop(const struct tell_args *to, const struct tell_args *from,
	struct tell_refusal *why)
{
	const char *in = from ? tell_args_text(from, "path") : NULL;
	const char *out = tell_args_text(to, "path");
	if (!in || !out || fnmatch(in, out, FNM_PATHNAME) != 0)
		return 0;
	return tell_refuse(why, -EINVAL, "path", "let it write elsewhere",
		"%.200s is among what is read: %.200s", out, in);
}

/* ---- all of it ---- */

static void take_options(struct tell_pipe *p, const struct tell_args *to)
{
	p->entries = tell_args_u64(to, "entries");
	p->entries += p->entries == 0;
	p->size = tell_args_u64(to, "size");
	p->linger_ns = tell_args_u64(to, "linger");
	p->max_age_ns = tell_args_u64(to, "max_age");
	if (p->target)
		return;
	p->entries = 1000;
	p->size = UINT64_MAX; /* it gathers as it likes; none of it is in our batch */
	p->linger_ns = TELL_NS_PER_SEC;
}

/* In place of sending: what would be sent, a line a request. */
static void print_request(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	(void)state;
	(void)n;
	(void)fwrite(body->data, 1, body->len, stdout); /* the verb looks at the end */
	(void)putchar('\n');
	ret->kind = TELL_ANSWER_TAKEN;
}

static int open_target(
	struct tell_pipe *p, const struct tell_args *to, struct tell_refusal *why)
{
	p->ship.target = p->target;
	if (p->target && p->wish.dry) {
		p->shown = *p->target;
		p->shown.send = print_request;
		p->ship.target = &p->shown;
	}
	p->ship.aside = tell_aside;
	p->ship.seed = (tell_clock_realtime_ns() ^ (uint64_t)getpid() << 32) | 1;
	tell_buf_init(&p->ship.body, 0);
	return p->target ? p->target->open(&p->ship.state, to, why) : 0;
}

static void know_self(struct tell_pipe *p)
{
	const char *invocation = getenv("INVOCATION_ID");
	sd_id128_t boot;
	(void)prctl(PR_GET_NAME, p->own_comm); /* cannot fail */
	(void)snprintf(p->own_pids[0], sizeof(p->own_pids[0]), "%d", (int)getpid());
	if (p->wish.pid)
		(void)snprintf(p->own_pids[1], sizeof(p->own_pids[1]), "%d", p->wish.pid);
	if (sd_id128_get_boot(&boot) >= 0)
		(void)sd_id128_to_string(boot, p->own_boot);
	(void)snprintf(
		p->own_unit, sizeof(p->own_unit), "%s", invocation ? invocation : "");
}

static bool is(const struct tell_raw_field *f, const char *text)
{
	return f && *text && strcmp(f->value, text) == 0;
}

bool tell_pipe_is_own(const struct tell_pipe *p)
{
	const struct tell_entry *e = p->in.entry;
	if (!e->journal || !is(tell_entry_part(e, TELL_JOURNAL_COMM), p->own_comm))
		return false;
	const struct tell_raw_field *pid = tell_entry_part(e, TELL_JOURNAL_PID);
	return is(tell_entry_part(e, TELL_JOURNAL_INVOCATION), p->own_unit) ||
		((is(pid, p->own_pids[0]) || is(pid, p->own_pids[1])) &&
			is(tell_entry_raw(e, "_BOOT_ID"), p->own_boot));
}

int tell_pipe_open(struct tell_pipe *p, const struct tell_pipe_wish *wish,
	struct tell_report *report, struct tell_refusal *why)
{
	char host[256] = "localhost";
	const struct tell_module *sink = NULL, *source = NULL;
	*p = (struct tell_pipe){ .wish = *wish,
		.in = { .say = wish->say,
			.arg = wish->arg,
			.ends = tell_pipe_ends,
			.owner = p,
			.once = wish->catch_up },
		.aside = -1,
		.file = { .dir = -1, .lock = -1 } };
	(void)gethostname(host, sizeof(host) - 1); /* stays localhost */
	know_self(p);
	tell_batch_init(&p->batch);
	tell_buf_init(&p->out, 0);
	tell_buf_init(&p->work, 0);
	p->run = (struct tell_run){ .out = &p->out, .work = &p->work };

	int r = load_stack(p, report, why, host);
	const struct tell_args *to = r < 0 ? NULL : line_of(p->stack, "sink", &sink);
	const struct tell_args *from = r < 0 ? NULL
					     : line_of(p->stack, "source", &source);
	if (r == 0) {
		p->target = tell_target_of(sink);
		take_options(p, to);
		name_it(p, sink, to, from);
		r = open_target(p, to, why);
	}
	if (r == 0)
		r = check_loop(to, from, why);
	if (r == 0) {
		p->in.kind = tell_inlet_kind_of(source);
		r = p->in.kind->open(&p->in, from, why);
	}
	if (r == 0)
		r = open_state(p, why);
	if (r == 0)
		r = begin(p, from, why);
	if (r < 0)
		tell_pipe_close(p);
	return r;
}

void tell_pipe_close(struct tell_pipe *p)
{
	if (p->target && p->ship.state)
		p->target->close(p->ship.state);
	tell_buf_done(&p->ship.body);
	tell_batch_done(&p->batch);
	if (p->in.kind)
		p->in.kind->done(&p->in);
	tell_bookmark_close(&p->file);
	if (p->aside >= 0)
		(void)close(p->aside); /* synced at each write */
	tell_veil_done(&p->veil);
	p->stack = tell_stack_free(p->stack);
	tell_buf_done(&p->out);
	tell_buf_done(&p->work);
}
