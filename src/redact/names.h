#pragma once
#include <telltale/module.h>
#include <stdbool.h>
#include <stddef.h>
#include "redact/secret.h"

/* Names of fields that an operator lists, comparable as tell_secret_fold() writes them.
 *
 * Shape:   at most 4096 of them, TELL_SECRET_NAME_MAX bytes each.
 * Threads: read only once all are added. */
struct tell_name;

struct tell_names {
	struct tell_name *at;
	size_t n, cap;
};

void tell_names_done(struct tell_names *names);

/* Add those of "a,b" (NULL: none), or of a file: one a line, "#" begins a comment. option
 * names the argument in what tell_refuse() says. */
int tell_names_add(struct tell_names *names, const char *text, const char *option,
	struct tell_refusal *why);
int tell_names_add_file(struct tell_names *names, const char *path, const char *option,
	struct tell_refusal *why);

/* Is the folded name one of them; or do its last words make one? */
bool tell_names_have(const struct tell_names *names, const char *folded, size_t n);
bool tell_names_end(const struct tell_names *names, const char *folded, size_t n);
