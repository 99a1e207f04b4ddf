/* telltale/context.h: fields a thread carries, so that calls need not repeat them.
 *
 *	void serve(struct request *r)
 *	{
 *		TELL_SCOPE(tell_kv("request_id", r->id), tell_kv("tenant_id", r->tenant));
 *		tell_info("begin");              // has both, and so has every callee's record
 *	}                                        // gone again
 *
 *	conn->log = tell_context_new(tell_kv("peer", peer));   // event loop: kept in the
 *	TELL_ENTER(conn->log);                                 // connection, entered per event
 *	tell_context_free(conn->log);
 *
 * Shape:   scopes nest as a stack; the inner value of a name wins and the outer comes back.
 * Limits:  32 KiB of scope fields and 1,024 scopes a thread; what does not fit is left out
 *          and counted.
 * Threads: scopes belong to the thread that pushed them, so a block with TELL_SCOPE must not
 *          switch to another coroutine of its thread: enter a context between switches. A context may be entered by any
 *          number of threads at once, and captured in one to be entered in another.
 *          A scope skipped by longjmp is found by its stack address at the next push or
 *          log call, popped and counted.
 * Licence: MIT. */
#ifndef TELLTALE_CONTEXT_H
#define TELLTALE_CONTEXT_H
#include <telltale/field.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Fields kept outside any thread, encoded once. Reference counted. */
struct tell_context;

/* A scope on the caller's stack; made by TELL_SCOPE and TELL_ENTER. */
struct tell_scope {
	void *thread;
	uint32_t depth; /* its place in the thread's stack of scopes */
	uint32_t reserved;
};

/* n fields, copied. NULL when memory is out, which every function here takes.
 * Use the macro: tell_context_new(tell_kv("peer", peer)). */
struct tell_context *tell__context_new(const struct tell_field *fields, size_t n);

/* What the calling thread carries now, to be entered elsewhere. The caller frees it. */
struct tell_context *tell_context_capture(void);

/* Another holder of the same context; each frees its own. */
struct tell_context *tell_context_ref(struct tell_context *c);

/* Returns NULL. Threads that are inside it keep what they have. */
struct tell_context *tell_context_free(struct tell_context *c);

/* What TELL_SCOPE and TELL_ENTER call; fields are copied, the scope is the caller's. */
void tell__scope_push(struct tell_scope *s, const struct tell_field *fields, size_t n);
void tell__scope_enter(struct tell_scope *s, const struct tell_context *c);
void tell__scope_pop(struct tell_scope *s);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
