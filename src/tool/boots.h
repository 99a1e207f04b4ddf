#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A boot by its place among those that a journal has, as journalctl(1) counts: 1 is the first, 0
 * the last, -1 the one before.
 *
 * Limit:   TELL_BOOTS_MAX boots; one journal has a few.
 * Threads: one owner of the journal. */
#define TELL_BOOTS_MAX 100000

struct sd_journal;

/* "-1", "0", "+2". False: it is none. */
bool tell_boot_place(const char *text, int64_t *ret);

/* The id of that boot; the journal's matches are gone afterwards. 0; -ENOENT: there are not so
 * many; or a negative errno. */
int tell_boot_find(struct sd_journal *j, int64_t place, char ret_id[33]);
