/* telltale/health.h: is this process well? Checks written in code, and asking for the verdict.
 *
 *	static enum tell_health_status ask_db(void *arg, struct tell_health_answer *answer)
 *	{
 *		if (db_ping(arg) == 0)
 *			return TELL_HEALTHY;
 *		tell_health_say(answer, "the database does not answer");
 *		tell_health_detail(answer, tell_str("pool", db_pool_state(arg)));
 *		return TELL_UNHEALTHY;
 *	}
 *	tell_health_register("db", ask_db, db);
 *
 * A line `health required callback name=db every=10s timeout=2s` of the service's stack has it
 * asked, by a thread of the library's own; whoever wants to know reads the last answers.
 * Threads: all functions any thread, not in signal handlers. */
#ifndef TELLTALE_HEALTH_H
#define TELLTALE_HEALTH_H
#include <stddef.h>
#include <stdint.h>
#include <telltale/field.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Of a check, and of a service. Unknown: nobody has asked yet, or there is nothing to ask. */
enum tell_health_status {
	TELL_HEALTH_UNKNOWN,
	TELL_HEALTHY,
	TELL_DEGRADED, /* it works, with something amiss */
	TELL_UNHEALTHY
};

/* "unknown", "healthy", "degraded", "unhealthy". Static. */
const char *tell_health_word(enum tell_health_status status);

/* Where a check says more than its status. */
struct tell_health_answer;
typedef enum tell_health_status tell_health_fn(
	void *arg, struct tell_health_answer *answer);

/* Register a check under a name of 1 to 31 characters; again: the later function holds. fn NULL
 * takes it away, and has waited for a call that is under way, so that arg may be freed; in the
 * check itself it does not wait. Each name counts towards 64 a process. 0, -EINVAL, -ENOSPC or
 * -ENOMEM. Checks stay in a forked child. */
int tell_health_register(const char *name, tell_health_fn *fn, void *arg);

/* In a check: the reason, one sentence, and a detail. Redacted as a record's message and fields
 * are. What was said last is the reason. */
void tell_health_say(struct tell_health_answer *answer, const char *reason);
void tell_health_detail(struct tell_health_answer *answer, struct tell_field field);

/* One check's last answer. Times are ns since 1970; texts are cut to the room there is. */
struct tell_health_check {
	char name[32];
	enum tell_health_status status;
	uint64_t at_ns;	     /* when it was given; 0: never */
	uint64_t since_ns;   /* since when the status has been this one */
	uint64_t latency_ns; /* how long it took */
	char reason[160];
};

/* The service's verdict, and the checks it came from: at most max of them into checks, in the
 * stack's order; *ret_n, if not NULL, becomes how many there are. Asks nobody, waits for
 * nothing. */
enum tell_health_status tell_health_get(
	struct tell_health_check *checks, size_t max, size_t *ret_n);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
