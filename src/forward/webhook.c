/* sink webhook: JSON to whoever takes it by POST: Logstash's input http, fluent-bit's, a service.
 *
 * Source: RFC 9110; ndjson.org for application/x-ndjson. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/ascii.h"
#include "forward/event.h"
#include "forward/http.h"
#include "forward/target.h"

#define HEADER_MAX 1024

enum format { FORMAT_ARRAY, FORMAT_NDJSON };

struct webhook {
	struct tell_http_line http;
	enum format format;
	enum tell_event_layout layout;
	const char *header; /* NULL: none */
};

static const struct tell_option options[] = {
	TELL_HTTP_OPTIONS,
	{ "format", TELL_OPTION_CHOICE, "array", "array ndjson",
		"a request: one array, application/json, or lines, application/x-ndjson",
		false },
	{ "header", TELL_OPTION_TEXT, NULL, NULL, "one more, as [header=Name: value]",
		false },
	TELL_EVENT_OPTION("flat"),
	TELL_FORWARD_OPTIONS("0s"),
	{ 0 },
};

/* RFC 9110, 5.1 and 5.5; a secret belongs into a file. */
static int check_header(const char *header, struct tell_refusal *why)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	size_t n = 0;
	while (tell_is_letter(header[n]) || tell_is_digit(header[n]) ||
		(header[n] && strchr(marks, header[n])))
		n++;
	bool sound = n > 0 && header[n] == ':' && strlen(header) <= HEADER_MAX;
	for (const char *c = header; *c; c++)
		sound &= (unsigned char)*c >= ' ' && *c != 0x7f;
	if (!sound)
		return tell_refuse(why, -EINVAL, "header", "write [header=Name: value]",
			"it is no header");
	if (n == strlen("authorization") && strncasecmp(header, "authorization", n) == 0)
		return tell_refuse(why, -EINVAL, "header",
			"write token_file=, or user= and password_file=",
			"who reads this line would have the password");
	return 0;
}

static int look(const struct tell_args *args, struct tell_refusal *why)
{
	const char *header = tell_args_text(args, "header");
	int r = tell_http_allowed(args, why);
	return r == 0 && header ? check_header(header, why) : r;
}

static int module_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)ret;
	return look(args, why);
}

const struct tell_module tell_sink_webhook = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "webhook",
	.summary = "ships JSON over HTTP",
	.options = options,
	.open = module_open,
	.check = look,
	.run = tell_target_run,
};

static void webhook_close(void *state)
{
	struct webhook *w = state;
	if (w)
		tell_http_line_close(&w->http);
	free(w);
}

static int webhook_open(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct webhook *w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->format = (enum format)tell_args_choice(args, "format");
	w->layout = (enum tell_event_layout)tell_args_choice(args, "layout");
	w->header = tell_args_text(args, "header");
	int r = tell_http_line_open(&w->http, args, "/", why);
	if (r < 0) {
		webhook_close(w);
		return r;
	}
	*ret = w;
	return 0;
}

static int webhook_put(void *state, struct tell_batch *b, const struct tell_parcel *p)
{
	struct webhook *w = state;
	tell_event_put(&b->bytes, p, w->layout);
	return tell_batch_add(b, 0) ? 0 : -ENOMEM;
}

static void webhook_body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	const struct webhook *w = state;
	bool array = w->format == FORMAT_ARRAY;
	for (size_t i = from; i < to; i++) {
		if (array)
			tell_buf_putc(out, i == from ? '[' : ',');
		tell_buf_put(out, tell_batch_at(b, i), b->entries[i].len);
		if (!array)
			tell_buf_putc(out, '\n');
	}
	if (array)
		tell_buf_putc(out, ']');
}

static void webhook_send(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	struct webhook *w = state;
	(void)n;
	tell_http_line_post(&w->http,
		w->format == FORMAT_ARRAY ? "application/json" : "application/x-ndjson",
		w->header, body->data, body->len);
	(void)tell_http_judge(&w->http.answer, ret); /* nobody knows better here */
}

static void webhook_watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct webhook *w = state;
	tell_http_line_watch(&w->http, alive, arg);
}

const struct tell_target tell_target_webhook = {
	.module = &tell_sink_webhook,
	.open = webhook_open,
	.close = webhook_close,
	.put = webhook_put,
	.body = webhook_body,
	.send = webhook_send,
	.watch = webhook_watch,
};
