#pragma once
#include <stdbool.h>

/* Whether this process is taken over, and as which service: what its environment says.
 *
 *	TELLTALE_PRELOAD=WORD,WORD...
 *	off               nothing is taken over
 *	service=NAME      whose stack applies; default: $TELLTALE_SERVICE, the program's name
 *	stderr=DEV:INODE  stderr, while it is that file, is read by `telltale cat`: what
 *	                  LOG_PERROR asks for would be said twice
 *
 * Words that are none of these are passed over. In set-user-ID programs (AT_SECURE, see
 * getauxval(3)) nothing is taken over, whatever the environment says.
 *
 * Threads: any, also before our constructor has run. */
bool tell_preload_on(void);

/* Is stderr read by telltale? errno stays. */
bool tell_preload_stderr_is_read(void);

/* Is this text in memory that the process keeps to its end: that of the program itself, or
 * its arguments? Else it may be freed, or unloaded, at any time. */
bool tell_preload_is_kept(const char *text);
