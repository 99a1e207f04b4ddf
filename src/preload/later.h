#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Calls that came while the same thread was inside another: from a signal's handler, or from
 * what a sink calls (a name service, say). They are kept and made when that one ends, in
 * their order and with their own time.
 *
 * Limits:  TELL_LATER_MAX calls of TELL_LATER_BYTES; longer ones are cut, further ones are
 *          counted as lost (tell_process.lost.nested).
 * Fork:    a child does not say what its parent will say: it begins without any.
 * Threads: any, and signal handlers: no lock, no memory. */
#define TELL_LATER_MAX	 16
#define TELL_LATER_BYTES 2000

enum tell_later_kind {
	TELL_LATER_SYSLOG,   /* pri, text */
	TELL_LATER_OPENLOG,  /* options in pri, facility, text: the ident */
	TELL_LATER_CLOSELOG, /* nothing */
	TELL_LATER_LINE,     /* text: what was written to /dev/log */
	TELL_LATER_ENTRY     /* text: uint32_t length and bytes, for each "NAME=value" */
};

struct tell_later {
	enum tell_later_kind kind;
	int pri, facility;
	bool named; /* OPENLOG: there is an ident */
	bool cut;
	pid_t pid;
	uint64_t time_ns;
	size_t len;
	char text[TELL_LATER_BYTES + 1]; /* a NUL behind it */
};

/* A place to fill, with kind and time set; give it back by tell_later_keep(). NULL: there
 * is none left, counted. */
struct tell_later *tell_later_new(enum tell_later_kind kind);
void tell_later_keep(struct tell_later *later);

/* Append bytes, cut at the limit. False: not all fitted, and it is marked. */
bool tell_later_put(struct tell_later *later, const void *bytes, size_t n);

/* The oldest that is kept, to be given back by tell_later_free(). NULL: none. */
struct tell_later *tell_later_take(void);
void tell_later_free(struct tell_later *later);
