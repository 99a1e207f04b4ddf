#include "api/level.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "api/process.h"
#include "api/rule.h"

/* Process-wide, as sites are. */
static struct {
	pthread_mutex_t lock;
	struct tell_rule *rules; /* in the order they were set */
	size_t n_rules;
	struct tell__object *objects;
	int stack_level; /* without a rule: info, or what a stack lets by beyond it */
	bool env_read;
} levels = { .lock = PTHREAD_MUTEX_INITIALIZER, .stack_level = TELL_INFO };

/* The rule that decides for a site: the last one that matches, but of rules with a logger
 * the one with the longest prefix. NULL: none. */
static const struct tell_rule *decide(const struct tell_site *site)
{
	const struct tell_rule *best = NULL;
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_rule *rule = &levels.rules[i];
		if (!tell_rule_match(rule, site))
			continue;
		if (best && *best->logger && *rule->logger &&
			strlen(rule->logger) < strlen(best->logger))
			continue;
		best = rule;
	}
	return best && best->level != TELL_RULE_RESET ? best : NULL;
}

uint8_t tell_level_resolve(struct tell_site *site)
{
	(void)pthread_mutex_lock(&levels.lock); /* a default mutex: no errors */
	const struct tell_rule *rule = decide(site);
	int threshold = rule ? rule->level : levels.stack_level;
	int level = site->level == TELL__LEVEL_VARIES ? TELL_EMERG : site->level;
	uint8_t state = level <= threshold ? TELL__ON : TELL__OFF;
	__atomic_store_n(&site->threshold, (int8_t)threshold, __ATOMIC_RELAXED);
	__atomic_store_n(
		&site->forced, rule && threshold >= TELL_EMERG, __ATOMIC_RELAXED);
	__atomic_store_n(&site->state, state, __ATOMIC_RELAXED);
	(void)pthread_mutex_unlock(&levels.lock);
	return state;
}

static void unresolve(struct tell__object *o)
{
	for (struct tell_site *site = o->first; site < o->last; site++)
		__atomic_store_n(&site->state, TELL__UNRESOLVED, __ATOMIC_RELAXED);
}

/* Every site asks again at its next call. The lock is held. */
static void unresolve_all(void)
{
	for (struct tell__object *o = levels.objects; o; o = o->next)
		unresolve(o);
	tell_log_unresolve();
}

/* Said again, a rule counts as the last one now. One that ends by itself leaves those that
 * stay where they are, to come back to. The lock is held. */
static int rule_add(const struct tell_rule *rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_rule *old = &levels.rules[i];
		if (!tell_rule_same(old, rule) || (rule->owner && !old->owner))
			levels.rules[kept++] = *old;
	}
	levels.n_rules = kept;
	if (levels.n_rules == TELL_RULES_MAX)
		return -ENOSPC;
	if (!levels.rules) {
		levels.rules = calloc(TELL_RULES_MAX, sizeof(*rule));
		if (!levels.rules)
			return -ENOMEM;
	}
	levels.rules[levels.n_rules++] = *rule;
	return 0;
}

static bool bare_reset(const struct tell_rule *rule)
{
	struct tell_rule any = { .line_last = UINT32_MAX };
	return rule->level == TELL_RULE_RESET && !rule->owner &&
		tell_rule_same(rule, &any);
}

/* Parse all, and only then change anything. The lock is held. */
static int set(const char *text, const void *owner, uint64_t until_ns)
{
	for (int pass = 0; pass < 2; pass++) {
		for (const char *at = text; at;) {
			const char *comma = strchr(at, ',');
			size_t n = comma ? (size_t)(comma - at) : strlen(at);
			struct tell_rule rule;
			int r = tell_rule_parse(&rule, at, n);
			rule.owner = owner;
			rule.until_ns = until_ns;
			if (r == 0 && pass == 1) {
				if (bare_reset(&rule))
					levels.n_rules = 0;
				else
					r = rule_add(&rule);
			}
			if (r < 0)
				return r;
			at = comma ? comma + 1 : NULL;
		}
	}
	return 0;
}

int tell_level_set_until(const char *rules, const void *owner, uint64_t until_ns)
{
	(void)pthread_mutex_lock(&levels.lock); /* a default mutex: no errors */
	int r = set(rules, owner, until_ns);
	unresolve_all();
	(void)pthread_mutex_unlock(&levels.lock);
	return r;
}

int tell_level_set(const char *rules)
{
	if (!rules)
		return -EINVAL;
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	int r = tell_level_set_until(rules, NULL, 0);
	tell_thread_leave();
	return r;
}

