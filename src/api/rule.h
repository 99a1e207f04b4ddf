#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/log.h>

/* One rule of tell_level_set(): which sites, and the level up to which they speak.
 *
 * Shape:   [file:GLOB] [func:GLOB] [line:A[-B]] [logger:PREFIX] LEVEL|off|reset
 * Limit:   patterns of at most TELL_PATTERN_MAX bytes. */
#define TELL_PATTERN_MAX 127

enum { TELL_RULE_OFF = -1, TELL_RULE_RESET = -2 };

struct tell_level_rule {
	char file[TELL_PATTERN_MAX + 1]; /* "": any */
	char func[TELL_PATTERN_MAX + 1];
	char logger[TELL_PATTERN_MAX + 1];
	uint32_t line_first, line_last; /* 0, UINT32_MAX: any */
	int level;			/* enum tell_level, or TELL_RULE_... */
	const void *owner; /* who ends it: tell_level_expire(); NULL: it stays */
	uint64_t until_ns; /* CLOCK_MONOTONIC */
};

/* Parse n bytes, one rule. 0 or -EINVAL. */
int tell_rule_parse(struct tell_level_rule *ret, const char *text, size_t n);

#define TELL_RULES_FIX                                                                   \
	"write emerg alert crit error warning notice info debug or off, or a rule with " \
	"one as in logger:shop.cart debug"

/* Is text a list of rules, joined by commas? 0; or -EINVAL, and *ret_bad is where the first
 * piece that is none begins, *ret_n its bytes. */
int tell_rules_check(const char *text, const char **ret_bad, size_t *ret_n);

/* Does it speak of this site? A file pattern without '/' is matched with the file's name,
 * one with '/' with the end of its path. A logger prefix ends where a part ends. */
bool tell_rule_match(const struct tell_level_rule *rule, const struct tell_site *site);

/* Append it in the form that tell_rule_parse() reads. */
struct tell_buf;
void tell_rule_put(struct tell_buf *out, const struct tell_level_rule *rule);

/* Do two rules choose the same sites by the same words? */
bool tell_rule_same(const struct tell_level_rule *a, const struct tell_level_rule *b);
