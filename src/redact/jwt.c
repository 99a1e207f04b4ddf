#include "redact/search.h"
#include "redact/text.h"

/* JSON Web Tokens in compact form: base64url parts with dots between (RFC 7515 section
 * 7.1: three; RFC 7516 section 7.1: five). The first is a JSON object, so it begins with
 * eyJ, the base64url of '{"'. Two parts are a token that was cut: it goes as well. */
#define HEADER_MIN  12 /* eyJhbGciOiJ... */
#define PAYLOAD_MIN 4
#define PARTS_MAX   5

static size_t part_end(struct tell_search *x, size_t at)
{
	while (at < x->n && tell_char_is(x->s[at], TELL_CHAR_B64URL))
		at++;
	return at;
}

void tell_find_jwt(struct tell_search *x, size_t at)
{
	if (at < 2 || x->s[at - 1] != 'y' || x->s[at - 2] != 'e')
		return;
	size_t from = at - 2;
	if (from < x->jwt_done)
		return;
	size_t to = part_end(x, from);
	x->jwt_done = to; /* any other eyJ in this part begins a shorter one */
	if (to - from < HEADER_MIN)
		return;

	size_t longest = 0;
	for (int parts = 1; parts < PARTS_MAX && to < x->n && x->s[to] == '.'; parts++) {
		size_t end = part_end(x, to + 1);
		if (end == to + 1 && parts > 1 && (end == x->n || x->s[end] != '.'))
			break; /* the full stop of a sentence */
		if (end - to - 1 > longest)
			longest = end - to - 1;
		to = end;
	}
	if (longest >= PAYLOAD_MIN)
		tell_search_add(x, TELL_SPAN_JWT, from, to);
}
