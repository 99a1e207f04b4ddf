#pragma once
#include <stddef.h>
#include "base/buf.h"

/* Known bytes: files below tests/golden that outputs are compared with. With
 * TELL_GOLDEN_UPDATE=1 in the environment they are written instead: read the difference
 * before you commit it. */

/* NULL when the file tests/golden/<path> has just these bytes; else what is wrong, valid
 * until the next call. */
const char *golden_fault(const char *path, const char *text, size_t n);

/* Read tests/golden/<path> whole; aborts when it cannot. */
void golden_read(struct tell_buf *out, const char *path);

/* Printable ASCII stays, the rest as \n \r \t \xHH: any bytes on one line. */
void golden_quote(struct tell_buf *out, const char *s, size_t n);

/* The way back. */
void golden_unquote(struct tell_buf *out, const char *s, size_t n);
