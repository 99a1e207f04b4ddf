#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/log.h>
#include "stack/report.h"

/* Which sites speak: the rules of tell_level_set() over what the stacks want.
 *
 * Shape:   a list of at most TELL_RULES_MAX rules. A change sets every site back to
 *          unresolved (api/site.h); its next call asks.
 * Threads: a lock inside; resolving is once per site and change. */
#define TELL_RULES_MAX 256

/* Decide for a site: TELL__ON or TELL__OFF, stored in it. */
uint8_t tell_level_resolve(struct tell_site *site);

/* The same for a signal's handler, nothing stored: may a record of this level go? Where the
 * rules are just being changed, by what the stacks want. */
bool tell_level_allows(const struct tell_site *site, int level, bool *ret_forced);

/* tell_level_set() until until_ns (CLOCK_MONOTONIC): the rules lie over those that stay, and
 * owner must end them. A bare `reset` lies over all others, too. */
int tell_level_set_until(const char *rules, const void *owner, uint64_t until_ns);

/* How many call sites these rules speak of, of those that are loaded; -EINVAL: no rules. */
int tell_level_sites(const char *rules);

/* End owner's rules that are due at now_ns: what was in force before is again. Returns when
 * the next are due; UINT64_MAX: there are none. */
uint64_t tell_level_expire(const void *owner, uint64_t now_ns);

/* Copy the rules in force, in the order they were set, at most max; returns how many. */
struct tell_level_rule;
size_t tell_level_rules(struct tell_level_rule *ret, size_t max);

/* A stack came or went: sites may be on or off now. legacy: LOG_LEVEL and DEBUG are read
 * where TELLTALE_LEVEL is not set. The first time, what cannot be read of the environment
 * is a warning in report, which may be NULL later. The process's lock is held. */
void tell_level_stack_changed(bool legacy, struct tell_report *report);

/* In a forked child. */
void tell_levels_child(void);

/* The site without a place, in api/log.c, is in no object's section. */
void tell_log_unresolve(void);
