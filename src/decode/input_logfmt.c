#include <string.h>
#include "decode/input.h"
#include "decode/logfmt.h"
#include "decode/typed.h"

static void take_pair(
	struct tell_input *l, const struct tell_logfmt_pair *pair, bool *has_message)
{
	size_t len;
	const char *text = pair->quoted ? tell_logfmt_unquote(&l->text, pair, &len)
					: pair->value;
	if (!pair->quoted)
		len = pair->value_len;
	switch (tell_role_of(pair->key, pair->key_len)) {
	case TELL_ROLE_MESSAGE:
		if (*has_message)
			break;
		l->message = text;
		l->message_len = len;
		*has_message = true;
		return;
	case TELL_ROLE_LEVEL:
		if (tell_input_level(l, text, len))
			return;
		break;
	case TELL_ROLE_TIME:
		if (tell_input_time(l, text, len))
			return;
		break;
	case TELL_ROLE_FIELD:
		break;
	}
	tell_input_add(l, pair->key, pair->key_len,
		pair->quoted ? tell_strn("", text, len)
			     : tell_field_typed("", text, len));
}

bool tell_input_logfmt(struct tell_input *l, const char *text, size_t len)
{
	const char *end = text + len;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	const char *p = memchr(text, '=', len) ? tell_logfmt_tail(text, end) : NULL;
	if (!p)
		return false;

	size_t words = (size_t)(p - text);
	while (words > 0 && (text[words - 1] == ' ' || text[words - 1] == '\t'))
		words--;
	l->message = text;
	l->message_len = words;
	bool has_message = words > 0;
	for (struct tell_logfmt_pair pair; p < end && tell_logfmt_next(&p, end, &pair);)
		take_pair(l, &pair, &has_message);
	/* Pairs alone say nothing that a reader would call a message: then the line does,
	 * unless the caller knows that it is logfmt. */
	return has_message || l->parse == TELL_INPUT_LOGFMT;
}
