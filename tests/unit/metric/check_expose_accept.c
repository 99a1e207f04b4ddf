#include "metric/expose_accept.h"
#include "support/check_main.h"

#define PROMETHEUS_2_42                                                                  \
	"application/openmetrics-text;version=1.0.0,"                                    \
	"application/openmetrics-text;version=0.0.1;q=0.75,"                             \
	"text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

static const struct {
	const char *header;
	enum tell_show is;
} asked[] = {
	{ NULL, TELL_SHOW_PROMETHEUS },
	{ "", TELL_SHOW_PROMETHEUS },
	{ "*/*", TELL_SHOW_PROMETHEUS },
	{ "text/html", TELL_SHOW_PROMETHEUS }, /* which there is not */
	{ PROMETHEUS_2_42, TELL_SHOW_OPENMETRICS },
	{ "application/openmetrics-text", TELL_SHOW_OPENMETRICS },
	{ "Application/OpenMetrics-Text; Version=\"1.0.0\"", TELL_SHOW_OPENMETRICS },
	{ "application/openmetrics-text;version=0.0.1", TELL_SHOW_PROMETHEUS },
	{ "application/openmetrics-text2", TELL_SHOW_PROMETHEUS },
	{ "application/json", TELL_SHOW_JSON },
	{ "text/html , application/json ; charset=utf-8", TELL_SHOW_JSON },
	/* The greatest q, then the first. */
	{ "application/json;q=0.4, text/plain;q=0.5", TELL_SHOW_PROMETHEUS },
	{ "application/json;q=0.5, text/plain;q=0.4", TELL_SHOW_JSON },
	{ "application/json, application/openmetrics-text", TELL_SHOW_JSON },
	{ "application/openmetrics-text, application/json", TELL_SHOW_OPENMETRICS },
	{ "text/plain;q=0.999, application/json;q=1", TELL_SHOW_JSON },
	{ "application/json;q=0", TELL_SHOW_PROMETHEUS },
	{ "application/json;q=0.000,*/*;q=0.001", TELL_SHOW_PROMETHEUS },
	{ "application/json;q=1.000,*/*", TELL_SHOW_JSON },
	{ "application/json;q=x", TELL_SHOW_PROMETHEUS }, /* no number is none */
	{ "application/json;q=9,*/*", TELL_SHOW_JSON },	  /* nothing is more than 1 */
	/* A comma or semicolon in quotes divides nothing. */
	{ "text/html;a=\"b,application/json\"", TELL_SHOW_PROMETHEUS },
	{ "application/json;a=\";q=0\"", TELL_SHOW_JSON },
	{ ",,;;=,\"", TELL_SHOW_PROMETHEUS },
};

START_TEST(what_is_wanted_most_is_had)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		ck_assert_msg(tell_expose_accept(asked[i].header) == asked[i].is,
			"%s: %d", asked[i].header ? asked[i].header : "none",
			(int)tell_expose_accept(asked[i].header));
}
END_TEST

START_TEST(health_json_is_asked_for_by_its_name)
{
	ck_assert(tell_expose_accepts_health_json("application/health+json"));
	ck_assert(tell_expose_accepts_health_json(
		"text/html, Application/Health+JSON;q=0.1"));
	ck_assert(!tell_expose_accepts_health_json("application/health+json;q=0"));
	ck_assert(!tell_expose_accepts_health_json("application/json, */*"));
	ck_assert(!tell_expose_accepts_health_json(NULL));
}
END_TEST

static Suite *accept_suite(void)
{
	Suite *s = suite_create("metric/expose_accept");
	tell_check_add(s, "accept", what_is_wanted_most_is_had,
		health_json_is_asked_for_by_its_name, NULL);
	return s;
}

TELL_CHECK_MAIN(accept_suite)
