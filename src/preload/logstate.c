#include "preload/logstate.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include "preload/start.h"
#include "preload/wiped.h"

#define ALL_PRIORITIES 0xff

/* A copy of an ident, freed by the last who uses it. */
struct tell_ident {
	size_t refs;
	char text[];
};

static struct {
	const char *kept; /* the host's own text, read anew each time */
	struct tell_ident *copy;
	int options, facility;
	int mask; /* atomic */
} state = { .facility = LOG_USER, .mask = ALL_PRIORITIES };

static void unref(struct tell_ident *ident)
{
	if (ident && __atomic_sub_fetch(&ident->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(ident);
}

static struct tell_ident *copy_of(const char *text)
{
	size_t n = strlen(text);
	struct tell_ident *ident = malloc(sizeof(*ident) + n + 1);
	if (!ident)
		return NULL;
	ident->refs = 1;
	memcpy(ident->text, text, n + 1);
	return ident;
}

void tell_logstate_get(struct tell_logstate *ret)
{
	pthread_mutex_t *lock = &tell_wiped()->state;
	(void)pthread_mutex_lock(lock); /* a default mutex: no errors */
	struct tell_ident *held = state.copy;
	if (held)
		(void)__atomic_add_fetch(&held->refs, 1, __ATOMIC_RELAXED);
	*ret = (struct tell_logstate){
		.ident = state.kept,
		.options = state.options,
		.facility = state.facility,
		.held = held,
	};
	(void)pthread_mutex_unlock(lock);
	if (held)
		ret->ident = held->text;
	if (!ret->ident)
		ret->ident = program_invocation_short_name;
}

void tell_logstate_done(struct tell_logstate *s)
{
	unref(s->held);
	s->held = NULL;
}

/* The lock is held. Returns the copy that was in its place. */
static struct tell_ident *put_ident(const char *kept, struct tell_ident *copy)
{
	struct tell_ident *before = state.copy;
	state.copy = copy;
	state.kept = kept;
	return before;
}

void tell_logstate_open(const char *ident, int options, int facility)
{
	pthread_mutex_t *lock = &tell_wiped()->state;
	bool kept = ident && tell_preload_is_kept(ident);
	struct tell_ident *copy = ident && !kept ? copy_of(ident) : NULL, *before = NULL;
	(void)pthread_mutex_lock(lock);
	if (ident && (kept || copy)) /* else memory is out: the one before */
		before = put_ident(kept ? ident : NULL, copy);
	state.options = options;
	if ((facility & ~LOG_FACMASK) == 0)
		state.facility = facility;
	(void)pthread_mutex_unlock(lock);
	unref(before);
}

void tell_logstate_close(void)
{
	pthread_mutex_t *lock = &tell_wiped()->state;
	(void)pthread_mutex_lock(lock);
	struct tell_ident *before = put_ident(NULL, NULL);
	(void)pthread_mutex_unlock(lock);
	unref(before);
}

int tell_logstate_mask(int mask)
{
	if (mask == 0)
		return __atomic_load_n(&state.mask, __ATOMIC_RELAXED);
	return __atomic_exchange_n(&state.mask, mask, __ATOMIC_RELAXED);
}

bool tell_logstate_wants(int pri)
{
	return __atomic_load_n(&state.mask, __ATOMIC_RELAXED) & LOG_MASK(LOG_PRI(pri));
}
