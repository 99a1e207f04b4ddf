/* serve.c: one request, from its first log line to its last. The scope puts its ids into
 * whatever is logged meanwhile, in whatever function. Licence: MIT. */
#define TELL_LOGGER "shop.http"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <telltale/families.h>
#include "id.h"
#include "log.h"
#include "shop.h"

TELL_COUNTER(requests, TELL_FAMILY_HTTP_REQUESTS_TOTAL);
TELL_HISTOGRAM(durations, TELL_SECONDS, TELL_FAMILY_HTTP_REQUEST_DURATION_SECONDS);

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A client chooses paths and methods, and each new one would be a series of its own. */
static const char *known(const char *text, const char *const *words)
{
	while (*words && strncmp(text, *words, strlen(*words)) != 0)
		words++;
	return *words ? *words : "other";
}

/* For `metric expose` in the stack. */
static void count(const struct request *r, unsigned status, uint64_t took_ns)
{
	static const char *const methods[] = { "GET", "POST", NULL };
	static const char *const paths[] = { "/orders", "/health", NULL };
	const char *method = known(r->method, methods), *path = known(r->path, paths);
	char code[12];
	(void)snprintf(code, sizeof(code), "%u", status); /* fits */
	tell_counter_add(tell_counter_with(requests, method, path, code), 1);
	tell_histogram_observe(
		tell_histogram_with(durations, method, path), (double)took_ns / 1e9);
}

void serve(const struct request *r, struct answer *ret)
{
	const char *tenant_id = id_is_valid(r->tenant_id) ? r->tenant_id : "none";
	if (id_is_valid(r->request_id))
		memcpy(ret->request_id, r->request_id, strlen(r->request_id) + 1);
	else
		id_draw(ret->request_id);

	TELL_SCOPE(tell_kv("request_id", ret->request_id), tell_var(tenant_id));
	uint64_t start_ns = now_ns();
	log_msg(LOG_INFO, "%s %s", r->method, r->path);
	route(r, ret);
	uint64_t took_ns = now_ns() - start_ns;
	count(r, ret->status, took_ns);
	tell_info("served", tell_kv("method", r->method), tell_kv("path", r->path),
		tell_kv("status", ret->status), tell_ns("took", took_ns));
}
