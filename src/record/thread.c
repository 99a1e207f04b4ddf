#include "record/thread.h"
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/lasting.h"

__thread volatile sig_atomic_t tell_thread_inside
	__attribute__((tls_model("initial-exec")));
__thread struct tell_thread *tell_thread_me __attribute__((tls_model("initial-exec")));

static struct {
	pthread_mutex_t lock;
	pthread_key_t at_exit; /* runs leave() when a thread ends */
	bool has_key;
	struct tell_thread *first;
	struct tell_thread *idle; /* of threads that ended */
	struct tell_thread *left; /* of a parent's other threads: theirs, but not lost */
} threads = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* What it has of malloc()'s is freed; the rest is another thread's. */
static void thread_done(struct tell_thread *t)
{
	tell_record_done(&t->record);
	tell_record_done(&t->lent);
	tell_record_done(&t->context);
	tell_buf_done(&t->out);
	tell_buf_done(&t->work);
	for (int i = 0; i < TELL_N_FMT; i++)
		tell_buf_done(&t->fmt[i]);
	free(t->frames);
	*t = (struct tell_thread){ .notes = t->notes, .first = t->first };
}

/* The thread ends. Destructors of others that log after this one make a new struct, and
 * pthread calls us again for it (pthread_key_create(3), PTHREAD_DESTRUCTOR_ITERATIONS). */
static void leave(void *arg)
{
	struct tell_thread *t = arg;
	if (t->at_end)
		t->at_end(t);
	if (t->unseat)
		t->unseat(t);
	bool entered =
		tell_thread_enter(); /* a signal's handler must not find half of it */
	if (tell_thread_me == t)
		tell_thread_me = NULL;
	(void)pthread_mutex_lock(&threads.lock); /* cannot fail: a default mutex */
	if (t->prev)
		t->prev->next = t->next;
	else
		threads.first = t->next;
	if (t->next)
		t->next->prev = t->prev;
	(void)pthread_mutex_unlock(&threads.lock);
	thread_done(t);
	(void)pthread_mutex_lock(&threads.lock);
	t->next = threads.idle;
	threads.idle = t;
	(void)pthread_mutex_unlock(&threads.lock);
	if (entered)
		tell_thread_leave();
}

/* Not of malloc(): a thread's first call may be a handler's that interrupted it. */
static struct tell_thread *thread_new(void)
{
	(void)pthread_mutex_lock(&threads.lock);
	struct tell_thread *t = threads.idle;
	if (t)
		threads.idle = t->next;
	(void)pthread_mutex_unlock(&threads.lock);
	return t ? t : tell_lasting(sizeof(*t));
}

static struct tell_thread *enter(void)
{
	struct tell_thread *t = thread_new();
	if (!t)
		return NULL;
	t->tid = (uint32_t)gettid();
	t->context.limit = TELL_SCOPE_LIMIT;
	tell_buf_init(&t->out, 0);
	tell_buf_init(&t->work, 0);
	for (int i = 0; i < TELL_N_FMT; i++)
		tell_buf_init(&t->fmt[i], TELL_FMT_MAX);

	(void)pthread_mutex_lock(&threads.lock);
	if (!threads.has_key)
		threads.has_key = pthread_key_create(&threads.at_exit, leave) == 0;
	if (threads.has_key) /* else it is freed at exit only */
		(void)pthread_setspecific(threads.at_exit, t);
	t->next = threads.first;
	if (t->next)
		t->next->prev = t;
	threads.first = t;
	(void)pthread_mutex_unlock(&threads.lock);
	tell_thread_me = t;
	return t;
}

struct tell_thread *tell_thread_self(void)
{
	struct tell_thread *t = tell_thread_me;
	return __builtin_expect(t != NULL, 1) ? t : enter();
}

bool tell_threads_use(const void *object)
{
	bool used = false;
	(void)pthread_mutex_lock(&threads.lock);
	for (struct tell_thread *t = threads.first; t && !used; t = t->next)
		used = __atomic_load_n(&t->using, __ATOMIC_SEQ_CST) == object;
	(void)pthread_mutex_unlock(&threads.lock);
	return used;
}

void tell_threads_let_quick_end(void)
{
	/* Who began before this either sees what was stored before the call, or is seen. */
	(void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
	(void)pthread_mutex_lock(&threads.lock);
	for (struct tell_thread *t = threads.first; t; t = t->next)
		while (__atomic_load_n(&t->quick_inside, __ATOMIC_ACQUIRE))
			(void)sched_yield(); /* for some hundred instructions */
	(void)pthread_mutex_unlock(&threads.lock);
}

/* What the other threads had is left alone, as they may have been inside a realloc(); kept
 * where tools that look for leaks find it. Forward links hold at every moment. */
static void leave_others(void)
{
	struct tell_thread **at = &threads.first;
	while (*at) {
		if (*at == tell_thread_me)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	*at = threads.left;
	threads.left = threads.first;
	threads.first = tell_thread_me;
}

void tell_threads_child(void)
{
	(void)pthread_mutex_init(&threads.lock, NULL); /* its owner stayed behind */
	leave_others();
	if (!tell_thread_me)
		return;
	tell_thread_me->next = tell_thread_me->prev = NULL;
	tell_thread_me->tid = (uint32_t)gettid();
	tell_thread_me->quick.mark = 0;
	tell_thread_me->quick_inside = 0;
}
