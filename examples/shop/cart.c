/* cart.c: what somebody wants to buy, read from the body of a request. Licence: MIT. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "log.h"
#include "shop.h"

static const struct {
	const char *name;
	unsigned cents;
} goods[] = { { "teapot", 1990 }, { "cup", 490 }, { "tea", 720 } };

static int cart_add(struct cart *cart, const char *name, unsigned n)
{
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		if (strcmp(goods[i].name, name) != 0)
			continue;
		log_msg(LOG_DEBUG, "%u x %s at %u cents", n, name, goods[i].cents);
		cart->n_items += n;
		cart->cents += (uint64_t)n * goods[i].cents;
		return 0;
	}
	log_msg(LOG_WARNING, "no such item: %s", name);
	return -ENOENT;
}

int cart_read(struct cart *ret, const char *body)
{
	struct cart cart = { 0 };
	int r = 0;
	for (const char *p = body; *p && r == 0; p += strcspn(p, "&"), p += *p == '&') {
		char name[32];
		unsigned n = 1;
		if (sscanf(p, "item=%31[a-z]:%3u", name, &n) >= 1)
			r = cart_add(&cart, name, n);
		else if (sscanf(p, "card=%31[0-9]", cart.card) != 1)
			r = -EINVAL;
	}
	if (r == 0 && (cart.n_items == 0 || !*cart.card))
		r = -EINVAL;
	if (r == 0)
		*ret = cart;
	return r;
}
