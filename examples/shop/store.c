/* store.c: the orders, in memory. Licence: MIT. */
#include <pthread.h>
#include "log.h"
#include "shop.h"

#define N_ORDERS 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct order
	orders[N_ORDERS]; /* order i lies at i % N_ORDERS, until overwritten */
static uint64_t last_id;

uint64_t store_add(uint64_t cents)
{
	pthread_mutex_lock(&lock);
	uint64_t id = ++last_id;
	orders[id % N_ORDERS] = (struct order){ .id = id, .cents = cents };
	pthread_mutex_unlock(&lock);
	log_msg(LOG_DEBUG, "order %llu stored", (unsigned long long)id);
	return id;
}

void store_set_paid(uint64_t id)
{
	pthread_mutex_lock(&lock);
	struct order *order = &orders[id % N_ORDERS];
	if (order->id == id)
		order->paid = true;
	pthread_mutex_unlock(&lock);
}

bool store_get(uint64_t id, struct order *ret)
{
	pthread_mutex_lock(&lock);
	*ret = orders[id % N_ORDERS];
	pthread_mutex_unlock(&lock);
	return id != 0 && ret->id == id;
}
