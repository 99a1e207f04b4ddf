#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* Random stack files, each in two spellings: libpam's and ours. Types, module and file
 * names differ, everything else is the same text. */
#define MAKER_INCLUDES 4

struct maker_file {
	struct tell_buf pam, own;
	bool present;
};

struct maker {
	uint64_t seed;
	const char *dir;    /* where libpam's files are */
	const char *module; /* the path of pam_step.so */
	int next_id;
	bool whole; /* all includes are there and can be read */
	struct maker_file service, other, includes[MAKER_INCLUDES];
};

/* Zeroed memory is fine to start from; made files are replaced. */
void maker_make(struct maker *m);
void maker_done(struct maker *m);
