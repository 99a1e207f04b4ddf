#pragma once
#include "spool/spool.h"

/* The spools that this process has open: a lock of fcntl(2) keeps only others out, and closing
 * any descriptor of its file would drop it.
 *
 * Threads: any; a list under a lock. */

/* It is closed, or left. */
void tell_opened_forget(const struct tell_spool *s);

/* The host closed our descriptors: open what is needed by the path again, and lock it. The
 * numbers stay ours. 0 or -errno. */
int tell_opened_again(struct tell_spool *s);

/* In a forked child: the parent's are not ours. */
void tell_opened_child(void);
