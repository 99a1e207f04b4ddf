/* telltale/call.h: the names of the calls and how their sites are made; include
 * <telltale.h> instead.
 *
 *	tell_info("paid", tell_kv("user", user), tell_var(cents));
 *	tell_errorf("cannot open %s", path);
 *	tell_to(handle, TELL_NOTICE, "ready");
 *	TELL_SCOPE(tell_kv("request_id", id));
 *	TELL_ENTER(conn->log);
 *	TELL_ONCE tell_warning("old option", tell_kv("name", name));
 *	TELL_EVERY(1000) tell_debugf("%zu waiting", n);
 *	#define log_msg(level, ...) log_msg_at(TELL_SITE(level), (level), __VA_ARGS__)
 *
 * One call becomes: a static site, one load and one branch on its state byte, and when on,
 * an array of fields handed over by address. A bare value among the fields, or a 17th
 * field, does not compile and says what to write: macros.h does that in C, call_cxx.h in
 * C++.
 * Threads: every macro may stand in any thread; TELL_ONCE and TELL_EVERY count all threads.
 * Licence: MIT. */
#ifndef TELLTALE_CALL_H
#define TELLTALE_CALL_H
#include <telltale/context.h>
#include <telltale/log.h>

/* Dotted name of the module that logs; define it before the include. */
#ifndef TELL_LOGGER
#define TELL_LOGGER ""
#endif

/* Calls above this level are compiled out. */
#ifndef TELL_LEVEL_FLOOR
#define TELL_LEVEL_FLOOR TELL_DEBUG
#endif

/* <telltale/weak.h> says otherwise: is the function there, has the host called tell_init()? */
#ifndef TELL__HOSTED
#define TELL__LINKED(function)	    true
#define TELL__ON(site)		    tell__maybe(site)
#define TELL__HOSTED(call, no_host) (call)
#define TELL__SCOPE_NONE
#endif

/* Structured forms: a message, then up to 16 fields. */
/* clang-format off */
#define tell_emerg(...)    TELL__CALL(TELL__NONE, TELL_EMERG, #__VA_ARGS__, __VA_ARGS__)
#define tell_alert(...)    TELL__CALL(TELL__NONE, TELL_ALERT, #__VA_ARGS__, __VA_ARGS__)
#define tell_crit(...)     TELL__CALL(TELL__NONE, TELL_CRIT, #__VA_ARGS__, __VA_ARGS__)
#define tell_error(...)    TELL__CALL(TELL__NONE, TELL_ERROR, #__VA_ARGS__, __VA_ARGS__)
#define tell_warning(...)  TELL__CALL(TELL__NONE, TELL_WARNING, #__VA_ARGS__, __VA_ARGS__)
#define tell_notice(...)   TELL__CALL(TELL__NONE, TELL_NOTICE, #__VA_ARGS__, __VA_ARGS__)
#define tell_info(...)     TELL__CALL(TELL__NONE, TELL_INFO, #__VA_ARGS__, __VA_ARGS__)
#define tell_debug(...)    TELL__CALL(TELL__NONE, TELL_DEBUG, #__VA_ARGS__, __VA_ARGS__)

/* printf forms, checked by the compiler. */
#define tell_emergf(...)   TELL__CALLF(TELL__NONE, TELL_EMERG, #__VA_ARGS__, __VA_ARGS__)
#define tell_alertf(...)   TELL__CALLF(TELL__NONE, TELL_ALERT, #__VA_ARGS__, __VA_ARGS__)
#define tell_critf(...)    TELL__CALLF(TELL__NONE, TELL_CRIT, #__VA_ARGS__, __VA_ARGS__)
#define tell_errorf(...)   TELL__CALLF(TELL__NONE, TELL_ERROR, #__VA_ARGS__, __VA_ARGS__)
#define tell_warningf(...) TELL__CALLF(TELL__NONE, TELL_WARNING, #__VA_ARGS__, __VA_ARGS__)
#define tell_noticef(...)  TELL__CALLF(TELL__NONE, TELL_NOTICE, #__VA_ARGS__, __VA_ARGS__)
#define tell_infof(...)    TELL__CALLF(TELL__NONE, TELL_INFO, #__VA_ARGS__, __VA_ARGS__)
#define tell_debugf(...)   TELL__CALLF(TELL__NONE, TELL_DEBUG, #__VA_ARGS__, __VA_ARGS__)

