#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "enrich/module.h"
#include "enrich/parsed.h"
#include "record/record.h"
#include "record/walk.h"

/* enrich parse: fields out of a message that is JSON or logfmt, as other programs write them.
 * What was read does not stay in the message: redaction judges a field by its name, which it
 * could not do in a text; and a secret that it hides there must not stand here. So a text of
 * which something cannot be taken stays whole, and no field is made of it. */
enum format { AUTO, JSON, LOGFMT };

struct parse {
	enum format format;
	bool level;
	const char *prefix, *message; /* the stack's */
};

#define PREFIX_MAX 64

static const struct tell_option options[] = {
	{ "format", TELL_OPTION_CHOICE, "auto", "auto json logfmt", "what is looked for",
		false },
	{ "message", TELL_OPTION_TEXT, "message,msg", NULL,
		"names of what becomes the message", false },
	{ "level", TELL_OPTION_BOOL, "yes", NULL, "take the text's level", false },
	{ "prefix", TELL_OPTION_TEXT, "", NULL, "put in front of the fields' names",
		false },
	{ 0 },
};

static int open_parse(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	const char *prefix = tell_args_text(args, "prefix");
	if (strlen(prefix) > PREFIX_MAX)
		return tell_refuse(why, -EINVAL, "prefix", "use a shorter one",
			"longer than %d bytes", PREFIX_MAX);
	struct parse *line = calloc(1, sizeof(*line));
	if (!line)
		return tell_refuse(
			why, -ENOMEM, NULL, "free some memory", "out of memory");
	line->format = (enum format)tell_args_choice(args, "format");
	line->level = tell_args_bool(args, "level");
	line->prefix = prefix;
	line->message = tell_args_text(args, "message");
	*ret = line;
	return 0;
}

/* The message, unless it is a sentence of ours. */
static bool text_of(const struct tell_record *r, struct tell_value *ret)
{
	uint32_t pos = 0;
	return tell_walk_next(r->head, &pos, ret) && ret->key == TELL_KEY_MESSAGE &&
		!(ret->flags & TELL_SLOT_SAFE) && ret->len > 0;
}

static bool looks_like_json(const char *text, size_t len)
{
	while (len && (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r'))
		text++, len--;
	return len && *text == '{';
}

/* TELL_IGNORE: it is no such text. */
static enum tell_verdict read_text(
	const struct parse *line, struct tell_parsed *p, const char *text, size_t len)
{
	if (line->format != LOGFMT && looks_like_json(text, len)) {
		if (!tell_parsed_json(p, text, len))
			return TELL_INVALID;
	} else if (line->format == JSON ||
		!tell_parsed_logfmt(p, text, len, line->format == LOGFMT)) {
		return TELL_IGNORE;
	}
	if (p->over)
		return TELL_LIMITED;
	return p->n || p->message || p->level >= 0 ? TELL_SUCCESS : TELL_IGNORE;
}

static enum tell_verdict put(struct tell_parsed *p)
{
	struct tell_value old; /* again: the record may have moved */
	if (!text_of(p->record, &old) ||
		tell_record_replace(p->record, &old, TELL_TYPE_STR,
			p->message ? p->message : "", p->message_len) < 0)
		return TELL_FAILED;
	if (p->level >= 0)
		p->record->head->level = (uint8_t)p->level;
	return TELL_SUCCESS;
}

static enum tell_verdict run_parse(void *state, struct tell_run *run)
{
	const struct parse *line = state;
	struct tell_value old;
	if (!text_of(run->record, &old) ||
		(!looks_like_json(old.data, old.len) &&
			(line->format == JSON || !memchr(old.data, '=', old.len))))
		return TELL_SUCCESS;

	/* The record moves when it grows, so the text is read from a copy. */
	struct tell_parsed p = { .record = run->record,
		.text = run->out,
		.message_names = line->message,
		.run = run,
		.take_level = line->level };
	tell_buf_clear(run->work);
	tell_buf_clear(run->out);
	tell_buf_put(run->work, old.data, old.len);
	if (run->work->cut || !tell_buf_reserve(run->out, old.len))
		return TELL_FAILED;
	tell_parsed_begin(&p, line->prefix);
	enum tell_verdict v = read_text(line, &p, run->work->data, run->work->len);
	if (v == TELL_SUCCESS)
		v = put(&p);
	if (v != TELL_SUCCESS)
		tell_parsed_back(&p);
	return v == TELL_IGNORE ? TELL_SUCCESS : v;
}

const struct tell_module tell_enrich_parse = {
	.abi = TELL_MODULE_ABI,
	.type = "enrich",
	.name = "parse",
	.summary = "makes fields of a message that is JSON or logfmt",
	.options = options,
	.open = open_parse,
	.run = run_parse,
	.close = free,
};
