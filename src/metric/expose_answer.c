#define TELL_MODULE_LOADED
#include "metric/expose_answer.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "metric/expose_accept.h"

#define TRIES	 20 /* of 100 ms at most, while the service is being changed */
#define PAUSE_NS 20000000

#define TEXT_TYPE	 "text/plain; charset=utf-8"
#define JSON_TYPE	 "application/json"
#define HEALTH_JSON_TYPE "application/health+json"
/* As meter/expose.h has them: an object of its own includes nothing of ours. */
#define PROMETHEUS_TYPE	 "text/plain; version=0.0.4; charset=utf-8"
#define OPENMETRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

#define PATHS "/metrics /health /health/live /health/ready\n"

/* ---- counting ---- */

static void count_request(unsigned code, uint64_t n)
{
	char word[12];
	const char *words[] = { "200", "404", "405", "503" };
	(void)snprintf(word, sizeof(word), "%u", code); /* fits */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			tell_count_own("telltale_expose_requests_total",
				"Requests for metrics and health, by the answer.", "code",
				words[i], n);
}

void tell_answer_count_dropped(enum tell_dropped why, size_t n)
{
	static const char *const words[TELL_DROPPED_REASONS] = { "timeout", "limit",
		"broken" };
	tell_count_own("telltale_expose_dropped_total",
		"Connections that were ended before their answer was taken.", "reason",
		words[why], n);
}

void tell_answer_count_begin(void)
{
	static const unsigned codes[] = { 200, 404, 405, 503 };
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		count_request(codes[i], 0);
	for (unsigned why = 0; why < TELL_DROPPED_REASONS; why++)
		tell_answer_count_dropped((enum tell_dropped)why, 0);
}

/* ---- an answer ---- */

/* Of HTTP/1.0's HEAD, too, libmicrohttpd leaves the text out and keeps its length. */
static enum MHD_Result send_answer(
	struct MHD_Connection *c, unsigned code, const char *type, struct MHD_Response *r)
{
	if (!r)
		return MHD_NO; /* memory is out: the connection ends */
	(void)MHD_add_response_header(r, "Content-Type", type); /* or it goes without */
	(void)MHD_add_response_header(r, "Connection", "close");
	(void)MHD_add_response_header(r, "Cache-Control", "no-store");
	if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
		(void)MHD_add_response_header(r, "Allow", "GET, HEAD");
	if (code == MHD_HTTP_SERVICE_UNAVAILABLE)
		(void)MHD_add_response_header(r, "Retry-After", "1");
	enum MHD_Result done = MHD_queue_response(c, code, r);
	MHD_destroy_response(r); /* the connection has it now */
	count_request(code, 1);
	return done;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned code, const char *type,
	const char *text) /* a literal */
{
	return send_answer(c, code, type,
		MHD_create_response_from_buffer(
			strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT));
}

/* Whoever changes the service may wait for this thread to end, hence `stopping`. */
static int show(
	const struct tell_answering *with, enum tell_show what, struct tell_shown *ret)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	int r = -EBUSY;
	for (int i = 0; i < TRIES && r == -EBUSY && !with->stopping(with->arg); i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL); /* or shorter: no harm */
		r = tell_service_show(with->service, what, ret);
	}
	return r;
}

static enum MHD_Result send_shown(const struct tell_answering *with,
	struct MHD_Connection *c, unsigned code, const char *type,
	struct tell_shown *shown, size_t *ret_held)
{
	if (shown->len > with->room) {
		free(shown->text);
		return say(c, MHD_HTTP_SERVICE_UNAVAILABLE, TEXT_TYPE,
			"too many slow readers, ask again\n");
	}
	*ret_held = shown->len;
	struct MHD_Response *r = MHD_create_response_from_buffer(
		shown->len, shown->text, MHD_RESPMEM_MUST_FREE);
	if (!r)
		free(shown->text);
	return send_answer(c, code, type, r);
}

static enum MHD_Result busy(struct MHD_Connection *c)
{
	return say(c, MHD_HTTP_SERVICE_UNAVAILABLE, TEXT_TYPE,
		"the service is being changed, ask again\n");
}

static const char *header(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result metrics(
	const struct tell_answering *with, struct MHD_Connection *c, size_t *ret_held)
{
	enum tell_show what = tell_expose_accept(header(c, "Accept"));
	struct tell_shown shown = { 0 };
	if (show(with, what, &shown) < 0)
		return busy(c);
	return send_shown(with, c, MHD_HTTP_OK,
		what == TELL_SHOW_OPENMETRICS	 ? OPENMETRICS_TYPE
			: what == TELL_SHOW_JSON ? JSON_TYPE
						 : PROMETHEUS_TYPE,
		&shown, ret_held);
}

static enum MHD_Result health(const struct tell_answering *with, struct MHD_Connection *c,
	bool ready, size_t *ret_held)
{
	enum tell_show what = with->layout;
	struct tell_shown shown = { 0 };
	if (tell_expose_accepts_health_json(header(c, "Accept")))
		what = TELL_SHOW_HEALTH_JSON;
	if (show(with, what, &shown) < 0)
		return busy(c);
	bool well = ready ? shown.ready : !shown.unhealthy;
	return send_shown(with, c, well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
		what == TELL_SHOW_HEALTH_JSON ? HEALTH_JSON_TYPE : JSON_TYPE, &shown,
		ret_held);
}

/* What is needed to restart a process is no more than this word. */
static enum MHD_Result live(const struct tell_answering *with, struct MHD_Connection *c)
{
	struct tell_shown shown = { 0 };
	if (show(with, TELL_SHOW_CHECKS, &shown) < 0)
		return say(c, MHD_HTTP_OK, JSON_TYPE, "{\"status\":\"alive\"}\n");
	free(shown.text);
	return shown.live ? say(c, MHD_HTTP_OK, JSON_TYPE, "{\"status\":\"alive\"}\n")
			  : say(c, MHD_HTTP_SERVICE_UNAVAILABLE, JSON_TYPE,
				    "{\"status\":\"failing\"}\n");
}

enum MHD_Result tell_answer_request(const struct tell_answering *with,
	struct MHD_Connection *c, const char *path, const char *method, size_t *ret_held)
{
	static const char *const paths[] = { "/metrics", "/health", "/health/ready",
		"/health/live" };
	size_t at = 0;
	*ret_held = 0;
	while (at < 4 && strcmp(path, paths[at]) != 0)
		at++;
	if (at == 4)
		return say(
			c, MHD_HTTP_NOT_FOUND, TEXT_TYPE, "not here; there are " PATHS);
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return say(c, MHD_HTTP_METHOD_NOT_ALLOWED, TEXT_TYPE,
			"only GET and HEAD are answered\n");
	if (at == 0)
		return metrics(with, c, ret_held);
	return at == 3 ? live(with, c) : health(with, c, at == 2, ret_held);
}
