#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "encode/health.h"
#include "health/probe.h"
#include "record/expr_metric.h"
#include "stack/stack.h"
#include "stack/timed.h"

/* The first byte says what the others are: what a peer answers to a check (p postgres, r redis,
 * u unix), a condition on metrics (m), or else a check's name, a field's name and its value, a line
 * each. Of a peer nothing is said but a word of capitals and an SQLSTATE; what a check says is
 * JSON, whatever it is. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static const uint8_t *answer;
static size_t answer_len;

enum tell_verdict __wrap_tell_probe_open(
	struct tell_probe *p, const struct tell_probe_to *to, struct tell_run *run);

/* The peer has answered already, and hung up. */
enum tell_verdict __wrap_tell_probe_open(
	struct tell_probe *p, const struct tell_probe_to *to, struct tell_run *run)
{
	int pair[2];
	*p = (struct tell_probe){ -1, run, to };
	expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	size_t n = answer_len < 65536 ? answer_len : 65536; /* the socket takes it */
	expect(send(pair[1], answer, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n);
	expect(shutdown(pair[1], SHUT_WR) == 0);
	p->fd = pair[0];
	/* It is not read, so it may not go before ours is written. */
	static int last = -1;
	if (last >= 0)
		(void)close(last);
	last = pair[1];
	return TELL_SUCCESS;
}

static const struct tell_identity who = { "fuzz", "host", 1, 1 };

static const char lines[] = "health required postgres socket=@p\n"
			    "health required redis socket=@r\n"
			    "health required unix socket=@u expect=hello\n";

/* Its words are ours: text, and at most a word of the peer's in capitals. */
static void check_reason(const struct tell_record *r, enum tell_verdict v)
{
	struct tell_value reason;
	if (v == TELL_SUCCESS)
		return;
	expect(tell_record_get(r, "reason", 6, &reason) && reason.len > 0);
	for (uint32_t i = 0; i < reason.len; i++)
		expect(((const char *)reason.data)[i] >= ' ');
}

static void read_back(const struct tell_health_all *all)
{
	static const enum tell_health_layout layouts[] = { TELL_HEALTH_CHECKS,
		TELL_HEALTH_COMPONENTS, TELL_HEALTH_JSON };
	for (size_t i = 0; i < 3; i++) {
		struct tell_buf out;
		enum json_tokener_error error;
		tell_buf_init(&out, 1 << 20);
		tell_encode_health(&out, all, layouts[i]);
		struct json_object *o = json_tokener_parse_verbose(
			tell_buf_cstr(&out), &error);
		expect(!out.cut && strlen(tell_buf_cstr(&out)) == out.len);
		expect(o && error == json_tokener_success &&
			json_object_is_type(o, json_type_object));
		json_object_put(o);
		tell_buf_done(&out);
	}
}

static void show(const char *name, const struct tell_record *said)
{
	const struct tell_health_one one = { name, TELL_UNHEALTHY, true, 1, 2, 3, said };
	const struct tell_health_all all = { name, TELL_DEGRADED, true, 5, 4, &one, 1 };
	read_back(&all);
}

static void ask(size_t place)
{
	static struct tell_stack *stack;
	struct tell_record said = { .limit = TELL_RECORD_LIMIT };
	struct tell_timed line;
	size_t pos = 0;
	if (!stack)
		expect(tell_stack_load_text(&stack, &who, "(fuzz)", lines, strlen(lines),
			       0, NULL) == 0);
	for (size_t i = 0; i <= place; i++)
		expect(tell_stack_next_timed(stack, &pos, &line));
	expect(tell_record_begin(&said, TELL_INFO, TELL_KIND_HEALTH) == 0);
	struct tell_run run = { .record = &said,
		.who = &who,
		.deadline_ns = tell_clock_monotonic_ns() + 60 * TELL_NS_PER_SEC };
	check_reason(&said, tell_stack_ask_timed(stack, &line, &run));
	show("peer", &said);
	tell_record_done(&said);
}

static void judge(char *text)
{
	struct tell_metric_expr *e = NULL;
	struct tell_expr_error why;
	struct tell_metric_term t;
	size_t pos = 0;
	if (tell_metric_expr_new(&e, text, &why) < 0) {
		expect(*why.what && *why.fix && why.column >= 1);
		return;
	}
	tell_metric_expr_read(e, "fuzz", 60 * TELL_NS_PER_SEC, tell_clock_monotonic_ns());
	(void)tell_metric_expr_judge(e);
	while (tell_metric_expr_next(e, &pos, &t))
		expect(*t.name && !(t.known && t.why));
	expect(pos > 0);
	tell_metric_expr_free(e);
}

static void say(char *text, size_t len)
{
	struct tell_record said = { .limit = TELL_RECORD_LIMIT };
	char *key = memchr(text, '\n', len);
	char *value = key ? memchr(key + 1, '\n', len - (size_t)(key + 1 - text)) : NULL;
	if (!value)
		return;
	*key++ = *value++ = '\0';
	expect(tell_record_begin(&said, TELL_INFO, TELL_KIND_HEALTH) == 0);
	const struct tell_field fields[] = { tell_strn(key, value,
						     len - (size_t)(value - text)),
		tell_str("reason", value) };
	tell_record_add(&said, fields, 2, 0, NULL);
	show(text, &said);
	tell_record_done(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char peers[] = "pru";
	if (len == 0)
		return 0;
	char *text = malloc(len);
	expect(text != NULL);
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	const char *peer = *data ? strchr(peers, *data) : NULL;
	answer = data + 1;
	answer_len = len - 1;
	if (peer)
		ask((size_t)(peer - peers));
	else if (*data == 'm')
		judge(text);
	else
		say(text, len - 1);
	free(text);
	return 0;
}
