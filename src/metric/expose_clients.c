#include "metric/expose_clients.h"
#include <string.h>
#include <unistd.h>

static int fd_of(const struct tell_client *c)
{
	return __atomic_load_n(&c->fd, __ATOMIC_RELAXED);
}

static void set_fd(struct tell_client *c, int fd)
{
	__atomic_store_n(&c->fd, fd, __ATOMIC_RELAXED);
}

/* Is it there, and still wanted? */
static bool is_open(const struct tell_client *c)
{
	return fd_of(c) >= 0 && !c->shut;
}

void tell_clients_init(struct tell_clients *all)
{
	*all = (struct tell_clients){ .n = 0 };
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++)
		set_fd(&all->list[i], -1);
}

/* Whoever owns the descriptor reads the end of the connection, and closes it. */
static void shut(struct tell_clients *all, struct tell_client *c)
{
	(void)shutdown(fd_of(c), SHUT_RDWR); /* or it is closed already */
	c->shut = true;
	all->n--;
}

static void take_address(struct tell_client *c, const struct sockaddr *addr)
{
	c->family = addr ? addr->sa_family : AF_UNSPEC;
	if (c->family == AF_INET)
		memcpy(&c->address,
			&((const struct sockaddr_in *)(const void *)addr)->sin_addr,
			sizeof(struct in_addr));
	else if (c->family == AF_INET6)
		c->address = ((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr;
	else
		c->family = AF_UNSPEC;
}

static bool same_address(const struct tell_client *a, const struct tell_client *b)
{
	return a->family == b->family && a->family != AF_UNSPEC &&
		memcmp(&a->address, &b->address, sizeof(a->address)) == 0;
}

/* Should a go before b? */
static bool goes_first(const struct tell_client *a, const struct tell_client *b)
{
	return a->asked != b->asked ? b->asked : a->since_ns < b->since_ns;
}

/* Shut down one other than c: of its address, or of all. */
static void make_room(struct tell_clients *all, const struct tell_client *c, bool same)
{
	struct tell_client *worst = NULL;
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++) {
		struct tell_client *one = &all->list[i];
		if (one == c || !is_open(one) || (same && !same_address(one, c)))
			continue;
		if (!worst || goes_first(one, worst))
			worst = one;
	}
	if (!worst)
		return;
	shut(all, worst);
	all->crowded++;
}

static size_t count_same(const struct tell_clients *all, const struct tell_client *c)
{
	size_t n = 0;
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++)
		n += is_open(&all->list[i]) && same_address(&all->list[i], c);
	return n;
}

struct tell_client *tell_clients_add(
	struct tell_clients *all, int fd, const struct sockaddr *addr, uint64_t now_ns)
{
	struct tell_client *c = NULL;
	for (size_t i = 0; i < TELL_CLIENTS_ROOM && !c; i++)
		if (fd_of(&all->list[i]) < 0)
			c = &all->list[i];
	if (!c)
		return NULL;
	*c = (struct tell_client){ .fd = -1, .since_ns = now_ns };
	take_address(c, addr);
	set_fd(c, fd);
	all->n++;
	if (count_same(all, c) > TELL_CLIENTS_EACH)
		make_room(all, c, true);
	if (all->n > TELL_CLIENTS)
		make_room(all, c, false);
	return c;
}

void tell_clients_gone(struct tell_clients *all, struct tell_client *c)
{
	if (!c)
		return;
	all->n -= is_open(c);
	set_fd(c, -1);
}

size_t tell_clients_expire(struct tell_clients *all, uint64_t before_ns)
{
	size_t n = 0;
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++) {
		struct tell_client *c = &all->list[i];
		if (!is_open(c) || c->since_ns > before_ns)
			continue;
		shut(all, c);
		n++;
	}
	return n;
}

uint64_t tell_clients_oldest(const struct tell_clients *all)
{
	uint64_t oldest_ns = UINT64_MAX;
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++)
		if (is_open(&all->list[i]) && all->list[i].since_ns < oldest_ns)
			oldest_ns = all->list[i].since_ns;
	return oldest_ns;
}

void tell_clients_child(struct tell_clients *all)
{
	for (size_t i = 0; i < TELL_CLIENTS_ROOM; i++) {
		int fd = __atomic_exchange_n(&all->list[i].fd, -1, __ATOMIC_RELAXED);
		if (fd >= 0)
			(void)close(fd); /* the parent's goes on */
	}
}
