/* sink otlp: logs to an OpenTelemetry collector, or whoever speaks OTLP/HTTP, as JSON.
 *
 * Source: OTLP 1.3, "OTLP/HTTP". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/ascii.h"
#include "base/number.h"
#include "forward/http.h"
#include "forward/otlp_record.h"
#include "forward/target.h"

struct otlp {
	struct tell_http_line http;
	struct tell_buf origin, work;
	size_t order_cap;
	uint32_t *order;
};

static const struct tell_option options[] = {
	TELL_HTTP_OPTIONS,
	TELL_FORWARD_OPTIONS("0s"),
	{ 0 },
};

const struct tell_module tell_sink_otlp = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "otlp",
	.summary = "ships to an OpenTelemetry collector",
	.options = options,
	.open = tell_http_module_open,
	.check = tell_http_allowed,
	.run = tell_target_run,
};

static void otlp_close(void *state)
{
	struct otlp *o = state;
	if (!o)
		return;
	tell_http_line_close(&o->http);
	tell_buf_done(&o->origin);
	tell_buf_done(&o->work);
	free(o->order);
	free(o);
}

static int otlp_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct otlp *o = calloc(1, sizeof(*o));
	if (!o)
		return -ENOMEM;
	tell_buf_init(&o->origin, 0);
	tell_buf_init(&o->work, 0);
	int r = tell_http_line_open(&o->http, args, "/v1/logs", why);
	if (r < 0) {
		otlp_close(o);
		return r;
	}
	*ret = o;
	return 0;
}

static int otlp_put(void *state, struct tell_batch *b, const struct tell_parcel *p)
{
	struct otlp *o = state;
	tell_buf_clear(&o->origin);
	tell_otlp_origin(&o->origin, p);
	int stream = o->origin.cut ? -ENOMEM
				   : tell_batch_stream(b, o->origin.data, o->origin.len);
	if (stream < 0)
		return b->n ? stream : -ENOMEM;
	tell_otlp_record(&b->bytes, p, &o->work);
	return tell_batch_add(b, (uint32_t)stream) ? 0 : -ENOMEM;
}

/* ---- a request ---- */

static void otlp_body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	struct otlp *o = state;
	uint32_t last = UINT32_MAX;
	if (!tell_batch_order(b, from, to, &o->order, &o->order_cap)) {
		out->cut = true;
		return;
	}
	tell_buf_puts(out, "{\"resourceLogs\":[");
	for (size_t k = 0; k < to - from; k++) {
		const struct tell_batch_entry *e = &b->entries[o->order[k]];
		if (e->stream != last) {
			const struct tell_batch_stream *s = &b->list[e->stream];
			tell_buf_puts(out, k ? "]}]}," : "");
			tell_buf_put(out, b->streams.data + s->at, s->len);
		} else {
			tell_buf_putc(out, ',');
		}
		last = e->stream;
		tell_buf_put(out, b->bytes.data + e->at, e->len);
	}
	tell_buf_puts(out, to > from ? "]}]}]}" : "]}");
}

/* "rejectedLogRecords":"3", or the number; 0: none. A message alone is a warning. */
static uint64_t n_rejected(const struct tell_http_answer *a)
{
	static const char name[] = "\"rejectedLogRecords\"";
	const char *end = a->text + a->len;
	const char *at = memmem(a->text, a->len, name, sizeof(name) - 1);
	uint64_t n = 0;
	if (!at)
		return 0;
	for (at += sizeof(name) - 1; at < end && strchr(" \t\r\n:\"", *at) && *at;)
		at++;
	size_t len = 0;
	while (at + len < end && tell_is_digit(at[len]))
		len++;
	return len && tell_parse_u64(at, len, &n) ? n : 0;
}

static void otlp_send(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	struct otlp *o = state;
	(void)n;
	tell_http_line_post(&o->http, "application/json", NULL, body->data, body->len);
	(void)tell_http_judge(&o->http.answer, ret); /* what is not told is as it says */
	uint64_t rejected = ret->kind == TELL_ANSWER_TAKEN ? n_rejected(&o->http.answer)
							   : 0;
	if (rejected) {
		char words[240];
		tell_http_words(&o->http.answer, words, sizeof(words));
		tell_answer_set(ret, TELL_ANSWER_PARTLY, "it rejects some: %s", words);
		ret->refused = rejected;
	}
}

static void otlp_aside(const struct tell_batch *b, size_t i, struct tell_buf *out)
{
	const struct tell_batch_entry *e = &b->entries[i];
	const struct tell_batch_stream *s = &b->list[e->stream];
	tell_buf_put(out, b->streams.data + s->at, s->len);
	tell_buf_put(out, tell_batch_at(b, i), e->len);
	tell_buf_puts(out, "]}]}");
}

static void otlp_watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct otlp *o = state;
	tell_http_line_watch(&o->http, alive, arg);
}

const struct tell_target tell_target_otlp = {
	.module = &tell_sink_otlp,
	.open = otlp_open,
	.close = otlp_close,
	.put = otlp_put,
	.body = otlp_body,
	.send = otlp_send,
	.watch = otlp_watch,
	.aside = otlp_aside,
};
