/* telltale/log.h: the call that becomes one record.
 *
 *	tell_init("shop");                                      // or never: safe defaults
 *	tell_infof("listening on %s:%d", host, port);           // was printf
 *	tell_info("paid", tell_kv("user", user), tell_var(cents));
 *	tell_warning(tell_fmt("retry %d of %d", n, max), tell_kv("host", host));
 *	tell_error("cannot open spool", tell_errno(errno));
 *	tell_log(level, message, fields, n_fields);             // level and count at run time
 *	TELL_EVERY(1000) tell_notice("still waiting");
 *	tell_level_set("file:cart.c debug, logger:shop.db warning");
 *
 * Promises: a call returns nothing, keeps errno, never aborts, never waits longer than its
 *           stack allows, works before tell_init(), after tell_close(), in forked children
 *           and in any thread. With a queue also in signal handlers, whatever they
 *           interrupted, see telltale(3); without, a record made in the middle of another
 *           call of the same thread is dropped and counted.
 *           It is no cancellation point: pthread_cancel() takes effect behind it.
 * Limits:   16 fields a call (tell_log: any number), 64 KiB a record (`limit=` of the
 *           stack's `service settings` line, up to 4 MiB); more is cut, marked, counted.
 * Threads:  every function here may be called by any thread at any time.
 * Licence:  MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_LOG_H
#define TELLTALE_LOG_H
#include <stdarg.h>
#include <telltale/field.h>
#include <telltale/level.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* One service's handle: its stack, its bound fields. NULL stands for the process's own. */
struct tell;

/* One place in the source that logs. Static, made by the macros below, one cache line. The
 * library finds the sites of a loaded object in its section `tell_sites`; those of C++,
 * which may stand in templates and inline functions, report themselves when they are first
 * reached. Any of them can be switched while the program runs. */
struct tell_site {
	uint8_t state; /* TELL__UNRESOLVED, TELL__OFF or TELL__ON; first: the fast test */
	uint8_t level; /* enum tell_level, or TELL__LEVEL_VARIES */
	int8_t threshold; /* levels up to this one pass; -1: none */
	uint8_t forced;	  /* a rule of tell_level_set() let it on, not the stack */
	uint32_t line;
	const char *file, *func, *logger;
	const char
		*text; /* the call's arguments as written, for tools that read the file */
	uint32_t id;   /* in the process's table of sites; 0: not yet */
	uint32_t listed;	/* it is among its object's `reached` */
	void *keys;		/* names resolved at the first execution */
	struct tell_site *next; /* of `reached` */
} __attribute__((aligned(64)));

/* The sites of one loaded object; lives in that object. */
struct tell__object {
	struct tell_site *first, *last; /* the section */
	struct tell_site *reached;	/* those that are in no section */
	struct tell__object *next;
	uint8_t registered;
};

enum { TELL__UNRESOLVED, TELL__OFF, TELL__ON, TELL__LEVEL_VARIES = 255 };

/* Start as `service` (copied; NULL: the program's name, in set-user-ID programs that of the
 * file it runs from, not argv[0]): read its stack, open its sinks.
 * Returns 0, or -EINVAL for a name that no stack file can have ([A-Za-z0-9_.-]{1,64}), or
 * the reason why the stack was refused, -ENOMEM among them (no stack of that name anywhere
 * is no error): then what is right in it holds, the built-in default fills in, and the log
 * says so. Calling it again restarts. $TELLTALE_SERVICE overrides the name. */
int tell_init(const char *service);

/* Wait until every accepted record of all services is delivered: 0, or -ETIMEDOUT. Called
 * for you at exit, with 1 s. */
int tell_flush(unsigned timeout_ms);

/* Flush for at most 1 s and close the sinks; what they hold then is lost, and counted and
 * said. A later call opens them again. */
void tell_close(void);

/* Read the stack files of all services again. 0, or a negative errno: then the old stack
 * stays whole. One that is replaced has 0.2 s to hand over what its sinks hold. Not for
 * signal handlers: set a flag there, call it from the main loop. */
int tell_reload(void);

/* Open files and sockets anew, as after an external rotation. 0 or the first error. */
int tell_reopen(void);

/* Switch sites: rules joined by ',', each
 *	[file:GLOB] [func:GLOB] [line:A[-B]] [logger:PREFIX] LEVEL|off|reset
 * The last matching rule wins; among `logger:` rules the longest prefix. A bare `reset`
 * forgets all rules. The text is copied. Returns 0; -EINVAL (it cannot be read) and changes
 * nothing; -ENOSPC or -ENOMEM: those beyond the 256th, or all, are not in force. */
int tell_level_set(const char *rules);

/* Another service in this process, or the same with fields bound to it.
 * tell_new() gives a handle with the stack of `service`: 0, -EINVAL, -ENOMEM.
 * tell_free(NULL) is allowed; a parent may be freed before its children. */
int tell_new(struct tell **ret, const char *service);
struct tell *tell_free(struct tell *t);

/* A handle whose records carry n more fields, copied and encoded once. parent may be NULL.
 * NULL when memory is out: usable everywhere, as the process's own handle.
 * Use the macro: tell_with(parent, tell_kv("db", name)). */
struct tell *tell__with(struct tell *parent, const struct tell_field *fields, size_t n);

/* printf into memory of this thread, valid until its fourth next tell_fmt(); at most
 * 64 KiB, cut on a UTF-8 boundary. For the message of a structured call. */
const char *tell_fmt(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull));

/* For an existing wrapper: its macro takes TELL_SITE(level) at the caller, its function
 * hands on its va_list, which is used up as by vprintf(3). NULL site: a record without a
 * place.
 *	#define log_msg(level, ...) log_msg_at(TELL_SITE(level), (level), __VA_ARGS__) */
void tell_vlogf(struct tell_site *site, int level, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* A place known only at run time: of a library that hands file and line to its callback,
 * of another language. The same values give the same site, which rules of tell_level_set()
 * switch as any other. All is copied, 255 bytes each (the end of a file's path); NULL
 * and 0 where something is not known. At most 4,096 a process; beyond, without memory, or in a signal handler that interrupted another
 * call, NULL: a record without a place. Never freed. */
struct tell_site *tell_site_of(
	const char *logger, const char *file, unsigned line, const char *func);

/* tell_log() at a given place; site may be NULL, the message is data. */
void tell_log_at(struct tell_site *site, int level, const char *message,
	const struct tell_field *fields, size_t n);

/* What the macros call once their site is on (or not resolved yet). */
void tell__log(struct tell *t, struct tell_site *site, int level, const char *message,
	const struct tell_field *fields, size_t n);
void tell__logf(struct tell *t, struct tell_site *site, int level, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void tell__log_text(struct tell *t, struct tell_site *site, int level, const char *text,
	size_t len, const struct tell_field *fields, size_t n);
bool tell__started(void);
bool tell__once(uint8_t *done);
bool tell__every(uint64_t *next_ns, uint64_t gap_ms);
void tell__object_add(
	struct tell__object *object, struct tell_site *first, struct tell_site *last);
void tell__object_remove(struct tell__object *object);
void tell__site_add(struct tell__object *object, struct tell_site *site);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

/* The call macros, for C11 and C++17; older C++ has the functions above. */
#if !defined(TELL__LIBRARY) && (!defined(__cplusplus) || __cplusplus >= 201703L)
#include <telltale/call.h>
#endif
#endif
