#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "encode/encode.h"

/* Pieces of a line of text for people, for text.c and template.c.
 *
 * Threads: one owner of out. */

/* "2026-11-21 02:06:07.123" in local time, or in UTC with the layout's utc. */
void tell_line_time(
	struct tell_buf *out, uint64_t realtime_ns, const struct tell_layout *l);

/* ` name=value`, escaped as text is: \x1b. */
void tell_line_field(struct tell_buf *out, const struct tell_value *v);
void tell_line_value(struct tell_buf *out, const struct tell_value *v);

/* The terminal's way of showing a level; "" without the layout's color. ECMA-48 8.3.117. */
const char *tell_line_color(const struct tell_layout *l, unsigned level);
#define TELL_COLOR_OFF "\x1b[0m"

/* The line that template_text asks for: {time} {level} {service} {logger} {message}
 * {fields} (all of them) {file} {line} {func} {pid} {tid} {seq} {kind}, any other {name}
 * the field of that name or nothing; {level:7} at least so wide, at most
 * TELL_WIDTH_MAX; {{ and }} are braces; what is no placeholder stays as it is. */
#define TELL_WIDTH_MAX 64
void tell_template_put(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l);
