/* telltale status --live, --ready, --nagios: for programs that ask whether a service is well. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "base/number.h"
#include "tool/command.h"
#include "tool/status.h"

/* Plugin exit codes; their order is how bad they are, but for unknown. */
enum nagios { OK, WARNING, CRITICAL, UNKNOWN };
static const char *const nagios_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

static const struct {
	const char *word;
	enum nagios code;
} statuses[] = { { "healthy", OK }, { "degraded", WARNING }, { "unhealthy", CRITICAL } };

static bool is_word(const struct tell_json_span *in, const char *key, const char *word)
{
	struct tell_json_span v;
	return tell_json_get(in, key, &v) && v.kind == TELL_JSON_STRING &&
		v.len == strlen(word) + 2 && memcmp(v.text + 1, word, v.len - 2) == 0;
}

static enum nagios code_of(const struct tell_json_span *in)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (is_word(in, "status", statuses[i].word))
			return statuses[i].code;
	return UNKNOWN;
}

/* Is this process well? Without health lines it is when it answers at all. */
static bool passes(const struct tell_status *s, enum tell_status_probe probe)
{
	struct tell_json_span health, live;
	if (!tell_json_get(&s->all, "health", &health))
		return true;
	if (probe == TELL_STATUS_LIVE)
		return !tell_json_get(&health, "live", &live) ||
			live.kind != TELL_JSON_FALSE;
	enum nagios code = code_of(&health);
	return code == OK || code == WARNING;
}

static void put_clean(const struct tell_json_span *name, char *text, size_t size)
{
	struct tell_buf buf = { 0 };
	tell_json_decode(&buf, name);
	size_t n = buf.len < size - 1 ? buf.len : size - 1;
	for (size_t i = 0; i < n; i++) {
		char c = buf.data[i];
		bool plain = c >= ' ' && c < 0x7f && !strchr("'\"=|\\", c);
		text[i] = plain ? c : '_'; /* a label may not have them, or is not ours */
	}
	text[n] = '\0';
	tell_buf_done(&buf);
}

struct told {
	size_t n, n_amiss;
	char amiss[256];
	struct tell_buf perf;
};

static void take_check(struct told *t, const struct tell_json_span *name,
	const struct tell_json_span *check)
{
	struct tell_json_span ms;
	char label[64];
	double value;
	put_clean(name, label, sizeof(label));
	t->n++;
	enum nagios code = code_of(check);
	if (code == WARNING || code == CRITICAL) {
		size_t at = strlen(t->amiss);
		(void)snprintf(t->amiss + at, sizeof(t->amiss) - at, "%s%s",
			t->n_amiss++ ? ", " : "", label); /* cut is fine */
	}
	if (tell_json_get(check, "latency_ms", &ms) && ms.kind == TELL_JSON_NUMBER &&
		tell_parse_f64(ms.text, ms.len, &value))
		tell_buf_printf(&t->perf, " '%s'=%.3fms;;;0", label, value);
}

/* One line, as monitoring systems read it: the text, a bar, numbers. */
static enum nagios put_nagios(const struct tell_status *s)
{
	struct tell_json_span health, checks, name, check;
	struct told t = { 0 };
	enum nagios code = UNKNOWN;
	if (tell_json_get(&s->all, "health", &health)) {
		code = code_of(&health);
		if (tell_json_get(&health, "checks", &checks))
			for (size_t pos = 0;
				tell_json_next(&checks, &pos, &name, &check);)
				take_check(&t, &name, &check);
	}
	tell_status_forward_perf(&t.perf, s);
	printf("TELLTALE %s - %s[%d]: ", nagios_words[code], s->of->service,
		(int)s->of->pid);
	if (t.n == 0)
		fputs("has no health lines", stdout);
	else if (t.n_amiss)
		printf("%zu of %zu checks fail: %s", t.n_amiss, t.n, t.amiss);
	else
		printf("%zu checks", t.n);
	printf("%s%s\n", t.perf.len ? " |" : "",
		t.perf.len ? tell_buf_cstr(&t.perf) : "");
	tell_buf_done(&t.perf);
	return code;
}

/* The worst of several; unknown is worse than well, better than ill. */
static enum nagios worse(enum nagios a, enum nagios b)
{
	static const int rank[] = { 0, 2, 3, 1 };
	return rank[a] >= rank[b] ? a : b;
}

int tell_status_probe(
	enum tell_status_probe probe, const struct tell_status *list, size_t n)
{
	bool all = true;
	enum nagios code = n ? OK : UNKNOWN;
	for (size_t i = 0; i < n; i++)
		if (probe == TELL_STATUS_NAGIOS)
			code = worse(put_nagios(&list[i]), code);
		else
			all &= passes(&list[i], probe);
	return probe == TELL_STATUS_NAGIOS ? (int)code : all ? EX_OK : 1;
}
