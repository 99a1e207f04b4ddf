#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* Members of a JSON object, and elements of an array, one behind the other: the last byte tells
 * whether a comma is wanted. For answers and status; records have encode/json.h.
 *
 *	tell_buf_putc(out, '{');
 *	tell_member_text(out, "service", name);
 *	tell_member_u64(out, "pid", pid);
 *	tell_buf_putc(out, '}');
 *
 * Threads: one owner of the buffer at a time. */
void tell_member_name(struct tell_buf *out, const char *name);
void tell_member_text(struct tell_buf *out, const char *name, const char *value);
void tell_member_u64(struct tell_buf *out, const char *name, uint64_t value);
void tell_member_time(struct tell_buf *out, const char *name, uint64_t realtime_ns);

/* The next element of an array that is an object: its '{'. */
void tell_member_element(struct tell_buf *out);

/* n bytes as a JSON string, with its quotes. */
void tell_member_string(struct tell_buf *out, const char *s, size_t n);
