#include "encode/health.h"
#include <string.h>
#include "base/clock.h"
#include "encode/json.h"
#include "encode/member.h"
#include "encode/room.h"

static const char *const words[] = { "unknown", "healthy", "degraded", "unhealthy" };
static const char *const draft_words[] = { "warn", "pass", "warn", "fail" };

const char *tell_health_word(enum tell_health_status status)
{
	return (unsigned)status < sizeof(words) / sizeof(words[0]) ? words[status]
								   : words[0];
}

static void put_bool(struct tell_buf *out, const char *name, bool value)
{
	tell_member_name(out, name);
	tell_buf_puts(out, value ? "true" : "false");
}

static void put_time(struct tell_buf *out, const char *name, uint64_t realtime_ns)
{
	if (realtime_ns)
		tell_member_time(out, name, realtime_ns);
}

static void put_ms(struct tell_buf *out, const char *name, uint64_t ns)
{
	tell_member_name(out, name);
	tell_buf_printf(out, "%.3f", (double)ns / 1e6);
}

static void put_details(struct tell_buf *out, const struct tell_record *said)
{
	if (!said || !said->head || !said->head->n_slots)
		return;
	tell_member_name(out, "details");
	tell_buf_putc(out, '{');
	size_t start = out->len;
	char *p = tell_room_begin(out, TELL_SLACK);
	p = p ? tell_json_fields(out, p, said) : NULL;
	tell_room_end(out, p, start);
	if (out->len > start) { /* the first has a comma, too */
		memmove(out->data + start, out->data + start + 1, out->len - start - 1);
		out->len--;
	}
	tell_buf_putc(out, '}');
}

/* ---- a check ---- */

static void put_check(struct tell_buf *out, const struct tell_health_one *c)
{
	tell_member_text(out, "status", tell_health_word(c->status));
	put_ms(out, "latency_ms", c->latency_ns);
	put_time(out, "since", c->since_ns);
	put_bool(out, "live", c->live);
	put_details(out, c->said);
}

static void put_component(struct tell_buf *out, const struct tell_health_one *c)
{
	tell_member_text(out, "status", tell_health_word(c->status));
	put_ms(out, "latency_ms", c->latency_ns);
}

static void put_draft(struct tell_buf *out, const struct tell_health_one *c)
{
	struct tell_value v;
	tell_member_text(out, "status", draft_words[c->status]);
	tell_member_text(out, "componentType", "component");
	put_ms(out, "observedValue", c->latency_ns);
	tell_member_text(out, "observedUnit", "ms");
	put_time(out, "time", c->at_ns);
	if (c->status == TELL_HEALTHY || !c->said || !c->said->head ||
		!tell_record_get(c->said, "reason", 6, &v) || v.type != TELL_TYPE_STR)
		return; /* section 3.10: not with pass */
	tell_member_name(out, "output");
	tell_member_string(out, v.data, v.len);
}

/* ---- all ---- */

static void put_list(struct tell_buf *out, const struct tell_health_all *all,
	void (*put)(struct tell_buf *, const struct tell_health_one *), bool in_array)
{
	tell_buf_putc(out, '{');
	for (size_t i = 0; i < all->n; i++) {
		tell_member_name(out, all->checks[i].name);
		tell_buf_puts(out, in_array ? "[{" : "{");
		put(out, &all->checks[i]);
		tell_buf_puts(out, in_array ? "}]" : "}");
	}
	tell_buf_putc(out, '}');
}

void tell_encode_health(struct tell_buf *out, const struct tell_health_all *all,
	enum tell_health_layout layout)
{
	tell_buf_putc(out, '{');
	switch (layout) {
	case TELL_HEALTH_CHECKS:
		tell_member_text(out, "status", tell_health_word(all->status));
		put_bool(out, "live", all->live);
		put_time(out, "since", all->since_ns);
		tell_member_name(out, "checks");
		put_list(out, all, put_check, false);
		break;
	case TELL_HEALTH_COMPONENTS:
		tell_member_text(out, "status", tell_health_word(all->status));
		put_time(out, "timestamp", all->now_ns);
		tell_member_name(out, "components");
		put_list(out, all, put_component, false);
		break;
	case TELL_HEALTH_JSON:
		tell_member_text(out, "status", draft_words[all->status]);
		tell_member_text(out, "serviceId", all->service);
		tell_member_name(out, "checks");
		put_list(out, all, put_draft, true);
		break;
	}
	tell_buf_putc(out, '}');
}
