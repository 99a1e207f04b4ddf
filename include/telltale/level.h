/* telltale/level.h: how bad a record is; part of <telltale/log.h> and <telltale/module.h>.
 *
 *	if (tell_record_level(run->record) <= TELL_WARNING) // warnings and worse
 *
 * Threads: a number.
 * Licence: MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_LEVEL_H
#define TELLTALE_LEVEL_H

/* The eight levels of syslog (RFC 5424 section 6.2.1), smaller is worse.
 * Words: emerg alert crit error warning notice info debug; err and warn are understood. */
enum tell_level {
	TELL_EMERG,
	TELL_ALERT,
	TELL_CRIT,
	TELL_ERROR,
	TELL_WARNING,
	TELL_NOTICE,
	TELL_INFO,
	TELL_DEBUG
};
#endif
