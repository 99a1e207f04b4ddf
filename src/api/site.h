#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <telltale/log.h>

/* The places in the source that log: those in the sections of loaded objects, and those
 * that report themselves when first reached.
 *
 * Threads: a lock inside. Who resolves a site may hold the lock of the levels; never the
 *          other way round. */

/* Every site asks again at its next call: rules or stacks have changed. */
void tell_sites_unresolve(void);

/* How many sites there are that this holds for; it is asked under the lock. */
size_t tell_sites_count(
	bool (*holds)(const void *arg, const struct tell_site *site), const void *arg);

/* Add a site to those of an object that are in no section. */
void tell_site_list(struct tell__object *object, struct tell_site *site);

/* In a forked child: the lists, and those of tell_site_of(). */
void tell_sites_child(void);
void tell_sites_made_child(void);
