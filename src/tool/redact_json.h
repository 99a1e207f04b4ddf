#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "redact/secret.h"
#include "decode/json_read.h"
#include "tool/redactor.h"

/* One line of JSON without its secrets: what is not replaced stays byte for byte, order,
 * blanks and the spelling of numbers included.
 *
 * How:     every scalar is asked about under its member's name, an array's under the
 *          array's; below a secret's name all of them are masked. {"name":n,"value":v}
 *          counts as a member n, ["--password","x"] as a command line. A replaced value
 *          becomes a string, one that a line took away null.
 * Limit:   TELL_JSON_DEPTH_MAX deep; deeper is no JSON.
 * Threads: one owner. */
#define TELL_REDACT_NAME_MAX (TELL_SECRET_NAME_MAX * 2 + 1)

struct tell_redact_json {
	struct tell_redactor *rules;
	struct tell_buf *to;
	struct tell_buf plain, joined; /* scratch */
	const char *copied;	       /* of the line: up to here it is in `to` */
	/* A private key comes a line a string, one JSON line after another: under this name;
	 * and does this line go on with it? */
	bool key_open, key_seen;
	char key_name[TELL_REDACT_NAME_MAX];
};

/* Append the line. False: it is no object or array; nothing was appended. */
bool tell_redact_json(struct tell_redact_json *j, const char *line, size_t len);

void tell_redact_json_done(struct tell_redact_json *j);

/* A text as journalctl -o json writes one that is no UTF-8, or has colours in it:
 * [27,91,51,...]. Append its bytes to `text`. False: it is another array. */
bool tell_redact_json_bytes(const struct tell_json_span *array, struct tell_buf *text);

/* Append a text in that way. */
void tell_redact_json_put_bytes(struct tell_buf *to, const char *text, size_t n);

/* Append a JSON string's inside, `raw`, of which `plain` became `masked`: what both have in
 * front and at the end keeps its spelling. */
void tell_redact_json_splice(struct tell_buf *to, const char *raw, size_t n_raw,
	const struct tell_buf *plain, const char *masked, size_t n_masked);
