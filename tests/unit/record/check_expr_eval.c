#include "support/check_main.h"
#include "unit/record/expr_fixture.h"

struct row {
	const char *text;
	bool holds;
};

static const struct row rows[] = {
	/* levels: worse is greater */
	{ "level>=warning", true },
	{ "level>warning", false },
	{ "level<=warning", true },
	{ "level<warning", false },
	{ "level=warning", true },
	{ "level=warn", true },
	{ "level=WARNING", true },
	{ "level!=warning", false },
	{ "level>=error", false },
	{ "level>info", true },
	{ "level>=debug", true },
	{ "level<emerg", true },
	{ "level=\"warning\"", true },
	{ "level>=4", true },
	{ "level>=3", false },
	{ "4<=level", true },
	{ "\"warning\"=level", true },
	{ "'warning'!=level", false },
	{ "\"error\">level", true },
	{ "'error' < level", false },
	{ "level~\"^warn\"", true },
	{ "level!~\"^warn\"", false },
	{ "LEVEL>=notice", true },
	{ "level", true },
	{ "priority=4", true },
	{ "priority<=4", true },
	{ "PRIORITY<4", false },
	{ "priority+1=5", true },
	/* numbers */
	{ "status=503", true },
	{ "status=503.0", true },
	{ "status!=503", false },
	{ "status>=500", true },
	{ "status>=504", false },
	{ "status<504", true },
	{ "status<=503", true },
	{ "status>503", false },
	{ "status=\"503\"", true },
	{ "status=unknown", false },
	{ "status!=unknown", true },
	{ "status>unknown", false },
	{ "status<unknown", false },
	{ "neg=-3", true },
	{ "neg<0", true },
	{ "neg < -2", true },
	{ "-neg=3", true },
	{ "- -neg = -3", true },
	{ "zero=0", true },
	{ "zero=-0", true },
	{ "big=18446744073709551615", true },
	{ "big=18446744073709551614", false },
	{ "big>18446744073709551614", true },
	{ "big>neg", false },
	{ "big>(neg)", true },
	{ "(neg)<(big)", true },
	{ "ratio=0.25", true },
	{ "ratio=.25", true },
	{ "ratio=25e-2", true },
	{ "ratio<0.3 and ratio>0.2", true },
	{ "nothing=nothing", false },
	{ "nothing=0", false },
	{ "nothing!=0", true },
	{ "nothing<0 or nothing>=0", false },
	{ "errno=2", true },
	{ "error~\"No such file\"", true },
	{ "5 < status", true },
	{ "600 < status", false },
	/* text */
	{ "user=ann", true },
	{ "user=Ann", false },
	{ "user=an", false },
	{ "user=anna", false },
	{ "user!=bob", true },
	{ "user=\"ann\"", true },
	{ "user='ann'", true },
	{ "\"ann\"=user", true },
	{ "USER=ann", true },
	{ "User = ann", true },
	{ "user<bob", true },
	{ "user>bob", false },
	{ "user<=ann", true },
	{ "user>=ann", true },
	{ "user>an", true },
	{ "tenant=acme-eu", true },
	{ "tenant=acme", false },
	{ "path=/health/live", true },
	{ "path=/", false },
	{ "path>/", true },
	{ "http.route=\"/cart/{id}\"", true },
	{ "http_route=/cart/{id}", true },
	{ "HTTP_ROUTE!=/cart", true },
	{ "empty=\"\"", true },
	{ "empty=''", true },
	{ "user=''", false },
	{ "said=\"he said \\\"no\\\"\\n\"", true },
	{ "said='he said \"no\"\\n'", true },
	{ "json='{\"a\":1}'", true },
	/* text that is a number */
	{ "number=42", true },
	{ "number=42.0", true },
	{ "number=042", true },
	{ "number=\"42\"", true },
	{ "number=\"42.0\"", false },
	{ "number>9", true },
	{ "number>\"9\"", true },
	{ "number<100", true },
	{ "number>5 and number<50", true },
	{ "word>=500", false },
	{ "word<500", false },
	{ "word!=500", true },
	{ "word>=\"500\"", true },
	{ "e_id=\"100000\"", false },
	{ "e_id=\"1e5\"", true },
	{ "e_id=100000", true },
	{ "long_id=12345678901234567890123", true },
	{ "long_id=12345678901234567890124", false },
	{ "long_id=\"12345678901234567890124\"", false },
	/* other types */
	{ "cached=true", true },
	{ "cached=false", false },
	{ "cached=1", true },
	{ "cached=\"1\"", true },
	{ "cached=\"true\"", true },
	{ "cached<(number)", true },
	{ "cached!=0", true },
	{ "retried=false", true },
	{ "retried=0", true },
	{ "retried<(cached)", true },
	{ "took>0.3", true },
	{ "took=0.35", true },
	{ "took<=0.3", false },
	{ "took*1000=350", true },
	{ "at>=2026-11-20", true },
	{ "at~\"^20[0-9][0-9]-\"", true },
	{ "trace_id=4bf92f3577b34da6a3ce929d0e0e4736", true },
	{ "trace_id=4bf92f3577b34da6a3ce929d0e0e4737", false },
	{ "digest=\"01ff\"", true },
	{ "raw~b$", true },
	{ "raw~^ab", false },
	{ "ptr=0xbeef", true },
	{ "peer=127.0.0.1:80", true },
	{ "peer~\"^127[.]\"", true },
	{ "token", true },
	{ "token=\"[REDACTED]\"", true },
	{ "token=x", false },
	/* lists */
	{ "tags=eu", true },
	{ "tags=us", false },
	{ "tags!=eu", false },
	{ "tags!=us", true },
	{ "tags=7", true },
	{ "tags>6", true },
	{ "tags>7", false },
	{ "tags~^n", true },
	{ "tags!~^n", false },
	{ "tags!~^x", true },
	{ "\"eu\"=tags", true },
	{ "tags", true },
	{ "none", false },
	{ "none=eu", false },
	{ "none!=eu", true },
	{ "(tags)=(tags)", true },
	/* missing */
	{ "absent=1", false },
	{ "absent!=1", true },
	{ "absent<1", false },
	{ "absent>=1", false },
	{ "absent~x", false },
	{ "absent!~x", true },
	{ "absent=\"\"", false },
	{ "not absent=1", true },
	{ "absent+1=1", false },
	{ "absent+1!=1", true },
	{ "absent=(absent)", false },
	{ "gone=1", false },
	{ "gone!=1", true },
	{ "gone", false },
	{ "word+1=1", false },
	/* a name alone */
	{ "user", true },
	{ "absent", false },
	{ "not absent", true },
	{ "cached", true },
	{ "retried", false },
	{ "zero", false },
	{ "neg", true },
	{ "empty", false },
	{ "text0", false },
	{ "nothing", false },
	{ "ratio", true },
	{ "1", true },
	{ "0", false },
	{ "status-503", false },
	/* what every record has */
	{ "message=\"payment failed\"", true },
	{ "message~failed$", true },
	{ "service=checkout", true },
	{ "syslog_identifier=checkout", true },
	{ "logger~^shop", true },
	{ "logger=shop.cart", true },
	{ "kind=log", true },
	{ "kind!=metric", true },
	{ "file=src/cart.c", true },
	{ "file~\"cart\\.c$\"", true },
	{ "code_file=src/cart.c", true },
	{ "line>=100 and line<=200", true },
	{ "code_line=128", true },
	{ "func=add_item", true },
	{ "code_func!=add_item", false },
	{ "pid=4242", true },
	{ "tid=77", true },
	/* patterns */
	{ "path~\"^/health\"", true },
	{ "path~^/health", true },
	{ "path~^/(health|ready)/", true },
	{ "(path~^/(health|ready))", true },
	{ "path~'^/heal$'", false },
	{ "path!~\"^/api\"", true },
	{ "status~^5", true },
	{ "status~\"^50[0-2]$\"", false },
	{ "cached~tru", true },
	{ "user~\"^a.*n$\"", true },
	{ "said~\"\\\"no\\\"\"", true },
	/* arithmetic */
	{ "errors_total / requests_total > 0.05", true },
	{ "errors_total/requests_total>0.051", false },
	{ "status + 1 = 504", true },
	{ "status = 500 + 3", true },
	{ "status > 100*5", true },
	{ "2 + 3 * 4 = 14", true },
	{ "(2 + 3) * 4 = 20", true },
	{ "10 - 3 - 2 = 5", true },
	{ "100 / 10 / 5 = 2", true },
	{ "status > errors_total * 2", true },
	{ "status>(errors_total)", true },
	{ "requests_total<(status)", false },
	{ "status / zero > 1000000", true },
	{ "zero / zero > 0", false },
	{ "zero / zero != 0", true },
	{ "status=503 - zero", true },
	{ "number + 1 = 43", true },
	{ "cached + cached = 2", true },
	/* and, or, not */
	{ "status=503 and user=ann", true },
	{ "status=503 and user=bob", false },
	{ "status=1 or user=ann", true },
	{ "status=1 or user=bob", false },
	{ "not status=1", true },
	{ "not not status=503", true },
	{ "not (status=503 or user=bob)", false },
	{ "not status=503 or user=ann", true },
	{ "user=ann or user=bob and status=1", true },
	{ "(user=ann or user=bob) and status=1", false },
	{ "user=bob and status=503 or user=ann", true },
	{ "level>=warning and status>=500 and not path~\"^/health\"", false },
	{ "level>=warning AND status>=500 AND NOT path~\"^/api\"", true },
	{ "(((user=ann)))", true },
	{ "\tuser\n=  ann  ", true },
	{ "user=ann and(status=503)", true },
};

