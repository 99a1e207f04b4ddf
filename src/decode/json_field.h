#pragma once
#include <telltale/field.h>
#include "base/buf.h"
#include "decode/json_read.h"

/* A checked value as a field without a name.
 *
 * Shape:   a string is decoded behind what `text` has; all else points into the caller's text.
 *          Numbers keep their value: one that neither an integer nor a double holds, an array
 *          and an object stay JSON.
 * Room:    the caller reserved v->len bytes in `text`, so that fields before stay where they are.
 *          Without it a string is empty. */
struct tell_field tell_json_field(struct tell_buf *text, const struct tell_json_span *v);
