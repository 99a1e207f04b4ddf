#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* A file's lines, forwards or backwards, while somebody may still write to it.
 *
 * Shape:   a window of the file in memory, read with pread(2): a file that shrinks is
 *          short, never a SIGBUS.
 * Limit:   TELL_READER_LINE_MAX bytes a line; a longer one comes in pieces.
 * Threads: one owner. */
#define TELL_READER_LINE_MAX ((size_t)16 << 20)

struct tell_reader {
	int fd;
	uint64_t at; /* the next line begins here; backwards: the last one ended here */
	uint64_t window; /* offset of the first byte in buf */
	struct tell_buf buf;
};

/* Takes over fd. Backwards walks start with tell_reader_end(). */
void tell_reader_init(struct tell_reader *l, int fd);
void tell_reader_done(struct tell_reader *l);

/* Go to the end of the file as it is now. 0 or a negative errno. */
int tell_reader_end(struct tell_reader *l);

/* The next line without its newline, valid until the next call. 1, or 0 at the end, or a
 * negative errno. whole: a last line without newline is left for later. */
int tell_reader_next(
	struct tell_reader *l, bool whole, const char **ret, size_t *ret_len);

/* The line before. */
int tell_reader_previous(struct tell_reader *l, const char **ret, size_t *ret_len);