/* Through a handle: tell_to(t, TELL_INFO, "message", fields...) and its printf form. */
#define tell_to(t, level, ...)  TELL__CALL((t), level, #__VA_ARGS__, __VA_ARGS__)
#define tell_tof(t, level, ...) TELL__CALLF((t), level, #__VA_ARGS__, __VA_ARGS__)

/* Level, message and any number of fields known at run time; the message is data. */
#define tell_log(level, message, fields, n) \
	TELL__AT(level, #message, \
		tell__log(TELL__NONE, tell__site, tell__level, (message), (fields), (n)))

/* Statement prefixes: the first time only; at most once in so many milliseconds. */
#define TELL_ONCE \
	if (!__extension__({ static uint8_t tell__done; TELL__HOSTED(tell__once(&tell__done), false); })) { } else
#define TELL_EVERY(ms) \
	if (!__extension__({ static uint64_t tell__next; TELL__HOSTED(tell__every(&tell__next, (ms)), false); })) { } else

/* The site of this very place, for wrappers; level may be known only at run time. */
#define TELL_SITE(level) TELL__SITE_HERE(level, "")
#define TELL__SITE_HERE(level, text) \
	__extension__({ TELL__SITE(level, text); TELL__REACHED(&tell__here); &tell__here; })
/* One whose calls say their level. */
#define TELL__SITE_VARIES(text) \
	__extension__({ TELL__SITE_OF(TELL__LEVEL_VARIES, text); \
		TELL__REACHED(&tell__here); &tell__here; })
/* clang-format on */

/* The sites of this object: their section, when there is one, and the list of the others. */
#ifdef __cplusplus
extern "C" {
#endif
extern struct tell_site __start_tell_sites[] __attribute__((weak, visibility("hidden")));
extern struct tell_site __stop_tell_sites[] __attribute__((weak, visibility("hidden")));
__attribute__((weak, visibility("hidden"))) struct tell__object tell__object;
__attribute__((weak, visibility("hidden"), constructor)) void tell__object_enter(void);
__attribute__((weak, visibility("hidden"), destructor)) void tell__object_leave(void);
void tell__object_enter(void)
{
	if (TELL__LINKED(tell__object_add))
		tell__object_add(&tell__object, __start_tell_sites, __stop_tell_sites);
}
void tell__object_leave(void)
{
	if (TELL__LINKED(tell__object_remove))
		tell__object_remove(&tell__object);
}
#ifdef __cplusplus
}
#endif

/* The length of a literal is known when compiling. */
TELL__INLINE void tell__say(struct tell *t, struct tell_site *site, int level,
	const char *message, const struct tell_field *fields, size_t n)
{
	tell__log_text(t, site, level, message, message ? __builtin_strlen(message) : 0,
		fields, n);
}

/* A scope that was never opened has no thread. */
static inline void tell__scope_end(struct tell_scope *s)
{
	if (s->thread)
		tell__scope_pop(s);
}

static inline bool tell__maybe(const struct tell_site *site)
{
	return __builtin_expect(
		__atomic_load_n(&site->state, __ATOMIC_RELAXED) != TELL__OFF, 0);
}

/* clang-format off */
#define TELL__AT(level_, text_, call_) \
	do { \
		if (TELL__INT(level_) <= TELL__INT(TELL_LEVEL_FLOOR)) { \
			TELL__SITE(level_, text_); \
			if (TELL__ON(&tell__here)) { \
				struct tell_site *tell__site = &tell__here; \
				const int tell__level = TELL__INT(level_); \
				TELL__REACHED(tell__site); \
				call_; \
			} \
		} \
	} while (0)
#define TELL__CALLF(t, level, text, ...) \
	TELL__AT(level, text, tell__logf(t, tell__site, tell__level, __VA_ARGS__))

#define TELL__CAT_(a, b) a##b
#define TELL__CAT(a, b)  TELL__CAT_(a, b)
/* clang-format on */

#ifdef __cplusplus
#include <telltale/call_cxx.h>
#else
#include <telltale/macros.h>
#endif
#endif
