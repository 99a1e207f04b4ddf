#include "sink/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

int tell_resolve(struct tell_peer peers[TELL_PEERS_MAX], const char *host, uint16_t port,
	int type, const char **ret_why)
{
	struct addrinfo hints = { .ai_socktype = type, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	char service[8];
	int n = 0;

	(void)snprintf(service, sizeof(service), "%u", port); /* 5 digits: fits */
	int r = getaddrinfo(host, service, &hints, &list);
	if (r != 0) {
		*ret_why = gai_strerror(r);
		return r == EAI_MEMORY ? -ENOMEM : -EHOSTUNREACH;
	}
	for (struct addrinfo *a = list; a && n < TELL_PEERS_MAX; a = a->ai_next) {
		if (a->ai_addrlen > sizeof(peers[n].addr))
			continue;
		memset(&peers[n], 0, sizeof(peers[n])); /* so that they can be compared */
		memcpy(&peers[n].addr, a->ai_addr, a->ai_addrlen);
		peers[n++].len = a->ai_addrlen;
	}
	freeaddrinfo(list);
	*ret_why = n ? NULL : "the name has no address";
	return n ? n : -EHOSTUNREACH;
}
