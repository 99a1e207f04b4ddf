/* telltale.h: the one header a service includes.
 *
 *	#include <telltale.h>
 *
 *	int main(void)
 *	{
 *		tell_init("hello");
 *		tell_infof("hello, %s", "world");                     // was printf
 *		tell_info("ready", tell_kv("port", 8080));            // typed fields
 *		return 0;
 *	}
 *
 *	cc hello.c $(pkg-config --cflags --libs telltale)
 *
 * Where records go is the administrator's: /etc/telltale.d/hello (telltale(5)).
 * Licence: MIT for the headers, LGPL-2.1-or-later for the library. */
#ifndef TELLTALE_H
#define TELLTALE_H
#include <telltale/context.h>
#include <telltale/field.h>
#include <telltale/log.h>
#endif