static void check_row(const struct row *row, const struct tell_record *r)
{
	struct tell_expr *e = NULL;
	struct tell_expr_error why;
	int error = tell_expr_new(&e, row->text, &why);
	ck_assert_msg(error == 0, "%s: column %u: %s", row->text, why.column, why.what);
	ck_assert_msg(tell_expr_match(e, r, &fixture_who) == row->holds, "%s: not %s",
		row->text, row->holds ? "true" : "false");
	tell_expr_free(e);
}

START_TEST(expressions_hold_as_the_table_says)
{
	struct tell_record r;
	fixture_record(&r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i], &r);
	tell_record_done(&r);
}
END_TEST

START_TEST(a_field_wins_over_the_place_of_the_same_name)
{
	struct tell_record r;
	fixture_record(&r);
	struct tell_field own[] = { tell_str("file", "/etc/passwd"),
		tell_i64("line", 3) };
	tell_record_add(&r, own, 2, 0, NULL);
	check_row(&(struct row){ "file=/etc/passwd and line=3", true }, &r);
	check_row(&(struct row){ "code_file=src/cart.c and code_line=128", true }, &r);
	tell_record_done(&r);
}
END_TEST

START_TEST(a_record_without_anything_has_only_a_level_and_a_kind)
{
	struct tell_record r = { .limit = TELL_RECORD_LIMIT };
	ck_assert_int_eq(tell_record_begin(&r, TELL_DEBUG, TELL_KIND_METRIC), 0);
	static const struct row bare[] = { { "level=debug and kind=metric", true },
		{ "message or file or line or func or logger or tid or user", false },
		{ "message!=x and file!~x and pid=4242", true } };
	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
		check_row(&bare[i], &r);

	struct tell_expr *e;
	ck_assert_int_eq(tell_expr_new(&e, "service or pid", NULL), 0);
	ck_assert(!tell_expr_match(e, &r, NULL));
	tell_expr_free(e);
	tell_record_done(&r);
}
END_TEST

