#pragma once
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <telltale/module.h>

/* One request to a server of metrics, and its answer.
 *
 *	/metrics	200, as Accept wants it (expose_accept.h)
 *	/health		503 if unhealthy, else 200; the layout of the line, or Accept's
 *	/health/ready	200 if healthy or degraded, or without health lines; else 503
 *	/health/live	503 if a line with live=yes fails, else 200
 *
 * Other paths: 404 with the list; other methods than GET and HEAD: 405. Each answer ends its
 * connection. All are counted in telltale_expose_requests_total{code}.
 * Threads: the server's.
 * Source:  RFC 9110 sections 9.3.2 and 15.5.6. */
struct tell_answering {
	const char *service;
	enum tell_show layout; /* of health */
	bool (*stopping)(void *arg);
	void *arg;
	size_t room; /* bytes that the text may have; SIZE_MAX: any */
};

/* The next step of the connection; *ret_held: bytes of text that it now holds. */
enum MHD_Result tell_answer_request(const struct tell_answering *with,
	struct MHD_Connection *c, const char *path, const char *method, size_t *ret_held);

/* All that is counted is there, with 0, from the first exposition on. */
void tell_answer_count_begin(void);

/* Why a connection ended without an answer of ours: it took too long, others needed its place, or
 * its request broke off or had a head that is too large (431, libmicrohttpd's own answer). Of a
 * first line that alone is too large (414) nothing is heard. */
enum tell_dropped {
	TELL_DROPPED_TIMEOUT,
	TELL_DROPPED_LIMIT,
	TELL_DROPPED_BROKEN,
	TELL_DROPPED_REASONS
};
void tell_answer_count_dropped(enum tell_dropped why, size_t n);
