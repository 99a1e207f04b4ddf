/* orders.c: what the paths do.
 *
 *	POST /orders       item=cup:4&item=tea&card=…
 *	GET  /orders/ID
 *	GET  /health
 *
 * Licence: MIT. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "log.h"
#include "shop.h"

__attribute__((format(printf, 3, 4))) static void answer(
	struct answer *ret, unsigned status, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	ret->status = status;
	(void)vsnprintf(ret->body, sizeof(ret->body), fmt, ap);
	va_end(ap);
}

static void orders_create(const struct request *r, struct answer *ret)
{
	struct cart cart;
	log_msg(LOG_DEBUG, "body: %s", r->body);
	int e = cart_read(&cart, r->body);
	if (e < 0) {
		log_msg(LOG_WARNING, "order refused: %s", strerror(-e));
		answer(ret, 400, "{\"error\":\"bad order\"}");
		return;
	}
	unsigned long long id = store_add(cart.cents);
	log_msg(LOG_INFO, "order %llu: %u items, card %s", id, cart.n_items, cart.card);
	if (pay(id, &cart, r->authorization) < 0) {
		answer(ret, 502, "{\"order\":%llu,\"error\":\"not paid\"}", id);
		return;
	}
	store_set_paid(id);
	answer(ret, 201, "{\"order\":%llu,\"cents\":%llu}", id,
		(unsigned long long)cart.cents);
}

static void orders_show(const char *id, struct answer *ret)
{
	struct order order;
	if (!store_get(strtoull(id, NULL, 10), &order)) {
		log_msg(LOG_NOTICE, "no such order: %s", id);
		answer(ret, 404, "{\"error\":\"no such order\"}");
		return;
	}
	answer(ret, 200, "{\"order\":%llu,\"cents\":%llu,\"paid\":%s}",
		(unsigned long long)order.id, (unsigned long long)order.cents,
		order.paid ? "true" : "false");
}

void route(const struct request *r, struct answer *ret)
{
	bool get = strcmp(r->method, "GET") == 0;
	if (strcmp(r->method, "POST") == 0 && strcmp(r->path, "/orders") == 0)
		orders_create(r, ret);
	else if (get && strncmp(r->path, "/orders/", 8) == 0)
		orders_show(r->path + 8, ret);
	else if (get && strcmp(r->path, "/health") == 0)
		answer(ret, 200, "{\"healthy\":true}");
	else
		answer(ret, 404, "{\"error\":\"no such page\"}");
}
