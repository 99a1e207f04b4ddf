#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* A connection for one check: opened, spoken on and closed within its time.
 *
 *	struct tell_probe p;
 *	enum tell_verdict v = tell_probe_open(&p, &to, run);
 *	if (v == TELL_SUCCESS)
 *		v = tell_probe_send(&p, "PING\r\n", 6);
 *	if (v == TELL_SUCCESS)
 *		v = tell_probe_until(&p, buf, sizeof(buf), "\r\n", &n);
 *	tell_probe_close(&p);
 *
 * Shape:   one non-blocking socket, above the numbers a host's own files have.
 * Clock:   all ends at run->deadline_ns; but a name's look-up takes what the system takes, and
 *          what is over then is a timeout.
 * Threads: one owner. What went wrong is in the record's field `reason`, which never holds
 *          what the peer sent, for that may be a secret. */
struct tell_probe_to {
	const char *host; /* NULL: path */
	uint16_t port;
	const char *path; /* of a socket; "@name": an abstract one */
};

struct tell_probe {
	int fd;
	struct tell_run *run;
	const struct tell_probe_to *to;
};

/* Connect: SUCCESS; UNAVAILABLE, TIMEOUT or FAILED, with the reason. */
enum tell_verdict tell_probe_open(
	struct tell_probe *p, const struct tell_probe_to *to, struct tell_run *run);
void tell_probe_close(struct tell_probe *p);

/* All n bytes. */
enum tell_verdict tell_probe_send(struct tell_probe *p, const void *bytes, size_t n);

/* Until there are n bytes; until `end` is in it or size bytes are there, *ret_n: how many. A
 * peer that hangs up before is UNAVAILABLE. */
enum tell_verdict tell_probe_read(struct tell_probe *p, void *to, size_t n);
enum tell_verdict tell_probe_until(
	struct tell_probe *p, char *to, size_t size, const char *end, size_t *ret_n);

/* "host:port" or the path, as the reason names it. */
const char *tell_probe_name(const struct tell_probe_to *to, char *text, size_t size);

/* The sentence why, as the record's field `reason`; returns v. */
enum tell_verdict tell_probe_say(struct tell_run *run, enum tell_verdict v,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* open of a line with host= and port=, or socket=: 0, or a refusal. */
int tell_probe_take(
	struct tell_probe_to *to, const struct tell_args *args, struct tell_refusal *why);

/* What a file says, without the newline at its end: a password. Reads it anew each time, as it may
 * be changed. At most size - 1 bytes; the length, or -errno. */
int tell_probe_file(const char *path, char *text, size_t size);
