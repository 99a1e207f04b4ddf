#pragma once
#include <stddef.h>
#include <stdint.h>
#include <telltale/metric.h>

/* Cells: the numbers that counters add to. Each thread has a shard with a number for each
 * cell it counts in, so that adding is a plain load and store on memory nobody else writes;
 * a cell's value is the sum over all shards.
 *
 * Life:    a thread that ends leaves its shard with its numbers; the next new thread goes on
 *          counting there. So there are as many shards as threads counted at once.
 * Fork:    pages are wiped in a child (MADV_WIPEONFORK): it starts at 0.
 * Memory:  a shard is 512 KiB and a page of addresses, of which those pages are memory that it counts in;
 *          a thread's stack takes sixteen times that.
 * Threads: any; no locks, nothing from malloc(): also in signal handlers. */
#define TELL_CELLS_MAX 65536

struct tell_shard;

/* A new cell, of value 0: 0 or -ENOSPC. */
int tell_cell_new(uint32_t *ret);

/* Add n to the calling thread's number. Without memory it is counted as lost. */
void tell_cell_add(uint32_t cell, uint64_t n);

uint64_t tell_cell_sum(uint32_t cell);

/* Where the calling thread remembers series (meter/memo.h); NULL: memory is out. */
struct tell_series;
struct tell_series **tell_cells_memo(void);

/* Additions lost for want of memory, or made by a signal handler in the middle of one that
 * made room. */
uint64_t tell_cells_lost(void);

/* The calling thread's numbers, tell__cells; made when new, perhaps with those of a thread that
 * ended. NULL: as tell_cells_memory(). */
uint64_t *tell_cells_mine(void);

/* Zeroed memory behind the calling thread's numbers, for what is more than one: nobody else
 * writes there, it is wiped in a child as they are, and passed on as they are. Never freed.
 * n: up to TELL_CELLS_MEMORY bytes; aligned to 64. NULL: there is none, or in a signal handler
 * in the middle of one that makes room. */
#define TELL_CELLS_MEMORY 1024
void *tell_cells_memory(size_t n);

/* An addition that found no room. */
void tell_cells_lose(uint64_t n);

/* Walk what the threads have for a cell, which may be where their memory is: the first shard
 * with NULL; NULL at the end. */
const struct tell_shard *tell_shard_next(const struct tell_shard *s);
uint64_t tell_shard_get(const struct tell_shard *s, uint32_t cell);

/* In a forked child: the other threads' shards are free. */
void tell_cells_child(void);