static int sites_of(const struct tell_rule *rule)
{
	int n = 0;
	for (struct tell__object *o = levels.objects; o; o = o->next)
		for (struct tell_site *site = o->first; site < o->last; site++)
			n += tell_rule_match(rule, site);
	return n;
}

int tell_level_sites(const char *rules)
{
	int n = 0;
	(void)pthread_mutex_lock(&levels.lock);
	for (const char *at = rules; at && n >= 0;) {
		const char *comma = strchr(at, ',');
		struct tell_rule rule;
		if (tell_rule_parse(
			    &rule, at, comma ? (size_t)(comma - at) : strlen(at)) < 0)
			n = -EINVAL;
		else
			n += sites_of(&rule);
		at = comma ? comma + 1 : NULL;
	}
	(void)pthread_mutex_unlock(&levels.lock);
	return n;
}

uint64_t tell_level_expire(const void *owner, uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;
	size_t kept = 0;
	(void)pthread_mutex_lock(&levels.lock);
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_rule *rule = &levels.rules[i];
		if (rule->owner == owner && rule->until_ns <= now_ns)
			continue;
		if (rule->owner == owner && rule->until_ns < next_ns)
			next_ns = rule->until_ns;
		levels.rules[kept++] = *rule;
	}
	if (kept < levels.n_rules) {
		levels.n_rules = kept;
		unresolve_all();
	}
	(void)pthread_mutex_unlock(&levels.lock);
	return next_ns;
}

size_t tell_level_rules(struct tell_rule *ret, size_t max)
{
	(void)pthread_mutex_lock(&levels.lock);
	size_t n = levels.n_rules < max ? levels.n_rules : max;
	for (size_t i = 0; i < n; i++)
		ret[i] = levels.rules[i];
	(void)pthread_mutex_unlock(&levels.lock);
	return n;
}

/* The environment's wish, once: TELLTALE_LEVEL; where the stack allows, LOG_LEVEL, DEBUG.
 * A rule that cannot be read changes nothing; `telltale check` says so. */
static void read_environment(bool legacy)
{
	const char *rules = secure_getenv("TELLTALE_LEVEL");
	const char *debug = secure_getenv("TELLTALE_DEBUG");
	if (!rules && debug && *debug && strcmp(debug, "0") != 0)
		rules = "debug";
	if (!rules && legacy) {
		rules = secure_getenv("LOG_LEVEL");
		debug = secure_getenv("DEBUG");
		if (!rules && debug && *debug && strcmp(debug, "0") != 0 &&
			strcmp(debug, "false") != 0)
			rules = "debug";
	}
	if (rules)
		(void)set(rules, NULL, 0);
}

/* The more verbose of info and the lowest `min=` of the stacks' `filter level` lines. */
static int wanted_by_stacks(void)
{
	int level = TELL_INFO;
	for (const struct tell_service *s = &tell_process.main; s;
		s = s == &tell_process.main ? tell_process.services : s->next) {
		const struct tell_stack *stack = __atomic_load_n(
			&s->stack, __ATOMIC_ACQUIRE);
		int wanted = stack ? tell_stack_threshold(stack) : -1;
		if (wanted > level)
			level = wanted;
	}
	return level;
}

void tell_level_stack_changed(bool legacy)
{
	(void)pthread_mutex_lock(&levels.lock);
	levels.stack_level = wanted_by_stacks();
	if (!levels.env_read) {
		levels.env_read = true;
		read_environment(legacy);
	}
	unresolve_all();
	(void)pthread_mutex_unlock(&levels.lock);
}

void tell__object_add(struct tell__object *o)
{
	(void)pthread_mutex_lock(&levels.lock);
	if (!o->registered) {
		o->registered = 1;
		o->next = levels.objects;
		levels.objects = o;
		unresolve(o); /* some may have been asked before a constructor ran */
	}
	(void)pthread_mutex_unlock(&levels.lock);
}

/* The object is unloaded: what its sites have learned goes with them. */
static void forget_keys(struct tell__object *o)
{
	for (struct tell_site *site = o->first; site < o->last; site++) {
		free(site->keys);
		site->keys = NULL;
	}
}

void tell__object_remove(struct tell__object *o)
{
	(void)pthread_mutex_lock(&levels.lock);
	for (struct tell__object **at = &levels.objects; *at; at = &(*at)->next) {
		if (*at != o)
			continue;
		*at = o->next;
		o->registered = 0;
		if (!tell_process.exiting) /* then threads may still be at work */
			forget_keys(o);
		break;
	}
	(void)pthread_mutex_unlock(&levels.lock);
}

void tell_levels_child(void)
{
	(void)pthread_mutex_init(&levels.lock, NULL); /* its owner stayed behind */
}
