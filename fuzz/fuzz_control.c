#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "api/control_request.h"
#include "api/level.h"
#include "api/rule.h"
#include "base/buf.h"

/* Any bytes as a request to the control socket. What is taken is text of that length; its
 * rules are refused, or are in force and read back as they are written. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static void read_back(const struct tell_level_rule *rule)
{
	struct tell_level_rule again;
	struct tell_buf text = { 0 };
	tell_rule_put(&text, rule);
	expect(tell_rule_parse(&again, tell_buf_cstr(&text), text.len) == 0);
	expect(tell_rule_same(rule, &again) && again.level == rule->level);
	tell_buf_done(&text);
}

static void set_rules(const struct tell_request *q)
{
	static struct tell_level_rule rules[TELL_RULES_MAX];
	static const int owner;
	int sites = tell_level_sites(q->rules);
	int r = tell_level_set_until(q->rules, &owner, q->ms);
	expect((sites < 0) == (r < 0 && r != -ENOSPC));
	size_t n = tell_level_rules(rules, TELL_RULES_MAX);
	for (size_t i = 0; i < n; i++) {
		expect(rules[i].owner == &owner);
		read_back(&rules[i]);
	}
	expect(tell_level_expire(&owner, UINT64_MAX) == UINT64_MAX);
	expect(tell_level_rules(rules, TELL_RULES_MAX) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tell_request q;
	const char *why = NULL;
	int r = tell_request_parse(&q, (const char *)data, len, &why);
	if (r < 0) {
		expect(why && *why);
		return 0;
	}
	expect(q.ms <= TELL_REQUEST_MS_MAX && strlen(q.rules) < len);
	if (q.verb == TELL_REQUEST_LEVEL)
		set_rules(&q);
	return 0;
}
