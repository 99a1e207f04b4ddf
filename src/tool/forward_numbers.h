#pragma once
#include "forward/board.h"

/* What the ways of a forwarder count, as metrics of its service: telltale_forward_...{way}.
 *
 * Threads: one to open; the numbers are brought up to date by whoever collects. */

/* Once the board has its names. 0 or a negative errno: then some are missing. */
int tell_forward_numbers_open(struct tell_board *board);
