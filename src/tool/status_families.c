/* telltale status for people: which metrics the service has, and where their values are. */
#include <inttypes.h>
#include <string.h>
#include "tool/status.h"

#define NAMED 6		    /* families; further ones are counted */
#define OURS  "\"telltale_" /* the ledger, which stands beside it in words */

/* The next family of the service's own. */
static bool next(const struct tell_json_span *metrics, size_t *pos,
	struct tell_json_span *ret_family)
{
	struct tell_json_span key, name;
	while (tell_json_next(metrics, pos, &key, ret_family))
		if (tell_json_get(ret_family, "name", &name) &&
			(name.len < sizeof(OURS) ||
				memcmp(name.text, OURS, sizeof(OURS) - 1) != 0))
			return true;
	return false;
}

/* As it is asked for: a counter's name has its ending outside of JSON. */
static void put_name(FILE *out, const struct tell_json_span *family)
{
	struct tell_json_span type;
	tell_status_put_text(out, family, "name");
	if (tell_json_get(family, "type", &type) && tell_json_key_is(&type, "counter"))
		fputs("_total", out);
}

void tell_status_families(FILE *out, const struct tell_status *s)
{
	struct tell_json_span metrics, family;
	uint64_t n = 0;
	if (!tell_json_get(&s->all, "metrics", &metrics))
		return;
	for (size_t pos = 0; next(&metrics, &pos, &family); n++) {
		if (n < NAMED) {
			fputs(n ? ", " : "  metrics  ", out);
			put_name(out, &family);
		}
	}
	if (n > NAMED)
		fprintf(out, " and %" PRIu64 " more", n - NAMED);
	if (n)
		fputs("; -o prometheus has their values\n", out);
}
