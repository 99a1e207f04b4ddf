#pragma once
#include <stdbool.h>
#include <stddef.h>

/* telltale cat --unit: a drop-in that puts the commands of a service behind `telltale cat`.
 *
 * Threads: one. */
#define TELL_CAT_UNIT_OPTIONS_MAX 128

struct tell_cat_unit {
	const char *name;
	const char *root; /* "/": this host */
	const char *service;
	bool dry_run;
	/* The options of `telltale cat` in the drop-in, NULL at the end. */
	const char *options[TELL_CAT_UNIT_OPTIONS_MAX + 1];
	size_t n_options;
};

/* Write it, or with dry_run print it. An exit code; failures were said. */
int tell_cat_unit(const struct tell_cat_unit *u);
