/* sink logstash: events to Logstash's input beats, which acknowledges them, or lines of JSON to
 * its input tcp, or any other reader of such lines, which do not.
 *
 * Source: logstash-input-beats, logstash-input-tcp with the codec json_lines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "forward/event.h"
#include "forward/link.h"
#include "forward/lumberjack.h"
#include "forward/target.h"

#define PORT_BEATS 5044

enum proto { PROTO_BEATS, PROTO_TCP };

struct logstash {
	enum proto proto;
	enum tell_event_layout layout;
	struct tell_link link;
	struct tell_packer *pack; /* NULL: not packed */
	struct tell_buf scratch;
};

static const struct tell_option options[] = {
	TELL_LINK_OPTIONS("5044; proto=tcp has none of its own"),
	{ "proto", TELL_OPTION_CHOICE, "beats", "beats tcp",
		"its input: beats acknowledges; tcp takes a line of JSON an event",
		false },
	{ "compress", TELL_OPTION_CHOICE, "zlib", "zlib none", "proto=beats: the request",
		false },
	TELL_EVENT_OPTION("ecs"),
	TELL_FORWARD_OPTIONS("0s"),
	{ 0 },
};

static uint16_t usual_port(const struct tell_args *args)
{
	return tell_args_choice(args, "proto") == PROTO_BEATS ? PORT_BEATS : 0;
}

static int look(const struct tell_args *args, struct tell_refusal *why)
{
	int r = tell_target_allowed(args, why);
	return r < 0 ? r : tell_link_check(args, usual_port(args), why);
}

static int module_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)ret;
	return look(args, why);
}

const struct tell_module tell_sink_logstash = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "logstash",
	.summary = "ships to Logstash",
	.options = options,
	.open = module_open,
	.check = look,
	.run = tell_target_run,
};

static void logstash_close(void *state)
{
	struct logstash *l = state;
	if (!l)
		return;
	tell_link_close(&l->link);
	tell_packer_free(l->pack);
	tell_buf_done(&l->scratch);
	free(l);
}

static int logstash_open(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct logstash *l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	tell_buf_init(&l->scratch, 0);
	l->proto = (enum proto)tell_args_choice(args, "proto");
	l->layout = (enum tell_event_layout)tell_args_choice(args, "layout");
	if (l->proto == PROTO_BEATS && tell_args_choice(args, "compress") == 0)
		l->pack = tell_packer_new();
	int r = tell_link_open(&l->link, args, usual_port(args), why);
	if (r < 0) {
		logstash_close(l);
		return r;
	}
	*ret = l;
	return 0;
}

static int logstash_put(void *state, struct tell_batch *b, const struct tell_parcel *p)
{
	struct logstash *l = state;
	tell_event_put(&b->bytes, p, l->layout);
	return tell_batch_add(b, 0) ? 0 : -ENOMEM;
}

/* Lines of JSON, which hold no line feed; beats' frames are made of them when they are sent. */
static void logstash_body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	(void)state;
	for (size_t i = from; i < to; i++) {
		tell_buf_put(out, tell_batch_at(b, i), b->entries[i].len);
		tell_buf_putc(out, '\n');
	}
}

/* Whole lines in the first len bytes. */
static size_t count_lines(const char *bytes, size_t len)
{
	size_t n = 0;
	const char *end = bytes + len;
	while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		n++;
		bytes++;
	}
	return n;
}

/* That the peer's kernel has it is all that can be known. */
static void send_lines(
	struct logstash *l, const struct tell_buf *body, struct tell_answer *ret)
{
	size_t left = body->len;
	if (tell_link_connect(&l->link) &&
		tell_link_write(&l->link, body->data, body->len) &&
		tell_link_settle(&l->link, &left)) {
		ret->kind = TELL_ANSWER_TAKEN;
		return;
	}
	tell_answer_set(ret, TELL_ANSWER_LATER, "%s", l->link.why);
	if (!l->link.wire && left < body->len)
		ret->taken = count_lines(body->data, body->len - left);
}

static void logstash_send(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	struct logstash *l = state;
	uint64_t before = l->link.sent;
	if (l->proto == PROTO_TCP)
		send_lines(l, body, ret);
	else
		tell_lumberjack_send(&l->link, l->pack, body, n, &l->scratch, ret);
	ret->bytes = l->link.sent - before;
}

static void logstash_watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct logstash *l = state;
	l->link.alive = alive;
	l->link.alive_arg = arg;
}

const struct tell_target tell_target_logstash = {
	.module = &tell_sink_logstash,
	.open = logstash_open,
	.close = logstash_close,
	.put = logstash_put,
	.body = logstash_body,
	.send = logstash_send,
	.watch = logstash_watch,
};
