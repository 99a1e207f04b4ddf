#include <net/if.h>
#include <string.h>
#include "meter/host_part.h"

/* The numbers of a line of /proc/net/dev that are shown, in the kernel's order: proc(5). */
enum { BYTES, PACKETS, ERRORS, DROPPED, N_SHOWN };
#define N_EACH 8 /* of a direction */

struct interface {
	char name[IF_NAMESIZE];
	uint64_t in[N_SHOWN], out[N_SHOWN];
};

struct interfaces {
	struct interface list[TELL_HOST_INTERFACES + 1]; /* the last: all others */
	size_t n;
};

/* "  eth0: 1 2 ...": false for the two lines above them. */
static bool read_line(char *line, struct interface *ret)
{
	uint64_t all[2 * N_EACH];
	char *end = strrchr(line, ':'); /* an alias has one in its name */
	line += strspn(line, " ");
	if (!end || end <= line || (size_t)(end - line) >= sizeof(ret->name))
		return false;
	const char *at = end + 1;
	for (size_t i = 0; i < 2 * N_EACH; i++)
		if (!tell_host_number(&at, &all[i]))
			return false;
	*ret = (struct interface){ 0 };
	memcpy(ret->name, line, (size_t)(end - line));
	memcpy(ret->in, all, sizeof(ret->in));
	memcpy(ret->out, all + N_EACH, sizeof(ret->out));
	return true;
}

static void take(struct interfaces *all, const struct interface *one)
{
	if (all->n < TELL_HOST_INTERFACES) {
		all->list[all->n++] = *one;
		return;
	}
	struct interface *other = &all->list[TELL_HOST_INTERFACES];
	memcpy(other->name, "other", sizeof("other"));
	all->n = TELL_HOST_INTERFACES + 1;
	for (size_t i = 0; i < N_SHOWN; i++) {
		other->in[i] += one->in[i];
		other->out[i] += one->out[i];
	}
}

static void sample(const struct tell_collector *to, const struct interface *of,
	const char *direction, uint64_t n)
{
	const struct tell_label labels[] = { { "network_interface_name", of->name },
		{ "network_io_direction", direction } };
	to->sample(to->arg, labels, 2, tell_reading_u64(n));
}

static void put(const struct tell_collector *to, const struct interfaces *all,
	size_t which, const char *name, const char *help)
{
	tell_host_family(to, name, help, TELL_METRIC_COUNTER);
	for (size_t i = 0; i < all->n; i++) {
		sample(to, &all->list[i], "receive", all->list[i].in[which]);
		sample(to, &all->list[i], "transmit", all->list[i].out[which]);
	}
}

void tell_host_network(const struct tell_collector *to, const char *proc)
{
	struct tell_host_lines in;
	struct interfaces all = { 0 };
	struct interface one;
	tell_host_lines_open(&in, proc, "net/dev");
	for (char *line; (line = tell_host_lines_next(&in));)
		if (read_line(line, &one))
			take(&all, &one);
	tell_host_lines_close(&in);
	if (all.n == 0)
		return;
	put(to, &all, BYTES, "system_network_io_bytes", "Bytes over an interface.");
	put(to, &all, PACKETS, "system_network_packet_count",
		"Packets over an interface.");
	put(to, &all, DROPPED, "system_network_packet_dropped",
		"Packets that were dropped at an interface.");
	put(to, &all, ERRORS, "system_network_errors",
		"Packets that went wrong at an interface.");
}
