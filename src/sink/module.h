#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c. */
extern const struct tell_module tell_sink_journald;
extern const struct tell_module tell_sink_syslog;
extern const struct tell_module tell_sink_file;
extern const struct tell_module tell_sink_spool;
extern const struct tell_module tell_sink_stderr;
extern const struct tell_module tell_sink_stdout;
extern const struct tell_module tell_sink_capture;
