#include <string.h>
#include "base/number.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/parts.h"
#include "encode/room.h"

/* The BSD form as glibc's syslog(3) writes it to /dev/log and journald and rsyslog parse it
 * there: `<PRI>Nov 21 02:06:07 ident[pid]: message`, without a host. RFC 3164 section 4. */

#define LIMIT_DEFAULT ((size_t)8192)
#define LIMIT_LEAST   ((size_t)256)
#define IDENT_MAX     64

/* Behind a message that was cut. */
#define CUT_MARK " [cut]"

/* One word: what receivers end a tag with, '_' instead. */
static char *put_ident(char *p, struct tell_author s)
{
	size_t n = s.len < IDENT_MAX ? s.len : IDENT_MAX;
	for (size_t i = 0; i < n; i++) {
		char c = s.name[i];
		bool fits = c > ' ' && c < 0x7f && !strchr(":[]<>/", c);
		*p++ = fits ? c : '_';
	}
	return n ? p : TELL_PUT(p, "-");
}

static void put_head(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	char *p = tell_room_begin(out, TELL_SLACK);
	if (!p)
		return;
	*p++ = '<';
	p = tell_put_u64(p, tell_pri_of(r->head, l));
	*p++ = '>';
	p = tell_put_rfc3164(p, r->head->realtime_ns);
	*p++ = ' ';
	p = put_ident(p, tell_author_of(r, l));
	*p++ = '[';
	p = tell_put_u64(p, tell_pid_of(r->head, l));
	p = TELL_PUT(p, "]: ");
	tell_room_end(out, p, out->len);
}

void tell_encode_rfc3164(
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	size_t start = out->len, n;
	size_t limit = l->limit ? l->limit : LIMIT_DEFAULT;
	const char *text = tell_record_text(r, &n);
	put_head(out, r, l);
	tell_text_escape(out, text, n, false);
	if (l->message_full)
		tell_encode_message_fields(out, r, l->message_all);
	if (out->cut) {
		out->len = start;
		return;
	}
	if (limit < LIMIT_LEAST)
		limit = LIMIT_LEAST;
	size_t len = out->len - start;
	if (len <= limit && !(r->head->flags & TELL_RECORD_CUT))
		return;
	if (len > limit && l->n_cut)
		(void)__atomic_fetch_add(l->n_cut, 1, __ATOMIC_RELAXED);
	size_t room = limit - (sizeof(CUT_MARK) - 1);
	out->len = start + tell_utf8_cut(out->data + start, len, room < len ? room : len);
	tell_buf_puts(out, CUT_MARK);
}
