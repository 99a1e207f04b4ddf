#include "sink/name.h"

#include "base/clock.h"

#define GOOD_NS	   (60 * TELL_NS_PER_SEC)
#define UNKNOWN_NS (5 * TELL_NS_PER_SEC)
#define RESTS	   10 /* times what it took */

bool tell_name_due(const struct tell_name *n, uint64_t now_ns)
{
	return now_ns >= n->next_ns;
}

int tell_name_look(struct tell_name *n, struct tell_peer peers[TELL_PEERS_MAX])
{
	uint64_t from_ns = tell_clock_monotonic_ns();
	const char *why = NULL;
	int r = tell_resolve(peers, n->host, n->port, n->type, &why);
	uint64_t now_ns = tell_clock_monotonic_ns();
	uint64_t rest_ns = RESTS * (now_ns - from_ns);
	uint64_t age_ns = r > 0 ? GOOD_NS : UNKNOWN_NS;

	n->why = why;
	n->next_ns = now_ns + (rest_ns > age_ns ? rest_ns : age_ns);
	return r;
}
