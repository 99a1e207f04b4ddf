#include "encode/member.h"
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "encode/json.h"
#include "encode/room.h"

void tell_member_string(struct tell_buf *out, const char *s, size_t n)
{
	size_t start = out->len;
	char *p = tell_room_begin(out, n + 2 * TELL_SLACK);
	if (p) {
		*p++ = '"';
		p = tell_json_text(out, p, s, n);
	}
	if (p)
		*p++ = '"';
	tell_room_end(out, p, start);
}

void tell_member_name(struct tell_buf *out, const char *name)
{
	char last = out->len ? out->data[out->len - 1] : '{';
	if (last != '{')
		tell_buf_putc(out, ',');
	tell_member_string(out, name, strlen(name));
	tell_buf_putc(out, ':');
}

void tell_member_text(struct tell_buf *out, const char *name, const char *value)
{
	tell_member_name(out, name);
	tell_member_string(out, value, strlen(value));
}

void tell_member_u64(struct tell_buf *out, const char *name, uint64_t value)
{
	tell_member_name(out, name);
	tell_buf_printf(out, "%" PRIu64, value);
}

void tell_member_time(struct tell_buf *out, const char *name, uint64_t realtime_ns)
{
	char text[TELL_RFC3339_CHARS];
	(void)tell_put_rfc3339(text, realtime_ns);
	tell_member_name(out, name);
	tell_member_string(out, text, sizeof(text));
}

void tell_member_element(struct tell_buf *out)
{
	tell_buf_puts(out, out->len && out->data[out->len - 1] == '[' ? "{" : ",{");
}
