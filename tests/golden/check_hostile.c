/* The inputs of hostile.in as name, value and message: what each exit makes of them is in
 * hostile.<exit>, a line for a line; and whatever it is, encoding_fault() and json-c agree
 * that it is sound. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/golden.h"
#include "support/json_back.h"

#define N_EXITS 6
static const char *const exits[N_EXITS] = { "journal", "json", "logfmt", "text",
	"rfc5424", "rfc3164" };

static struct tell_buf inputs, wanted;

/* The bytes of one line; "@3:ab" is ababab. */
static void input_make(struct tell_buf *out, const char *s, size_t n)
{
	char *text;
	unsigned long times = 1;
	if (n && *s == '@') {
		times = strtoul(s + 1, &text, 10);
		n -= (size_t)(text + 1 - s);
		s = text + 1;
	}
	tell_buf_clear(out);
	while (times--)
		golden_unquote(out, s, n);
	(void)tell_buf_cstr(out);
}

/* A record with the input in the given role and nothing else in the way. */
static void record_make(
	struct encoding *e, const char *role, const struct tell_buf *input)
{
	bool message = strncmp(role, "message", 7) == 0;
	encoding_begin_n(e, message ? input->data : "m", message ? input->len : 1);
	e->r.head->place = 0;
	e->r.head->seq = 0;
	e->r.head->tid = 0;
	if (strncmp(role, "value", 5) == 0)
		encoding_add(e, 0, tell_strn("x", input->data, input->len));
	if (strncmp(role, "name", 4) == 0) {
		struct tell_field f = tell_str("", "v");
		f.key = input->data;
		f.key_len = (uint16_t)input->len;
		encoding_add(e, 0, f);
	}
}

/* One line of an expectation; of long output the ends and the hash of all of it. */
static void put_line(struct tell_buf *out, const struct tell_buf *got)
{
	enum { SHOWN = 160 };
	if (got->len <= 3 * (size_t)SHOWN) {
		golden_quote(out, got->data, got->len);
	} else {
		golden_quote(out, got->data, SHOWN);
		tell_buf_printf(out, " ... %zu bytes, %08x ... ", got->len,
			tell_hash_bytes(got->data, got->len));
		golden_quote(out, got->data + got->len - SHOWN, SHOWN);
	}
	tell_buf_putc(out, '\n');
}

/* Call fn for every input. */
static void for_each(
	void (*fn)(struct encoding *e, const char *line, void *arg), void *arg)
{
	struct tell_buf input;
	tell_buf_init(&input, 0);
	tell_buf_clear(&inputs);
	golden_read(&inputs, "hostile.in");
	for (const char *s = tell_buf_cstr(&inputs); *s; s = strchr(s, '\n') + 1) {
		struct encoding e;
		const char *tab = strchr(s, '\t');
		if (*s == '#')
			continue;
		input_make(&input, tab + 1, strcspn(tab + 1, "\n"));
		record_make(&e, s, &input);
		fn(&e, s, arg);
		encoding_end(&e);
	}
	tell_buf_done(&input);
}

static void put_expectation(struct encoding *e, const char *line, void *format)
{
	(void)line;
	e->l.message_full = strcmp(format, "json") != 0 && strcmp(format, "rfc5424") != 0;
	ck_assert_ptr_nonnull(encoding_text(e, format));
	put_line(&wanted, &e->out);
}

START_TEST(each_exit_writes_what_is_expected)
{
	char path[64];
	(void)snprintf(path, sizeof(path), "hostile.%s", exits[_i]);
	for_each(put_expectation, (void *)(uintptr_t)exits[_i]);
	const char *fault = golden_fault(path, wanted.data, wanted.len);
	ck_assert_msg(!fault, "%s", fault);
}
END_TEST

static void check_sound(struct encoding *e, const char *line, void *count)
{
	for (int full = 0; full < 2; full++) {
		e->l.message_full = full;
		const char *fault = encoding_fault(e);
		if (!fault)
			fault = json_back_fault(e);
		ck_assert_msg(!fault, "%s: %.60s", fault, line);
	}
	++*(int *)count;
}

START_TEST(every_exit_stays_sound)
{
	int count = 0;
	for_each(check_sound, &count);
	ck_assert_int_ge(count, 200);
}
END_TEST

static Suite *hostile_suite(void)
{
	Suite *s = suite_create("golden/hostile");
	TCase *tc = tcase_create("hostile");
	tcase_add_loop_test(tc, each_exit_writes_what_is_expected, 0, N_EXITS);
	tcase_add_test(tc, every_exit_stays_sound);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(hostile_suite)
