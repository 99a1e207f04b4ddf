#pragma once
#include <stddef.h>

/* What a name of a line's JSON or logfmt stands for outside our own files: msg, lvl, ts,
 * @timestamp, ... */
enum tell_role { TELL_ROLE_FIELD, TELL_ROLE_MESSAGE, TELL_ROLE_LEVEL, TELL_ROLE_TIME };
enum tell_role tell_role_of(const char *name, size_t len);

/* A level's word or number: 0..7 of syslog; 10..60 as pino and bunyan count. -1: it is none. */
int tell_role_level(const char *word, size_t len);
