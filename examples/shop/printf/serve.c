/* serve.c: one request, from its first log line to its last. Licence: MIT. */
#include "log.h"
#include "shop.h"

void serve(const struct request *r, struct answer *ret)
{
	log_msg(LOG_INFO, "%s %s", r->method, r->path);
	route(r, ret);
	log_msg(LOG_INFO, "%s %s: status %u", r->method, r->path, ret->status);
}
