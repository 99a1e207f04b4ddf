/* What waits in spools, for people: tell_status_spools(). */
#include <inttypes.h>
#include "tool/status.h"

/* syslog  /var/lib/telltale/0/shop.syslog.1
 *     waiting=12 unsent=3 bytes=4711 limit=268435456 ... */
static void put_spool(
	FILE *out, const struct tell_json_span *sink, const struct tell_json_span *spool)
{
	static const char *const words[] = { "waiting", "unsent", "bytes", "limit",
		"found", "again", "dropped", "damaged" };
	fputs("  ", out);
	tell_status_put_text(out, sink, "sink");
	fputs("  ", out);
	tell_status_put_text(out, spool, "path");
	fputs("\n   ", out);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		fprintf(out, " %s=%" PRIu64, words[i], tell_status_u64(spool, words[i]));
	fputc('\n', out);
}

void tell_status_spools(FILE *out, const struct tell_status *s)
{
	struct tell_json_span sinks, key, sink, spool;
	bool any = false;
	fprintf(out, "%s[%d]:", s->of->service, (int)s->of->pid);
	for (size_t pos = 0; tell_json_get(&s->all, "sinks", &sinks) &&
		tell_json_next(&sinks, &pos, &key, &sink);) {
		if (!tell_json_get(&sink, "spool", &spool))
			continue;
		if (!any)
			fputc('\n', out);
		any = true;
		put_spool(out, &sink, &spool);
	}
	if (!any)
		fputs(" no sink has a spool\n", out);
}
