#include "api/rule.h"
#include <errno.h>
#include <string.h>
#include "base/buf.h"
#include "base/glob.h"
#include "base/number.h"
#include "record/level.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static int pattern(char *to, const char *text, size_t n)
{
	if (n == 0 || n > TELL_PATTERN_MAX || memchr(text, '\0', n))
		return -EINVAL;
	memcpy(to, text, n);
	to[n] = '\0';
	return 0;
}

static int lines(struct tell_level_rule *rule, const char *text, size_t n)
{
	const char *dash = memchr(text, '-', n);
	size_t first_n = dash ? (size_t)(dash - text) : n;
	uint64_t first, last;
	if (!tell_parse_u64(text, first_n, &first))
		return -EINVAL;
	last = first;
	if (dash && !tell_parse_u64(dash + 1, n - first_n - 1, &last))
		return -EINVAL;
	if (first == 0 || last < first || last > UINT32_MAX)
		return -EINVAL;
	rule->line_first = (uint32_t)first;
	rule->line_last = (uint32_t)last;
	return 0;
}

static bool is(const char *text, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(text, word, n) == 0;
}

static bool after(const char **text, size_t *n, const char *prefix)
{
	size_t p = strlen(prefix);
	if (*n < p || memcmp(*text, prefix, p) != 0)
		return false;
	*text += p;
	*n -= p;
	return true;
}

static int word(struct tell_level_rule *rule, const char *text, size_t n, bool *has_level)
{
	if (after(&text, &n, "file:"))
		return pattern(rule->file, text, n);
	if (after(&text, &n, "func:"))
		return pattern(rule->func, text, n);
	if (after(&text, &n, "logger:"))
		return pattern(rule->logger, text, n);
	if (after(&text, &n, "line:"))
		return lines(rule, text, n);
	if (*has_level)
		return -EINVAL;
	*has_level = true;
	if (is(text, n, "off"))
		rule->level = TELL_RULE_OFF;
	else if (is(text, n, "reset"))
		rule->level = TELL_RULE_RESET;
	else
		rule->level = tell_level_parse(text, n);
	return rule->level == -EINVAL ? -EINVAL : 0;
}

int tell_rule_parse(struct tell_level_rule *ret, const char *text, size_t n)
{
	struct tell_level_rule rule = { .line_last = UINT32_MAX };
	bool has_level = false;
	for (size_t i = 0; i < n;) {
		if (blank(text[i])) {
			i++;
			continue;
		}
		size_t begin = i;
		while (i < n && !blank(text[i]))
			i++;
		if (word(&rule, text + begin, i - begin, &has_level) < 0)
			return -EINVAL;
	}
	if (!has_level)
		return -EINVAL;
	*ret = rule;
	return 0;
}

int tell_rules_check(const char *text, const char **ret_bad, size_t *ret_n)
{
	struct tell_level_rule rule;
	for (const char *at = text;; at++) {
		size_t n = strcspn(at, ",");
		if (tell_rule_parse(&rule, at, n) < 0) {
			*ret_bad = at;
			*ret_n = n;
			return -EINVAL;
		}
		at += n;
		if (*at == '\0')
			return 0;
	}
}

static bool file_matches(const char *glob, const char *path)
{
	if (!path)
		return false;
	if (!strchr(glob, '/')) {
		const char *slash = strrchr(path, '/');
		return tell_glob(glob, slash ? slash + 1 : path);
	}
	for (const char *tail = path; tail; tail = strchr(tail, '/')) {
		tail += tail != path;
		if (tell_glob(glob, tail))
			return true;
	}
	return false;
}

static bool logger_matches(const char *prefix, const char *logger)
{
	size_t n = strlen(prefix);
	return logger && strncmp(logger, prefix, n) == 0 &&
		(logger[n] == '\0' || logger[n] == '.');
}

bool tell_rule_match(const struct tell_level_rule *rule, const struct tell_site *site)
{
	if (*rule->file && !file_matches(rule->file, site->file))
		return false;
	if (*rule->func && (!site->func || !tell_glob(rule->func, site->func)))
		return false;
	if (*rule->logger && !logger_matches(rule->logger, site->logger))
		return false;
	return site->line >= rule->line_first && site->line <= rule->line_last;
}

void tell_rule_put(struct tell_buf *out, const struct tell_level_rule *rule)
{
	if (*rule->file)
		tell_buf_printf(out, "file:%s ", rule->file);
	if (*rule->func)
		tell_buf_printf(out, "func:%s ", rule->func);
	if (*rule->logger)
		tell_buf_printf(out, "logger:%s ", rule->logger);
	if (rule->line_first == rule->line_last)
		tell_buf_printf(out, "line:%u ", rule->line_first);
	else if (rule->line_first > 0)
		tell_buf_printf(out, "line:%u-%u ", rule->line_first, rule->line_last);
	tell_buf_puts(out,
		rule->level == TELL_RULE_OFF		 ? "off"
			: rule->level == TELL_RULE_RESET ? "reset"
							 : tell_level_word(rule->level));
}

bool tell_rule_same(const struct tell_level_rule *a, const struct tell_level_rule *b)
{
	return strcmp(a->file, b->file) == 0 && strcmp(a->func, b->func) == 0 &&
		strcmp(a->logger, b->logger) == 0 && a->line_first == b->line_first &&
		a->line_last == b->line_last;
}
