/* telltale/weak.h: <telltale.h> for a library that must not make its users link telltale.
 *
 *	#define TELL_LOGGER "libcart"
 *	#include <telltale/weak.h>
 *
 *	void cart_add(struct cart *cart, const char *item)
 *	{
 *		TELL_SCOPE(tell_kv("cart_id", cart->id));
 *		tell_debug("adding", tell_kv("item", item));
 *	}
 *
 *	cc -shared -fPIC cart.c $(pkg-config --cflags telltale) -o libcart.so   # no --libs
 *
 * Nothing happens, and nothing is needed, unless the program that uses the library is linked
 * with telltale and has called tell_init(). From then on its calls are records like the
 * host's own, in the host's service, with the library's files, lines and logger. Without,
 * a call costs two loads and two branches, and its arguments are not evaluated.
 *
 * All calls, fields, scopes, contexts and handles work; what starts and steers (tell_init(),
 * tell_level_set() and their like) is the host's and does not compile here.
 * Limits:  libtelltale must be there when the library is loaded: a host that gets it later,
 *          by dlopen(), has no records of this library.
 * Licence: MIT. */
#ifndef TELLTALE_WEAK_H
#define TELLTALE_WEAK_H
#ifdef TELLTALE_LOG_H
#error "include <telltale/weak.h> instead of <telltale.h>, or before it"
#endif
#include <stdbool.h>

/* The functions of <telltale.h>: those that are not there are NULL. */
#pragma weak tell_init
#pragma weak tell_flush
#pragma weak tell_close
#pragma weak tell_reload
#pragma weak tell_reopen
#pragma weak tell_level_set
#pragma weak tell_new
#pragma weak tell_free
#pragma weak tell_fmt
#pragma weak tell_vlogf
#pragma weak tell_site_of
#pragma weak tell_log_at
#pragma weak tell__with
#pragma weak tell__log
#pragma weak tell__logf
#pragma weak tell__log_text
#pragma weak tell__started
#pragma weak tell__once
#pragma weak tell__every
#pragma weak tell__object_add
#pragma weak tell__object_remove
#pragma weak tell__site_add
#pragma weak tell_context_capture
#pragma weak tell_context_ref
#pragma weak tell_context_free
#pragma weak tell__context_new
#pragma weak tell__scope_push
#pragma weak tell__scope_enter
#pragma weak tell__scope_pop

#ifdef __cplusplus
extern "C"
#endif
	__attribute__((visibility("default"))) bool
	tell__started(void);

static inline bool tell__host(void)
{
	return tell__started && tell__started();
}

#define TELL__MODE		    tell__weak
#define TELL__LINKED(function)	    (function)
#define TELL__ON(site)		    (tell__maybe(site) && tell__host())
#define TELL__HOSTED(call, no_host) (tell__host() ? (call) : (no_host))
#define TELL__SCOPE_NONE	    = { 0, 0, 0 }

#include <telltale.h>

#ifdef __cplusplus
extern "C"
#endif
	int
	tell__host_only(void) __attribute__((error(
		"this is the host's: a library that includes <telltale/weak.h> only logs")));

/* A macro's own name is not expanded in it (C11 6.10.3.4): each names the function. */
#define tell_init(...)	       tell__host_only()
#define tell_flush(...)	       tell__host_only()
#define tell_close(...)	       ((void)tell__host_only())
#define tell_reload(...)       tell__host_only()
#define tell_reopen(...)       tell__host_only()
#define tell_level_set(...)    tell__host_only()
#define tell_new(...)	       tell__host_only()
#define tell_free(t)	       (tell_free ? tell_free(t) : TELL__NONE)
#define tell_fmt(...)	       TELL__HOSTED(tell_fmt(__VA_ARGS__), "")
#define tell_vlogf(...)	       TELL__HOSTED(tell_vlogf(__VA_ARGS__), TELL__NOTHING)
#define tell_log_at(...)       TELL__HOSTED(tell_log_at(__VA_ARGS__), TELL__NOTHING)
#define tell_site_of(...)      TELL__HOSTED(tell_site_of(__VA_ARGS__), TELL__NONE)
#define tell_context_capture() TELL__HOSTED(tell_context_capture(), TELL__NONE)
#define tell_context_ref(c)    (tell_context_ref ? tell_context_ref(c) : TELL__NONE)
#define tell_context_free(c)   (tell_context_free ? tell_context_free(c) : TELL__NONE)
#endif
