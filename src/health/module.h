#pragma once
#include <telltale/module.h>

/* The modules of this folder, for src/builtin.c. */
extern const struct tell_module tell_health_callback;
