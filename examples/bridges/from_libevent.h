/* from_libevent.h: libevent's messages become records. Licence: MIT. */
#ifndef FROM_LIBEVENT_H
#define FROM_LIBEVENT_H

void log_from_libevent(void);
#endif
