#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c. */
extern const struct tell_module tell_filter_dedup;
extern const struct tell_module tell_filter_level;
extern const struct tell_module tell_filter_match;
extern const struct tell_module tell_filter_quota;
extern const struct tell_module tell_filter_sample;
