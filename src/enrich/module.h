#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c. */
extern const struct tell_module tell_enrich_env;
extern const struct tell_module tell_enrich_host;
extern const struct tell_module tell_enrich_parse;
extern const struct tell_module tell_enrich_process;
extern const struct tell_module tell_enrich_resource;
extern const struct tell_module tell_enrich_set;