/* A source of values that is no record: three names. */
static bool find(const void *from, const char *name, size_t len, struct tell_value *ret,
	uint64_t *room)
{
	const char *level = from;
	if (len == 5 && memcmp(name, "level", 5) == 0) {
		*ret = (struct tell_value){ .type = TELL_TYPE_STR,
			.len = (uint32_t)strlen(level),
			.data = level };
		return true;
	}
	if (len == 5 && memcmp(name, "_boot", 5) == 0) {
		double half = 0.5;
		memcpy(room, &half, sizeof(half));
		*ret = (struct tell_value){
			.type = TELL_TYPE_F64, .len = 8, .data = room
		};
		return true;
	}
	return false;
}

static bool found(const char *text, const char *level)
{
	struct tell_expr *e;
	ck_assert_int_eq(tell_expr_new(&e, text, NULL), 0);
	bool yes = tell_expr_match_by(e, find, level);
	tell_expr_free(e);
	return yes;
}

START_TEST(values_may_come_from_elsewhere)
{
	ck_assert(found("level>=warning and _BOOT=0.5", "err"));
	ck_assert(!found("level>=warning", "info"));
	ck_assert(found("level>=warning", "3"));
	ck_assert(!found("level>=debug", "no such level"));
	ck_assert(found("level!=error", "no such level"));
	ck_assert(found("service!=x and not pid", "info"));
	ck_assert(found("_boot * 2 > _boot + 0.1", "info"));
}
END_TEST

static Suite *expr_eval_suite(void)
{
	Suite *s = suite_create("record/expr_eval");
	tell_check_add(s, "table", expressions_hold_as_the_table_says, NULL);
	tell_check_add(s, "names", a_field_wins_over_the_place_of_the_same_name,
		a_record_without_anything_has_only_a_level_and_a_kind,
		values_may_come_from_elsewhere, NULL);
	return s;
}
TELL_CHECK_MAIN(expr_eval_suite)
