#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "unit/record/expr_fixture.h"

/* Any bytes as an expression: a refusal has a place and a fix; what is taken can be
 * evaluated, and "not" in front turns the result over. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static void check_refusal(const struct tell_expr_error *why, size_t len)
{
	expect(why->column >= 1 && why->column <= len + 1);
	expect(memchr(why->what, '\0', sizeof(why->what)) && *why->what);
	expect(memchr(why->fix, '\0', sizeof(why->fix)) && *why->fix);
}

static void check_result(const struct tell_expr *e, const char *text, size_t len)
{
	struct tell_record r;
	struct tell_expr *not_e = NULL;
	fixture_record(&r);
	bool yes = tell_expr_match(e, &r, &fixture_who);
	char *turned = malloc(len + 8);
	expect(turned);
	memcpy(turned, "not (", 5);
	memcpy(turned + 5, text, len);
	memcpy(turned + 5 + len, ")", 2);
	/* the limits may be in the way of the longer one */
	if (tell_expr_new(&not_e, turned, NULL) == 0)
		expect(tell_expr_match(not_e, &r, &fixture_who) != yes);
	tell_expr_free(not_e);
	free(turned);
	tell_record_done(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tell_expr *e;
	struct tell_expr_error why;
	char *text = malloc(len + 1);
	expect(text);
	if (len)
		memcpy(text, data, len);
	text[len] = '\0';
	len = strlen(text);
	if (tell_expr_new(&e, text, &why) < 0) {
		check_refusal(&why, len);
	} else {
		check_result(e, text, len);
		tell_expr_free(e);
	}
	free(text);
	return 0;
}
