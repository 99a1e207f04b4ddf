/* pay.c: have the provider charge the card. Licence: MIT. */
#include <errno.h>
#include <string.h>
#include "log.h"
#include "shop.h"

/* Stands for the provider, who does not answer when it is much money. */
static int provider_charge(uint64_t cents)
{
	return cents > 100000 ? -ETIMEDOUT : 0;
}

int pay(uint64_t order_id, const struct cart *cart, const char *authorization)
{
	log_msg(LOG_INFO, "order %llu: charging %llu cents, Authorization: %s",
		(unsigned long long)order_id, (unsigned long long)cart->cents,
		authorization ? authorization : "none");
	int r = provider_charge(cart->cents);
	if (r < 0) {
		log_msg(LOG_ERR, "order %llu: payment failed: %s",
			(unsigned long long)order_id, strerror(-r));
		return r;
	}
	log_msg(LOG_NOTICE, "order %llu: paid", (unsigned long long)order_id);
	return 0;
}
