/* serve.c: one request, from its first log line to its last. The scope puts its ids into
 * whatever is logged meanwhile, in whatever function. Licence: MIT. */
#define TELL_LOGGER "shop.http"
#include <string.h>
#include <time.h>
#include "id.h"
#include "log.h"
#include "shop.h"

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
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
	tell_info("served", tell_kv("method", r->method), tell_kv("path", r->path),
		tell_kv("status", ret->status), tell_ns("took", now_ns() - start_ns));
}
