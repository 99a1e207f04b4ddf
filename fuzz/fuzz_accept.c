#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "metric/expose_accept.h"

/* Any text as a client's header Accept: there is always an answer that exists, what is wanted most
 * and first is given whatever stands behind it, and a type is only seen where it is named. */
#define WANTED "application/json;q=1.0, "

static void expect(bool yes)
{
	if (!yes)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(sizeof(WANTED) + len);
	expect(text);
	memcpy(text, WANTED, sizeof(WANTED) - 1);
	char *header = text + sizeof(WANTED) - 1;
	if (len)
		memcpy(header, data, len);
	header[len] = '\0';

	enum tell_show got = tell_expose_accept(header);
	expect(got == TELL_SHOW_PROMETHEUS || got == TELL_SHOW_OPENMETRICS ||
		got == TELL_SHOW_JSON);
	expect(got != TELL_SHOW_OPENMETRICS ||
		strcasestr(header, "application/openmetrics-text"));
	expect(got != TELL_SHOW_JSON || strcasestr(header, "application/json"));
	expect(!tell_expose_accepts_health_json(header) ||
		strcasestr(header, "application/health+json"));
	expect(tell_expose_accept(text) == TELL_SHOW_JSON);
	free(text);
	return 0;
}
