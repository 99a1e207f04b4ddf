#include "api/level.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "api/process.h"
#include "api/rule.h"
#include "api/site.h"

/* Process-wide, as sites are. */
static struct {
	pthread_mutex_t lock;
	struct tell_level_rule *rules; /* in the order they were set */
	size_t n_rules;
	int stack_level; /* without a rule: info, or what a stack lets by beyond it */
	bool env_read;
} levels = { .lock = PTHREAD_MUTEX_INITIALIZER, .stack_level = TELL_INFO };

/* The rule that decides for a site: the last one that matches, but of rules with a logger
 * the one with the longest prefix. NULL: none. */
static const struct tell_level_rule *decide(const struct tell_site *site)
{
	const struct tell_level_rule *best = NULL;
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_level_rule *rule = &levels.rules[i];
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
	const struct tell_level_rule *rule = decide(site);
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

bool tell_level_allows(const struct tell_site *site, int level, bool *ret_forced)
{
	uint8_t state = __atomic_load_n(&site->state, __ATOMIC_RELAXED);
	int threshold = __atomic_load_n(&levels.stack_level, __ATOMIC_RELAXED);
	*ret_forced = false;
	if (state == TELL__OFF)
		return false;
	if (state == TELL__ON) {
		*ret_forced = __atomic_load_n(&site->forced, __ATOMIC_RELAXED);
		threshold = site->level == TELL__LEVEL_VARIES
			? __atomic_load_n(&site->threshold, __ATOMIC_RELAXED)
			: level;
	} else if (pthread_mutex_trylock(&levels.lock) == 0) {
		const struct tell_level_rule *rule = decide(site);
		threshold = rule ? rule->level : threshold;
		*ret_forced = rule && threshold >= TELL_EMERG;
		(void)pthread_mutex_unlock(&levels.lock);
	}
	return level <= threshold;
}

/* Said again, a rule counts as the last one now. One that ends by itself leaves those that
 * stay where they are, to come back to. The lock is held. */
static int rule_add(const struct tell_level_rule *rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_level_rule *old = &levels.rules[i];
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

static bool bare_reset(const struct tell_level_rule *rule)
{
	struct tell_level_rule any = { .line_last = UINT32_MAX };
	return rule->level == TELL_RULE_RESET && !rule->owner &&
		tell_rule_same(rule, &any);
}

/* All of it is a list of rules, or nothing changes. The lock is held. */
static int set(const char *text, const void *owner, uint64_t until_ns)
{
	const char *bad;
	size_t n;
	int r = tell_rules_check(text, &bad, &n);
	for (const char *at = text; r == 0; at += n + 1) {
		struct tell_level_rule rule;
		n = strcspn(at, ",");
		r = tell_rule_parse(&rule, at, n);
		rule.owner = owner;
		rule.until_ns = until_ns;
		if (r == 0 && bare_reset(&rule))
			levels.n_rules = 0;
		else if (r == 0)
			r = rule_add(&rule);
		if (at[n] == '\0')
			break;
	}
	return r;
}

int tell_level_set_until(const char *rules, const void *owner, uint64_t until_ns)
{
	(void)pthread_mutex_lock(&levels.lock);
	int r = set(rules, owner, until_ns);
	tell_sites_unresolve();
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

static bool speaks_of(const void *rule, const struct tell_site *site)
{
	return tell_rule_match(rule, site);
}

int tell_level_sites(const char *rules)
{
	const char *bad;
	size_t n, sites = 0;
	if (tell_rules_check(rules, &bad, &n) < 0)
		return -EINVAL;
	for (const char *at = rules;; at += n + 1) {
		struct tell_level_rule rule;
		n = strcspn(at, ",");
		if (tell_rule_parse(&rule, at, n) == 0)
			sites += tell_sites_count(speaks_of, &rule);
		if (at[n] == '\0')
			return sites < INT_MAX ? (int)sites : INT_MAX;
	}
}

uint64_t tell_level_expire(const void *owner, uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;
	size_t kept = 0;
	(void)pthread_mutex_lock(&levels.lock);
	for (size_t i = 0; i < levels.n_rules; i++) {
		const struct tell_level_rule *rule = &levels.rules[i];
		if (rule->owner == owner && rule->until_ns <= now_ns)
			continue;
		if (rule->owner == owner && rule->until_ns < next_ns)
			next_ns = rule->until_ns;
		levels.rules[kept++] = *rule;
	}
	if (kept < levels.n_rules) {
		levels.n_rules = kept;
		tell_sites_unresolve();
	}
	(void)pthread_mutex_unlock(&levels.lock);
	return next_ns;
}

size_t tell_level_rules(struct tell_level_rule *ret, size_t max)
{
	(void)pthread_mutex_lock(&levels.lock);
	size_t n = levels.n_rules < max ? levels.n_rules : max;
	for (size_t i = 0; i < n; i++)
		ret[i] = levels.rules[i];
	(void)pthread_mutex_unlock(&levels.lock);
	return n;
}

/* A variable's value; one that is empty counts as not set. */
static const char *variable(const char *name)
{
	const char *value = secure_getenv(name);
	return value && *value ? value : NULL;
}

static bool is_yes(const char *value)
{
	static const char *const no[] = { "0", "no", "false", "off" };
	for (size_t i = 0; value && i < sizeof(no) / sizeof(no[0]); i++)
		if (strcasecmp(value, no[i]) == 0)
			return false;
	return value != NULL;
}

/* Set a variable's rules, or say why not. */
static void take_rules(const char *name, const char *rules, struct tell_report *report)
{
	const struct tell_spot at = { .file = name };
	const char *bad;
	size_t n;
	if (tell_rules_check(rules, &bad, &n) < 0)
		tell_report_warning(report, &at, TELL_RULES_FIX,
			"\"%.*s\" is no level and no rule: the stack's levels hold",
			n < 64 ? (int)n : 64, bad);
	else if (set(rules, NULL, 0) < 0)
		tell_report_warning(report, &at, "write fewer of them",
			"not all of its rules could be kept");
}

/* The environment's wish, once: TELLTALE_LEVEL; where the stack allows, LOG_LEVEL, DEBUG. */
static void read_environment(bool legacy, struct tell_report *report)
{
	const char *rules = variable("TELLTALE_LEVEL");
	const char *old = legacy ? variable("LOG_LEVEL") : NULL;
	if (rules)
		take_rules("$TELLTALE_LEVEL", rules, report);
	else if (is_yes(variable("TELLTALE_DEBUG")))
		(void)set("debug", NULL, 0); /* one rule: there is room */
	else if (old)
		take_rules("$LOG_LEVEL", old, report);
	else if (legacy && is_yes(variable("DEBUG")))
		(void)set("debug", NULL, 0);
}

/* The more verbose of info and the lowest `min=` of the stacks' `filter level` lines. */
static int wanted_by_stacks(void)
{
	int level = TELL_INFO;
	for (const struct tell_service *s = &tell_process.main; s;
		s = s == &tell_process.main ? tell_process.services : s->next)
		if (s->threshold > level)
			level = s->threshold;
	return level;
}

void tell_level_stack_changed(bool legacy, struct tell_report *report)
{
	(void)pthread_mutex_lock(&levels.lock);
	__atomic_store_n(&levels.stack_level, wanted_by_stacks(), __ATOMIC_RELAXED);
	if (!levels.env_read) {
		levels.env_read = true;
		read_environment(legacy, report);
	}
	tell_sites_unresolve();
	(void)pthread_mutex_unlock(&levels.lock);
}

void tell_levels_child(void)
{
	(void)pthread_mutex_init(&levels.lock, NULL); /* its owner stayed behind */
}
