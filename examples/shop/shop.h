/* shop.h: what the parts of the shop know of each other. Both versions share it and the
 * files beside it; what differs is in printf/ and telltale/.
 * Licence: MIT. */
#ifndef SHOP_H
#define SHOP_H
#include <stdbool.h>
#include <stdint.h>

#define ID_MAX 64 /* bytes of a request's or a tenant's id */

struct request {
	const char *method, *path, *body;
	const char *authorization, *request_id, *tenant_id; /* headers; NULL: not sent */
};

struct answer {
	unsigned status;
	char body[256];		     /* JSON */
	char request_id[ID_MAX + 1]; /* sent back as X-Request-ID; empty: not sent */
};

struct cart {
	unsigned n_items;
	uint64_t cents;
	char card[32];
};

struct order {
	uint64_t id, cents;
	bool paid;
};

/* cart.c: read "item=cup:4&item=tea&card=…". 0, -EINVAL, or -ENOENT: no such item. */
int cart_read(struct cart *ret, const char *body);

/* store.c: the last 1,024 orders, in memory. Any thread may call. */
uint64_t store_add(uint64_t cents);
void store_set_paid(uint64_t id);
bool store_get(uint64_t id, struct order *ret);

/* pay.c: have the provider charge the card. 0, or a negative errno. */
int pay(uint64_t order_id, const struct cart *cart, const char *authorization);

/* orders.c: what the paths do. */
void route(const struct request *r, struct answer *ret);

/* serve.c: one request, from its first log line to its last. */
void serve(const struct request *r, struct answer *ret);

/* http.c: listen on 127.0.0.1:*port (0: any; then it says which). NULL, with errno. */
struct MHD_Daemon *http_start(uint16_t *port);
#endif
