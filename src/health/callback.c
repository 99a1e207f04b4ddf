#include "health/callback.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/lasting.h"
#include "health/module.h"
#include "record/record.h"

/* health callback: asks a function of the program, by the name it registered. Before it is
 * registered the answer is ignore: nothing is known. */
static const struct tell_option options[] = {
	{ "name", TELL_OPTION_TEXT, NULL, NULL,
		"as in tell_health_register(): name=db, 1 to 31 characters", true },
	TELL_OPTION_ASKED,
	{ 0 },
};

struct callback {
	char name[TELL_CALLBACK_NAME + 1]; /* "": free */
	tell_health_fn *fn;		   /* NULL: taken away */
	void *arg;
	unsigned inside; /* calls under way */
};

struct callbacks {
	pthread_mutex_t lock;
	pthread_cond_t out; /* somebody came out of a check */
	struct callback list[TELL_CALLBACKS];
};

static struct callbacks
	*callbacks; /* atomic; made by the first registration, and stays */

/* The one this thread is in. */
static __thread const struct callback *asking __attribute__((tls_model("initial-exec")));

struct tell_health_answer {
	struct tell_run *run;
};

static struct callbacks *get(void)
{
	return __atomic_load_n(&callbacks, __ATOMIC_ACQUIRE);
}

static void init(struct callbacks *all)
{
	(void)pthread_mutex_init(&all->lock, NULL); /* cannot fail in glibc */
	(void)pthread_cond_init(&all->out, NULL);
}

/* NULL: no memory. */
static struct callbacks *make(void)
{
	struct callbacks *none = NULL, *all = get();
	if (all)
		return all;
	all = tell_lasting(sizeof(*all));
	if (!all)
		return NULL;
	init(all);
	/* Where another thread was first its memory is in use, and this is not. */
	return __atomic_compare_exchange_n(
		       &callbacks, &none, all, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
		? all
		: none;
}

static void lock(struct callbacks *all)
{
	(void)pthread_mutex_lock(&all->lock); /* a default mutex: no errors */
}

static void unlock(struct callbacks *all)
{
	(void)pthread_mutex_unlock(&all->lock);
}

/* The one of this name; free_one: else a free place. NULL: none. */
static struct callback *find(struct callbacks *all, const char *name, bool free_one)
{
	struct callback *list = all->list;
	for (size_t i = 0; i < TELL_CALLBACKS; i++) {
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
		if (!*list[i].name)
			return free_one ? &list[i] : NULL;
	}
	return NULL;
}

int tell_callback_set(const char *name, tell_health_fn *fn, void *arg)
{
	size_t n = name ? strlen(name) : 0;
	if (n == 0 || n > TELL_CALLBACK_NAME)
		return -EINVAL;
	struct callbacks *all = fn ? make() : get();
	if (!all)
		return fn ? -ENOMEM : 0;
	lock(all);
	struct callback *c = find(all, name, fn != NULL);
	int r = c || !fn ? 0 : -ENOSPC;
	if (c) {
		memcpy(c->name, name, n);
		c->fn = fn;
		c->arg = arg;
		while (c->inside > (unsigned)(asking == c))
			(void)pthread_cond_wait(&all->out, &all->lock);
	}
	unlock(all);
	return r;
}

void tell_callback_child(void)
{
	struct callbacks *all = get();
	if (!all)
		return;
	init(all); /* the lock's owner stayed behind */
	for (size_t i = 0; i < TELL_CALLBACKS; i++)
		all->list[i].inside = 0;
}

void tell_health_say(struct tell_health_answer *answer, const char *reason)
{
	size_t n = reason ? strnlen(reason, TELL_CALLBACK_REASON) : 0;
	struct tell_field f = tell_strn("reason", reason ? reason : "", n);
	tell_record_add(answer->run->record, &f, 1, 0, NULL);
}

void tell_health_detail(struct tell_health_answer *answer, struct tell_field field)
{
	tell_record_add(answer->run->record, &field, 1, 0, NULL);
}

static enum tell_verdict verdict_of(enum tell_health_status status)
{
	switch (status) {
	case TELL_HEALTHY:
		return TELL_SUCCESS;
	case TELL_DEGRADED:
		return TELL_SPOOLED;
	case TELL_UNHEALTHY:
		return TELL_FAILED;
	case TELL_HEALTH_UNKNOWN:
		break;
	}
	return TELL_IGNORE;
}

static int open_callback(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *name = tell_args_text(args, "name");
	if (!*name || strlen(name) > TELL_CALLBACK_NAME)
		return tell_refuse(why, -EINVAL, "name", "write 1 to 31 characters",
			"no check can have this name");
	*ret = (void *)(uintptr_t)name; /* lives as long as the stack */
	return 0;
}

static enum tell_verdict run_callback(void *state, struct tell_run *run)
{
	struct tell_health_answer answer = { run };
	struct callbacks *all = get();
	if (!all)
		return TELL_IGNORE;
	lock(all);
	struct callback *c = find(all, state, false);
	tell_health_fn *fn = c ? c->fn : NULL;
	void *arg = c ? c->arg : NULL;
	if (fn)
		c->inside++;
	unlock(all);
	if (!fn)
		return TELL_IGNORE;
	const struct callback *before = asking;
	asking = c;
	enum tell_health_status status = fn(arg, &answer);
	asking = before;
	lock(all);
	c->inside--;
	(void)pthread_cond_broadcast(&all->out);
	unlock(all);
	return verdict_of(status);
}

const struct tell_module tell_health_callback = {
	TELL_MODULE_ABI,
	"health",
	"callback",
	"asks a function of the program",
	.options = options,
	.open = open_callback,
	.run = run_callback,
};
