/* from_glib.h: GLib's messages become records. Licence: MIT. */
#ifndef FROM_GLIB_H
#define FROM_GLIB_H

/* Once, before the first message: g_log_set_writer_func() may be called only once. */
void log_from_glib(void);
#endif
