#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "forward/link.h"
#include "forward/packer.h"
#include "forward/target.h"

/* Lumberjack v2, Logstash's input beats: the one of its inputs that acknowledges events.
 *
 *	2W u32          so many events follow: a window
 *	2J u32 u32 ...  one: sequence, from 1 in each window, length, JSON
 *	2C u32 ...      such frames, packed by zlib
 *	2A u32          the reader: up to this sequence all is stored; 0: it is still at work
 *
 * Numbers are big-endian. Source: the parser of logstash-input-beats; go-lumber's protocol. */

/* The lines, one event each, as one window. pack: NULL, or what packs them. False: memory. */
bool tell_lumberjack_window(struct tell_buf *out, const struct tell_buf *lines, size_t n,
	struct tell_packer *pack);

struct tell_acks {
	unsigned char part[6]; /* an acknowledgement that came in pieces */
	size_t have;
	uint32_t window, last; /* events; and how many are acknowledged */
	bool busy;	       /* the last word was that it is at work */
};

/* What the reader said. False: it is none of the above, or of an event that is not there. */
bool tell_acks_take(struct tell_acks *a, const unsigned char *bytes, size_t len);

/* Send the lines and wait for what is said to them. scratch is written over. */
void tell_lumberjack_send(struct tell_link *link, struct tell_packer *pack,
	const struct tell_buf *lines, size_t n, struct tell_buf *scratch,
	struct tell_answer *ret);
