#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record/record.h"
#include "stack/stack.h"

/* enrich parse on any bytes as a message: the record stays one that can be read, the fields it had
 * stay as they were, and the text either stays or is gone: of a planted secret, which the lines
 * behind it hide by the field's name, nothing is left. The first byte chooses the form. */
static struct tell_stack *stacks[3];
static const struct tell_identity who = { .service = "fuzz", .host = "h" };

static void must_at(int line, int holds)
{
	if (holds)
		return;
	(void)fprintf(stderr, "fuzz_parse.c:%d does not hold\n", line);
	abort();
}
#define must(holds) must_at(__LINE__, (holds))

static void load(void)
{
	static const char *const forms[] = { "auto", "json", "logfmt" };
	for (size_t i = 0; i < 3; i++) {
		char text[200];
		struct tell_report report = { 0 };
		(void)snprintf(text, sizeof(text),
			"enrich required parse format=%s\nredact requisite keys\n"
			"redact requisite detect\nsink required permit",
			forms[i]);
		must(tell_stack_load_text(&stacks[i], &who, "fuzz", text, strlen(text), 0,
			     &report) == 0);
		tell_report_done(&report);
	}
}

static void run(struct tell_stack *stack, struct tell_record *r, const char *s, size_t n)
{
	static struct tell_buf out, work;
	struct tell_run run = {
		.record = r, .who = &who, .out = &out, .work = &work, .budget_ms = 50
	};
	struct tell_field had[] = { tell_str("user", "bob"), tell_i64("n", 7) };
	must(tell_record_begin(r, 6, TELL_KIND_LOG) == 0);
	tell_record_message(r, s, n);
	tell_record_add(r, had, 2, 0, NULL);
	(void)tell_stack_run(stack, &run);
}

static void the_record_is_whole(const struct tell_record *r)
{
	struct tell_record view;
	struct tell_value v;
	must(r->head->level <= 7);
	must(tell_record_view(&view, r->head, r->head->size) == 0);
	must(tell_record_get(r, "n", 1, &v) && v.type == TELL_TYPE_I64 &&
		tell_value_i64(&v) == 7);
	must(tell_record_get(r, "user", 4, &v) && v.len == 3 &&
		memcmp(v.data, "bob", 3) == 0);
}

static void a_planted_secret_goes(const char *s, size_t n)
{
	static struct tell_record r;
	struct tell_buf text = { 0 };
	struct tell_value v;
	tell_buf_puts(&text, "{\"x\":\"");
	for (size_t i = 0; i < n; i++)
		tell_buf_printf(&text, "\\u%04x", (unsigned char)s[i]);
	tell_buf_puts(&text, "\",\"a\":{\"password\":\"Zq7canaryX9\"},\"n\":8}");
	run(stacks[0], &r, text.data, text.len);
	for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);)
		must(!memmem(v.data, v.len, "Zq7canaryX9", 11) ||
			memmem(s, n, "canary", 6));
	must(tell_record_get(&r, "parsed_n", 8, &v) && tell_value_i64(&v) == 8);
	tell_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tell_record r;
	if (!stacks[0])
		load();
	if (len == 0 || len > 20000)
		return 0;
	const char *s = (const char *)data + 1;
	run(stacks[data[0] % 3], &r, s, len - 1);
	the_record_is_whole(&r);
	if (len < 2000)
		a_planted_secret_goes(s, len - 1);
	return 0;
}
