#pragma once
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "record/expr.h"
#include "source/entry.h"
#include "source/reader.h"
#include "source/match.h"
#include "source/older.h"

/* Where `query` reads: the journals as one stream, each file of lines as another, merged by
 * time.
 *
 * Threads: one owner. */
#define TELL_SELECT_MAX 32

/* What is wanted. Strings are borrowed from argv. */
struct tell_selection {
	uint64_t since_ns, until_ns; /* 0: open */
	unsigned levels;	     /* bit a level; 0: all */
	const char *identifiers[TELL_SELECT_MAX];
	size_t n_identifiers;
	const char *units[TELL_SELECT_MAX];
	size_t n_units;
	const char *boot; /* boot id, 32 hex digits; NULL: all */
	struct tell_matches matches;
	struct tell_expr *expr;
	regex_t *grep;
};

/* Does the entry belong to it? */
bool tell_selection_holds(const struct tell_selection *s, const struct tell_entry *e);

struct tell_source {
	struct sd_journal *journal; /* NULL: a file */
	char *path;
	struct tell_reader reader;
	int current; /* file: what stands at path; the reader's is a copy */
	dev_t device;
	ino_t inode;
	struct tell_older older; /* and what is read before it */
	size_t at;		 /* the one that is read; older.all.n: the current one */
	uint64_t begun_at;	 /* file: its end when a backward walk began */
	char *newest;		 /* journal: the cursor where a backward walk began */
	uint64_t last_ns;	 /* time of the line before, for lines without one */
	struct tell_entry *entry;
	bool loaded; /* entry is the next one to show */
	bool ended;
};

struct tell_sources {
	struct tell_source *list;
	size_t n, cap;
	const struct tell_selection *select;
	bool backward, follow;
};

/* A journal, opened by the caller, which it stays with. 0 or a negative errno. */
int tell_sources_add_journal(struct tell_sources *s, struct sd_journal *j);

/* A file of lines, with its generations (base/generation.h) as one; takes over fd, which is -1
 * when only they are there. -ENOENT: neither is. */
int tell_sources_add_file(struct tell_sources *s, const char *path, int fd);
void tell_sources_done(struct tell_sources *s);

/* Go to the begin (backward: the end) of all. 0 or a negative errno. */
int tell_sources_seek(struct tell_sources *s);

/* Turn from walking back to following: what came since the walk began. */
int tell_sources_follow(struct tell_sources *s);

/* The next entry by time, owned by its source until the next call; NULL: none (now). */
struct tell_entry *tell_sources_next(struct tell_sources *s);

/* Wait until there may be more. 0 or a negative errno. */
int tell_sources_wait(struct tell_sources *s);
