#pragma once
#include <stddef.h>
#include "base/buf.h"

/* Append s[0..n) without what looks like a secret: for what the command says of its own,
 * with words of a stack, a path or its arguments in it. Without memory: a mask for all of
 * it.
 *
 * Threads: pure. */
void tell_hide(struct tell_buf *out, const char *s, size_t n);
