/* What waits in spools, for people: tell_status_spools(). */
#include <inttypes.h>
#include "base/number.h"
#include "encode/parts.h"
#include "tool/status.h"

static void put_text(FILE *out, const struct tell_json_span *in, const char *key)
{
	struct tell_buf text = { 0 }, shown = { 0 };
	struct tell_json_span v;
	if (tell_json_get(in, key, &v) && v.kind == TELL_JSON_STRING)
		tell_json_decode(&text, &v);
	tell_text_escape(&shown, tell_buf_cstr(&text), text.len, false);
	fputs(tell_buf_cstr(&shown), out); /* seen by tell_cli_flush() */
	tell_buf_done(&shown);
	tell_buf_done(&text);
}

static void put_number(FILE *out, const struct tell_json_span *in, const char *key)
{
	struct tell_json_span v;
	uint64_t n = 0;
	if (tell_json_get(in, key, &v) && v.kind == TELL_JSON_NUMBER)
		(void)tell_parse_u64(v.text, v.len, &n); /* anything else: 0 */
	fprintf(out, "%" PRIu64, n);
}

/* syslog  /var/lib/telltale/0/shop.syslog.1
 *   waiting 12, unsent 3, bytes 4711 of 268435456, ... */
static void put_spool(
	FILE *out, const struct tell_json_span *sink, const struct tell_json_span *spool)
{
	static const char *const words[] = { "waiting", "unsent", "bytes", "limit",
		"found", "again", "dropped", "damaged" };
	fputs("  ", out);
	put_text(out, sink, "sink");
	fputs("  ", out);
	put_text(out, spool, "path");
	fputs("\n   ", out);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		fprintf(out, " %s=", words[i]);
		put_number(out, spool, words[i]);
	}
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
