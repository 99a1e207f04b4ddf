#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tell_buf;

/* A text without what looks like a secret, for what is no value of a record: a field's name
 * as somebody spelled it, a sentence of the command's own with a word of a stack in it.
 *
 * Appends the text or what became of it. True: it has changed. Without memory all of it is
 * one mask.
 * Threads: pure. */
bool tell_hide(struct tell_buf *out, const char *s, size_t n);
