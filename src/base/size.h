#pragma once
#include <stdint.h>

/* Amounts as people write them in a stack. The whole text must be one amount; blanks
 * around it are not allowed. All return 0, -EINVAL (not such an amount: the matching
 * TELL_..._FIX says what to write) or -ERANGE (too large); *ret is set only on 0.
 *
 * Threads: pure functions. */
#define TELL_SIZE_FIX	  "write a number and a unit: 64KiB, 500MB, 1GiB"
#define TELL_DURATION_FIX "write a number and a unit: 50ms, 10s, 5m, 1h, 10d"
#define TELL_PERCENT_FIX  "write a percentage from 0% to 100%"

/* Bytes. No unit or B: bytes; kB KB MB GB TB PB: powers of 1000; KiB MiB GiB TiB PiB, and
 * K M G T P alone as logrotate(8) and systemd.syntax(7) read them: powers of 1024. Case
 * does not matter. A fraction ("1.5GiB") is cut to whole bytes. */
int tell_parse_size(const char *text, uint64_t *ret);

/* Nanoseconds. Units ns us ms s m (min) h d w, several in a row: "1h30m". A number alone
 * has no meaning and is -EINVAL, but "0" is 0. */
int tell_parse_duration(const char *text, uint64_t *ret_ns);

/* "10%" and "0.5%" become 0.1 and 0.005. */
int tell_parse_percent(const char *text, double *ret_ratio);
