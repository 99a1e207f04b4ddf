#include "api/site.h"
#include <pthread.h>
#include <telltale/log.h>
#include "api/level.h"
#include "api/process.h"
#include "base/extent.h"
#include "queue/quick.h"

/* Process-wide, as the loaded objects are. */
static struct {
	pthread_mutex_t lock; /* a default mutex: no errors */
	struct tell__object *objects;
} sites = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void unresolve(struct tell_site *site)
{
	__atomic_store_n(&site->state, TELL__UNRESOLVED, __ATOMIC_RELAXED);
}

/* The lock is held, here and in what follows. */
static void unresolve_object(struct tell__object *o)
{
	for (struct tell_site *site = o->first; site < o->last; site++)
		unresolve(site);
	for (struct tell_site *site = o->reached; site; site = site->next)
		unresolve(site);
}

void tell_sites_unresolve(void)
{
	(void)pthread_mutex_lock(&sites.lock);
	for (struct tell__object *o = sites.objects; o; o = o->next)
		unresolve_object(o);
	(void)pthread_mutex_unlock(&sites.lock);
	tell_log_unresolve();
}

size_t tell_sites_count(
	bool (*holds)(const void *arg, const struct tell_site *site), const void *arg)
{
	size_t n = 0;
	(void)pthread_mutex_lock(&sites.lock);
	for (struct tell__object *o = sites.objects; o; o = o->next) {
		for (struct tell_site *site = o->first; site < o->last; site++)
			n += holds(arg, site);
		for (struct tell_site *site = o->reached; site; site = site->next)
			n += holds(arg, site);
	}
	(void)pthread_mutex_unlock(&sites.lock);
	return n;
}

static void link_object(struct tell__object *o)
{
	if (o->registered)
		return;
	o->registered = 1;
	o->next = sites.objects;
	sites.objects = o;
}

void tell__object_add(
	struct tell__object *o, struct tell_site *first, struct tell_site *last)
{
	tell_process_check();
	(void)pthread_mutex_lock(&sites.lock);
	if (!o->registered || o->first != first) {
		link_object(o);
		o->first = first;
		o->last = last;
		unresolve_object(
			o); /* some may have been asked before a constructor ran */
	}
	(void)pthread_mutex_unlock(&sites.lock);
}

void tell_site_list(struct tell__object *o, struct tell_site *site)
{
	(void)pthread_mutex_lock(&sites.lock);
	link_object(o); /* the call may stand in a constructor that comes before ours */
	if (!site->listed) {
		site->next = o->reached;
		o->reached = site;
		__atomic_store_n(&site->listed, 1, __ATOMIC_RELEASE);
	}
	(void)pthread_mutex_unlock(&sites.lock);
}

void tell__site_add(struct tell__object *o, struct tell_site *site)
{
	if (__atomic_load_n(&site->listed, __ATOMIC_ACQUIRE))
		return;
	if (!tell_thread_enter()) /* a signal's handler: its record will be dropped, */
		return;		  /* and the site asks again */
	tell_process_check();
	tell_site_list(o, site);
	tell_thread_leave();
}

/* The object is unloaded: what its sites have learned goes with them. */
static void forget_keys(struct tell_site *site)
{
	if (site->keys)
		tell_quick_plan_free(site->keys);
	site->keys = NULL;
}

/* The site of an inline function may lie in another object, and stay: then it lists itself
 * again when it is reached again, and other threads may be using its names. */
static void forget_reached(struct tell__object *o, const struct tell_extent *own)
{
	while (o->reached) {
		struct tell_site *site = o->reached;
		o->reached = site->next;
		site->next = NULL;
		unresolve(site);
		if (tell_extent_has(own, site))
			forget_keys(site);
		__atomic_store_n(&site->listed, 0, __ATOMIC_RELEASE);
	}
}

static void forget(struct tell__object *o, const struct tell_extent *own)
{
	for (struct tell_site *site = o->first; site < o->last; site++)
		forget_keys(site);
	forget_reached(o, own);
}

void tell__object_remove(struct tell__object *o)
{
	struct tell_extent own = { 0, 0 }; /* if it is not found, names leak */
	tell_process_check();
	if (!tell_process.exiting)
		(void)tell_extent_of(o, &own);

	(void)pthread_mutex_lock(&sites.lock);
	for (struct tell__object **at = &sites.objects; *at; at = &(*at)->next) {
		if (*at != o)
			continue;
		*at = o->next;
		o->registered = 0;
		if (!tell_process.exiting) /* then threads may still be at work */
			forget(o, &own);
		break;
	}
	(void)pthread_mutex_unlock(&sites.lock);
}

void tell_sites_child(void)
{
	(void)pthread_mutex_init(&sites.lock, NULL); /* its owner stayed behind */
}
