#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A strict reader of RFC 5424, written from the grammar of its section 6, to judge what
 * others write. It uses nothing of src/: what the encoder misunderstands must not be
 * misunderstood here as well.
 *
 * Stricter than receivers: PRIVAL and VERSION without zeros in front, VERSION 1 only, a
 * backslash only before '"', '\' and ']', no SD-ID twice, UTF-8 well-formed everywhere but
 * in MSG without a BOM. */
#define RFC5424_PARAMS_MAX 512

struct rfc5424_part {
	const char *at; /* NULL: NILVALUE, or not there */
	size_t len;
};

struct rfc5424_param {
	struct rfc5424_part id, name;
	struct rfc5424_part
		value; /* with its escapes; rfc5424_unescape() takes them away */
};

struct rfc5424 {
	int pri;
	struct rfc5424_part timestamp, host, app, procid, msgid, msg;
	bool bom;
	size_t n_params, n_elements;
	struct rfc5424_param params[RFC5424_PARAMS_MAX];
	const char *fault; /* what the grammar asked for; NULL when all is well */
	size_t at;	   /* where */
};

/* True: all n bytes of s are one SYSLOG-MSG, and ret tells its parts. */
bool rfc5424_read(struct rfc5424 *ret, const char *s, size_t n);

/* Write the value without escapes to `to`, which has room for it; its length. */
size_t rfc5424_unescape(char *to, struct rfc5424_part value);

/* The parameter of this element and name; NULL: none. */
const struct rfc5424_param *rfc5424_find(
	const struct rfc5424 *m, const char *id, const char *name);
