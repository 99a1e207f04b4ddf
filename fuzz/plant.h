#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* Secrets for the fuzz targets of redaction, made up at run time as their issuers publish
 * them, in the settings that logs have, with the fuzzer's bytes around.
 *
 * Shape:   what is planted stands on a line of its own, or in a string of JSON: bytes that
 *          touch a secret may make another text of it, and no filter could tell.
 * Random:  from the fuzzer's bytes, so that an input says the same each time and cannot
 *          hold what is planted into it. */
struct plant {
	char secret[512]; /* what must be gone, each half of it, too */
	const char *kind, *setting;
	size_t from,
		to; /* where it is in the text; of no use when it had to be escaped */
	bool json;  /* the text is JSON */
};

uint64_t plant_seed(const void *data, size_t n);

/* Write a text to `text` with a new secret and data[0..n) in front and behind. */
void plant_make(struct plant *ret, struct tell_buf *text, const char *data, size_t n,
	uint64_t *seed);

/* Abort, saying what and where, when the secret or half of it is in out[0..n). */
void plant_must_be_gone(const struct plant *p, const char *out, size_t n);
