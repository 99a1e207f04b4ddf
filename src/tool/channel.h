#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "record/record.h"

/* Sending as a service through its stack, and knowing what became of each record: what
 * `log` and `cat` do.
 *
 * Threads: one. */
enum tell_fate {
	TELL_FATE_DELIVERED,
	TELL_FATE_FILTERED, /* the stack, or a level rule, did not want it */
	TELL_FATE_LOST,
};

struct tell_channel_record {
	int level;
	const char *message;
	size_t message_len;
	uint64_t time_ns;	/* 0: now */
	struct tell_site *site; /* where it comes from, for level rules; NULL: nowhere */
	const struct tell_field *head; /* its own, but not for message=full */
	size_t n_head;
	const struct tell_field *fields; /* the record's own */
	size_t n_fields;
	const struct tell_field
		*more; /* of all records: those whose names are not among them */
	size_t n_more;
};

/* Can a service be called so? 0; else the reason was said: an exit code. */
int tell_channel_name(const char *verb, const char *service);

/* Load the service's stack; facility 0 is the default one. A stack that was refused is
 * said on stderr for `verb`; the built-in default is then in force. 0, or an exit code. */
int tell_channel_open(const char *verb, const char *service, int facility);

enum tell_fate tell_channel_send(const struct tell_channel_record *r);

/* Hand over what sinks hold. False: not all was taken within timeout_ms. */
bool tell_channel_flush(unsigned timeout_ms);

/* Why records were lost: "sink file (/etc/telltale.d/shop:3) unavailable". */
void tell_channel_why(struct tell_buf *out);
