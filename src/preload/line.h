#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A datagram for /dev/log, as programs write it that do without syslog(3), and as journald
 * reads it there:
 *
 *	<30>Nov 21 02:06:07 dnsmasq[4711]: started, version 2.90
 *
 * Every part but the text may be missing: a priority is then user.info, an ident is none. A
 * time is passed over: it is now, and has no year.
 *
 * Shape:   pointers into the datagram.
 * Threads: pure.
 * Source:  RFC 3164 section 4.1, without a host as glibc's syslog(3) has it; the ident ends
 *          at the first blank, with ':', and may have a number in brackets. */
struct tell_line {
	int pri;
	const char *ident; /* NULL: none */
	size_t ident_len;
	uint32_t pid; /* 0: none */
	const char *text;
	size_t len;
};

void tell_line_read(struct tell_line *ret, const char *bytes, size_t n);
