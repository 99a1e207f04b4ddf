#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "tool/redact_json.h"
#include "tool/redactor.h"

/* One input, its secrets taken out, on its way to stdout.
 *
 * How:     a line that is a JSON object or array is read as such. Other lines are text,
 *          together with the indented lines behind them, and the lines of a private key.
 *          What is longer than a window is looked at in windows; one ends only where a
 *          cut changes nothing of what becomes of either side.
 * Memory:  a few windows, whatever the input's length.
 * Fails:   closed: what cannot be cut within TELL_SIEVE_WINDOW_MAX is masked up to the
 *          end of its line.
 * Threads: one owner. */
#define TELL_SIEVE_WINDOW     ((size_t)256 << 10)
#define TELL_SIEVE_WINDOW_MAX ((size_t)1 << 20)

struct tell_sieve {
	struct tell_redactor *rules;
	struct tell_redact_json json;
	int fd;
	int error;  /* errno of a failed read */
	bool quiet; /* nothing is written: for counting */
	struct tell_buf in, out, part, rest;
	size_t at;     /* in `in`: what comes next */
	size_t window; /* as far as is looked at once; grows when no cut is found */
	bool eof;
	bool inside; /* what comes next is the rest of a line */
	uint64_t n_read;
	void (*progress)(void *arg, uint64_t n_read); /* or NULL; from time to time */
	void *progress_arg;
};

void tell_sieve_init(struct tell_sieve *s, struct tell_redactor *rules);

/* Redact all of fd. 0, or a negative errno of reading; a failed write is left to
 * tell_cli_flush() and ends it. */
int tell_sieve_run(struct tell_sieve *s, int fd);

void tell_sieve_done(struct tell_sieve *s);

/* ---- redact_window.c ---- */

/* Redact base[0..n), behind which there is more: what may go is appended to s->out. How
 * many bytes that was of; 0: no cut was found, more must be seen. */
size_t tell_sieve_window(struct tell_sieve *s, const char *base, size_t n);
