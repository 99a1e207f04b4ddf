#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz/plant.h"
#include "tool/redact_json.h"
#include "tool/redact_pem.h"
#include "tool/redact_sieve.h"

/* telltale redact on any bytes: a line of JSON stays one, what changed is not changed again,
 * a planted secret is gone (fuzz/plant.h), also where a chunk of the input ends in its
 * middle; a cut lies inside and leaves what it was made for. */
#define WINDOW_LEAST	 64
#define WINDOW_WITH_ROOM 4096

static struct tell_redactor redactor;

static void must_at(int line, int holds)
{
	if (holds)
		return;
	(void)fprintf(stderr, "fuzz_filter.c:%d does not hold\n", line);
	abort();
}
#define must(holds) must_at(__LINE__, (holds))

static bool json(const char *s, size_t n, struct tell_buf *to)
{
	struct tell_redact_json j = { .rules = &redactor, .to = to };
	tell_buf_clear(to);
	bool is = tell_redact_json(&j, s, n);
	tell_redact_json_done(&j);
	return is;
}

static void a_line_of_json_stays_one(const char *s, size_t n)
{
	struct tell_buf once = { 0 }, twice = { 0 };
	if (json(s, n, &once)) {
		must(json(once.data, once.len, &twice));
		must(once.len == twice.len &&
			memcmp(once.data, twice.data, once.len) == 0);
	}
	tell_buf_done(&once);
	tell_buf_done(&twice);
}

static void a_planted_password_goes(const char *s, size_t n)
{
	struct tell_buf text = { 0 }, out = { 0 };
	tell_buf_puts(&text, "{\"x\":[");
	tell_buf_put(&text, s, n);
	tell_buf_puts(
		&text, "],\"m\":\"password=Zq7canaryX9\",\"password\":\"Zq7canaryX9\"}");
	if (json(text.data, text.len, &out))
		must(!memmem(out.data, out.len, "canaryX9", 8) ||
			memmem(s, n, "canaryX9", 8));
	tell_buf_done(&text);
	tell_buf_done(&out);
}

static void a_cut_changes_nothing(const char *s, size_t n)
{
	struct tell_sieve sieve;
	struct tell_buf all = { 0 };
	if (n < WINDOW_LEAST)
		return;
	tell_sieve_init(&sieve, &redactor);
	size_t at = tell_sieve_window(&sieve, s, n);
	must(at <= n);
	(void)tell_redactor_text(&redactor, s, n, &all);
	must(sieve.out.len <= all.len &&
		(!at || memcmp(sieve.out.data, all.data, sieve.out.len) == 0));
	tell_sieve_done(&sieve);
	tell_buf_done(&all);
}

/* Windows are cut in their last quarter: one that is as long as here has room there for any
 * of the secrets with what tells it. */
static void text_in_two_chunks(const struct plant *p, const struct tell_buf *text)
{
	static const char words[] = "all is well, and nothing more is to be said of it\n";
	static struct tell_buf all;
	struct tell_sieve sieve;
	tell_buf_clear(&all);
	while (all.len < WINDOW_WITH_ROOM)
		tell_buf_puts(&all, words);
	size_t chunk = all.len + p->from +
		plant_seed(p->secret, strlen(p->secret)) % (p->to - p->from);
	tell_buf_put(&all, text->data, text->len);
	tell_sieve_init(&sieve, &redactor);
	size_t at = tell_sieve_window(&sieve, all.data, chunk);
	must(at <= chunk);
	(void)tell_redactor_text(&redactor, all.data + at, all.len - at, &sieve.out);
	plant_must_be_gone(p, sieve.out.data, sieve.out.len);
	tell_sieve_done(&sieve);
}

/* A line of JSON as such; text in two chunks, the first of which ends within the secret. */
static void a_planted_secret_goes(const char *s, size_t n)
{
	static struct tell_buf text, all;
	uint64_t seed = plant_seed(s, n);
	struct plant p;
	plant_make(&p, &text, s, n, &seed);
	if (p.json && json(text.data, text.len, &all))
		plant_must_be_gone(&p, all.data, all.len);
	else
		text_in_two_chunks(&p, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!redactor.stack)
		must(tell_redactor_open(&redactor, NULL, 0) == 0);
	char *s = malloc(size ? size : 1);
	must(s != NULL);
	if (size)
		memcpy(s, data, size);
	(void)tell_pem_opens(s, size);
	(void)tell_pem_goes_on(s, size);
	a_line_of_json_stays_one(s, size);
	a_planted_password_goes(s, size);
	a_planted_secret_goes(s, size);
	a_cut_changes_nothing(s, size);
	free(s);
	return 0;
}
