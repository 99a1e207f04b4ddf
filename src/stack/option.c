#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/size.h"
#include "base/word.h"
#include "record/expr.h"
#include "record/level.h"
#include "stack/args.h"

__attribute__((format(printf, 2, 3))) static int refuse(
	struct tell_option_fault *fault, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(fault->fix, sizeof(fault->fix), fmt, ap); /* cut is fine */
	va_end(ap);
	return -EINVAL;
}

static int read_bool(
	const char *text, struct tell_arg_value *ret, struct tell_option_fault *fault)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on",
		"0", "1" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tell_word_same(words[i], text)) {
			ret->number = i & 1;
			return 0;
		}
	}
	return refuse(fault, "write yes or no");
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

/* One of the words in `choices`, separated by blanks; its place is the number. */
static int read_choice(const struct tell_option *option, const char *text,
	struct tell_arg_value *ret, struct tell_option_fault *fault)
{
	struct tell_nearest best = { 0 };
	char words[8][48]; /* the candidates must outlive the search */
	const char *s = skip_blanks(option->choices ? option->choices : "");
	for (uint64_t i = 0; *s; i++) {
		size_t n = (size_t)(strchrnul(s, ' ') - s);
		if (tell_word_is(text, s, n)) {
			ret->number = i;
			return 0;
		}
		char *word = words[i % 8];
		(void)snprintf(word, sizeof(words[0]), "%.*s", (int)n, s);
		if (i < 8)
			tell_nearest_offer(&best, text, word);
		s = skip_blanks(s + n);
	}
	if (best.word)
		return refuse(fault, "did you mean '%s'?", best.word);
	return refuse(fault, "write one of: %s", option->choices);
}

static int read_mode(
	const char *text, struct tell_arg_value *ret, struct tell_option_fault *fault)
{
	size_t n = 0;
	for (ret->number = 0; text[n] >= '0' && text[n] <= '7' && n < 5; n++)
		ret->number = ret->number * 8 + (uint64_t)(text[n] - '0');
	if (n == 0 || n > 4 || text[n])
		return refuse(fault, "write an octal file mode such as 0640");
	return 0;
}

static int read_ratio(
	const char *text, struct tell_arg_value *ret, struct tell_option_fault *fault)
{
	if (tell_parse_percent(text, &ret->ratio) == 0)
		return 0;
	double d;
	if (!tell_parse_f64(text, strlen(text), &d) || !(d >= 0 && d <= 1))
		return refuse(fault, "write a part of 1 such as 0.10, or 10%%");
	ret->ratio = d;
	return 0;
}

static int read_expr(const char *text, struct tell_option_fault *fault)
{
	struct tell_expr *e = NULL;
	struct tell_expr_error why;
	int r = tell_expr_new(&e, text, &why);
	tell_expr_free(e);
	if (r != -EINVAL)
		return r;
	(void)snprintf(fault->what, sizeof(fault->what), "%s", why.what);
	fault->column = why.column;
	return refuse(fault, "%s", why.fix);
}

static int read_number(
	const char *text, uint64_t min, uint64_t max, struct tell_arg_value *ret)
{
	uint64_t n;
	if (!tell_parse_u64(text, strlen(text), &n) || n < min || n > max)
		return -EINVAL;
	ret->number = n;
	return 0;
}

int tell_option_read(const struct tell_option *option, const char *text,
	struct tell_arg_value *ret, struct tell_option_fault *fault)
{
	*fault = (struct tell_option_fault){ 0 };
	ret->text = text;
	switch (option->kind) {
	case TELL_OPTION_TEXT:
		return 0;
	case TELL_OPTION_COUNT:
		if (read_number(text, 0, UINT64_MAX, ret) < 0)
			return refuse(fault, "write a whole number");
		return 0;
	case TELL_OPTION_PORT:
		if (read_number(text, 1, 65535, ret) < 0)
			return refuse(fault, "write a port from 1 to 65535");
		return 0;
	case TELL_OPTION_SIZE:
		if (tell_parse_size(text, &ret->number) < 0)
			return refuse(fault, TELL_SIZE_FIX);
		return 0;
	case TELL_OPTION_DURATION:
		if (tell_parse_duration(text, &ret->number) < 0)
			return refuse(fault, TELL_DURATION_FIX);
		return 0;
	case TELL_OPTION_RATIO:
		return read_ratio(text, ret, fault);
	case TELL_OPTION_BOOL:
		return read_bool(text, ret, fault);
	case TELL_OPTION_LEVEL: {
		int level = tell_level_parse(text, strlen(text));
		if (level < 0)
			return refuse(fault,
				"write one of: emerg alert crit error warning "
				"notice info debug");
		ret->number = (uint64_t)level;
		return 0;
	}
	case TELL_OPTION_CHOICE:
		return read_choice(option, text, ret, fault);
	case TELL_OPTION_MODE:
		return read_mode(text, ret, fault);
	case TELL_OPTION_EXPR:
		return read_expr(text, fault);
	}
	return refuse(fault, "this build does not know such values");
}
