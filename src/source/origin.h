#pragma once
#include <stdint.h>
#include <telltale/log.h>

/* Places that are known only once a line is read: file, line, function and logger that a
 * program printed, or that a file of records holds.
 *
 * Limits:  those of record/place.h: 65535 a process, kept for good.
 * Threads: one. */

/* The site of this place: the same one for the same names, so that level rules hold for it
 * and its record has a place. The strings are copied; NULL is "". NULL when nothing is
 * named, when there are too many or memory is out. */
struct tell_site *tell_origin(
	const char *file, uint32_t line, const char *func, const char *logger);
