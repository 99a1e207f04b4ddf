#pragma once
#include "source/inlet.h"

/* source journal: the entries of a journal, one after the other, from a place on.
 *
 * Reads:   all fields of each entry, once; none is looked up by its name.
 * Fails:   what is damaged is skipped and counted.
 * Idle:    asleep until journald wakes it.
 * Threads: one owner.
 * Source:  sd_journal_open(3), sd_journal_seek_head(3), sd_journal_get_fd(3). */
extern const struct tell_module tell_source_journal;
extern const struct tell_inlet_kind tell_inlet_journal;
