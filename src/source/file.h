#pragma once
#include "source/inlet.h"

/* source file: the lines of logs that match a pattern, each log from a place of its own on, over
 * rotation (source/tail.h). A line that is no JSON is a message.
 *
 * Turns:   a log gives way to the next one at its end, or after so many lines: order is kept
 *          within a log.
 * Limits:  TELL_SOURCE_LOGS_MAX logs; one line in memory, of TELL_READER_LINE_MAX bytes.
 * Idle:    each log is looked at once a second, and the pattern as well.
 * Threads: one owner. */
#define TELL_SOURCE_LOGS_MAX 64

extern const struct tell_module tell_source_file;
extern const struct tell_inlet_kind tell_inlet_file;
