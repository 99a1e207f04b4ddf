#pragma once
#include <stddef.h>
#include <stdint.h>

/* One request to the control socket, as `telltale ctl` and `status` send it: a packet.
 *
 *	level MS RULES      for so long; 0: until it is changed
 *	reload
 *	reopen
 *	flush MS            at most so long
 *	reset SINK          as status names it; nothing: all
 *	stats
 *
 * Answer:  packets until the connection ends: "ok\n" and what there is to say, or
 *          "error CODE SENTENCE\n", CODE as in sysexits(3).
 * Limit:   TELL_REQUEST_MAX bytes; text without control characters.
 * Threads: pure functions. */
#define TELL_REQUEST_MAX    4096
#define TELL_REQUEST_MS_MAX (UINT64_C(1000) * 60 * 60 * 24 * 366)

enum tell_request_verb {
	TELL_REQUEST_LEVEL,
	TELL_REQUEST_RELOAD,
	TELL_REQUEST_REOPEN,
	TELL_REQUEST_FLUSH,
	TELL_REQUEST_STATS,
	TELL_REQUEST_RESET,
};

struct tell_request {
	enum tell_request_verb verb;
	uint64_t ms;
	char rules[TELL_REQUEST_MAX]; /* of level; of reset the sink */
};

/* Read n bytes from anyone. 0; -EINVAL, *ret_why is the sentence; -EMSGSIZE, likewise. */
int tell_request_parse(
	struct tell_request *ret, const char *bytes, size_t n, const char **ret_why);
