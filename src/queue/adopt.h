#pragma once
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* The records that dead processes of a service left in their rings, handed out like those of
 * our own. Files that make no sense are set aside; others' that still run are left alone.
 *
 * Limits:  TELL_ADOPT_MAX files at a time; the rest the next time somebody looks.
 * Threads: one owner at a time. */
#define TELL_ADOPT_MAX 256

struct tell_adopt;

/* What there is for this service (NULL: for all) in our user's runtime directories. NULL:
 * nothing. */
struct tell_adopt *tell_adopt_look(const char *service);

/* The same in one directory. */
struct tell_adopt *tell_adopt_look_in(const char *dir, const char *service);

/* Only those of this process, by the number in their names. */
void tell_adopt_only(struct tell_adopt *a, uint32_t pid);

/* Hand out at most max records of the file at hand, or of the next. 0: nothing is left. */
size_t tell_adopt_drain(struct tell_adopt *a, size_t max, tell_drain_fn *fn, void *arg);

/* Whose records tell_adopt_drain() handed out last. */
const char *tell_adopt_service(const struct tell_adopt *a);

/* Its file's name, which is good until the next call. */
const char *tell_adopt_file(const struct tell_adopt *a);

/* All that was handed out is delivered. */
void tell_adopt_delivered(struct tell_adopt *a);

/* Some of what was handed out is not: leave this file as it was before, for another time. */
void tell_adopt_pass(struct tell_adopt *a);

/* Files done with, and those set aside. */
void tell_adopt_counts(const struct tell_adopt *a, size_t *ret_done, size_t *ret_bad);

/* Returns NULL, which is allowed. */
struct tell_adopt *tell_adopt_close(struct tell_adopt *a);
