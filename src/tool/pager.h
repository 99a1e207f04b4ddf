#pragma once
#include <stdbool.h>

/* Show stdout through $TELLTALE_PAGER, else $PAGER, else less(1); an empty one or "cat":
 * none. Started only when stdout is a terminal.
 *
 * Threads: one. Source: systemd's pager rules (systemd(1), $SYSTEMD_PAGER, $LESS). */

/* True when a pager now reads stdout. */
bool tell_pager_open(void);

/* Let it end and wait for it. Does nothing when none runs. */
void tell_pager_close(void);
