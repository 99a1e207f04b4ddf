#pragma once
#include <stddef.h>
#include <telltale/module.h>

/* Fields computed once, when a stack is loaded, and added to each record that has none of
 * that name: what a call says itself wins.
 *
 * Shape:   at most TELL_FIXED_MAX fields, names resolved, texts copied; text over
 *          TELL_FIXED_TEXT_MAX bytes is cut on a UTF-8 boundary.
 * Threads: built by one, run by any number at once. */
#define TELL_FIXED_MAX	    64
#define TELL_FIXED_TEXT_MAX 4096

/* Whose text is it? Foreign text is read by detectors, ours need not be. */
enum tell_fixed_origin { TELL_FIXED_FOREIGN, TELL_FIXED_OURS };

struct tell_fixed;

/* 0 or -ENOMEM. The state of an enrich module that has nothing else. */
int tell_fixed_new(struct tell_fixed **ret);

/* NULL is allowed; fits struct tell_module's close. */
void tell_fixed_free(void *fixed);

/* A field of text, its name made fit for the exits. The first of a name stays, as for
 * records. 0, -ENOMEM, or -E2BIG: full. */
int tell_fixed_text(struct tell_fixed *f, const char *name, const char *text, size_t len,
	enum tell_fixed_origin origin);

/* The same, typed: true and false become bools, text that is the only spelling of a number
 * becomes that number (tell_number_canonical()), all else stays text. */
int tell_fixed_typed(struct tell_fixed *f, const char *name, const char *text);

/* For the caller of the above: -E2BIG and -ENOMEM as a refusal. Returns error. */
int tell_fixed_refuse(struct tell_refusal *why, int error, const char *arg);

/* Add them. Always TELL_SUCCESS; fits struct tell_module's run. */
enum tell_verdict tell_fixed_run(void *fixed, struct tell_run *run);
