#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz/plant.h"
#include "redact/mask.h"
#include "redact/search.h"
#include "support/json_grammar.h"

/* The detectors read what attackers write. Whatever comes: no byte outside is touched,
 * both ways to look see the same, a second pass changes nothing, JSON stays JSON, the text
 * grows by no more than the masks, and what is planted is gone: in many settings
 * (fuzz/plant.h), and behind signs that try to keep it. */
#define PLANTS 4

static struct tell_buf out, work, again;

static void must_at(int line, int holds)
{
	if (holds)
		return;
	(void)fprintf(stderr, "fuzz_redact.c:%d does not hold\n", line);
	abort();
}
#define must(holds) must_at(__LINE__, (holds))

/* The text masked, in `out`; the text itself when there was nothing. */
static const char *mask(const char *s, size_t n, struct tell_buf *to, size_t *ret_len)
{
	struct tell_mask m;
	bool whole;
	tell_mask_init(&m, to, &work);
	int found = tell_mask_text(&m, s, n, &whole);
	must(found >= 0);
	tell_mask_done(&m);
	*ret_len = found ? to->len : n;
	return found ? to->data : s;
}

/* Personal data and another style: a second pass changes nothing there, either. */
static void others_come_to_rest(const char *s, size_t n)
{
	struct tell_style style = { .kind = TELL_STYLE_PARTIAL };
	struct tell_mask m;
	bool whole;
	tell_mask_init(&m, &out, &work);
	m.style = &style;
	m.pii = true;
	int found = tell_mask_text(&m, s, n, &whole);
	must(found >= 0);
	if (found) {
		tell_buf_clear(&again);
		tell_buf_put(&again, out.data, out.len);
		must(tell_mask_text(&m, again.data, again.len, &whole) == 0);
	}
	tell_mask_done(&m);
}

static void both_ways_see_the_same(const char *s, size_t n)
{
	struct tell_spans a, b;
	struct tell_search x, y;
	tell_spans_init(&a);
	tell_spans_init(&b);
	tell_search_init(&x, s, n, &a);
	tell_search_run(&x);
	tell_search_init(&y, s, n, &b);
	tell_search_run_plain(&y);
	tell_spans_settle(&a);
	tell_spans_settle(&b);
	must(a.n == b.n && x.unicode == y.unicode);
	for (size_t i = 0; i < a.n; i++)
		must(a.at[i].from == b.at[i].from && a.at[i].to == b.at[i].to &&
			a.at[i].to <= n);
	tell_spans_done(&a);
	tell_spans_done(&b);
}

/* One string, array or object. What the grammar takes json-c must take, too: neither judge
 * is trusted alone. */
static int is_json(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && memchr(" \t\n\r", s[i], 4))
		i++;
	if (i == n || !memchr("{[\"", s[i], 3) || !json_grammar_holds(s, n))
		return 0;
	struct json_tokener *t = json_tokener_new_ex(JSON_GRAMMAR_DEPTH + 4);
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	struct json_object *o = n < 1 << 20 ? json_tokener_parse_ex(t, s, (int)n) : NULL;
	must(o || n >= 1 << 20);
	json_object_put(o);
	json_tokener_free(t);
	return 1;
}

static void a_planted_password_goes(const char *s, size_t n, const char *planted)
{
	size_t more = strlen(planted), len;
	char *text = malloc(n + more);
	must(text != NULL);
	memcpy(text, s, n);
	memcpy(text + n, planted, more);
	const char *got = mask(text, n + more, &out, &len);
	must(!memmem(got, len, "canary", 6) || memmem(s, n, "canary", 6));
	free(text);
}

/* It grows by the masks at most, JSON stays JSON, a second pass changes nothing. */
static const char *mask_and_judge(const char *s, size_t n, size_t *ret_len)
{
	size_t len2;
	const char *once = mask(s, n, &out, ret_len);
	must(*ret_len <= n + 20 * (n + 1));
	if (is_json(s, n) && once != s)
		must(is_json(once, *ret_len) || memcmp(once, "[REDACTED:", 10) == 0);
	tell_buf_clear(&again);
	const char *twice = mask(once, *ret_len, &again, &len2);
	must(*ret_len == len2 && memcmp(once, twice, len2) == 0);
	return once;
}

static void planted_secrets_go(const char *s, size_t n)
{
	static struct tell_buf text;
	uint64_t seed = plant_seed(s, n);
	for (int i = 0; i < PLANTS; i++) {
		struct plant p;
		size_t len;
		plant_make(&p, &text, s, n, &seed);
		const char *got = mask_and_judge(text.data, text.len, &len);
		plant_must_be_gone(&p, got, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size ? size : 1);
	must(s != NULL);
	memcpy(s, data, size);
	both_ways_see_the_same(s, size);
	others_come_to_rest(s, size);

	size_t len;
	(void)mask_and_judge(s, size, &len);
	planted_secrets_go(s, size);
	a_planted_password_goes(s, size, "\npassword=Zq7canaryX9 \n");
	a_planted_password_goes(s, size, "\npassword\\u003dZq7canaryX9 \n");
	a_planted_password_goes(s, size, "\npassword=[REDACTED:pair]Zq7canaryX9 \n");
	free(s);
	return 0;
}
