#include "forward/labels.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/ascii.h"
#include "base/utf8.h"
#include "encode/encode.h"
#include "encode/member.h"
#include "record/level.h"

/* Each record has its own: a stream a request is what breaks a store of logs. */
static const char *const ids[] = { "request_id", "trace_id", "span_id", "message_id",
	"session_id", "user_id", "order_id", "seq", "pid", "tid", "time", "timestamp",
	"message" };

static bool is_name(const char *name)
{
	if (!*name || tell_is_digit(*name) || strncmp(name, "__", 2) == 0)
		return false;
	for (; *name; name++)
		if (!tell_is_digit(*name) && *name != '_' && !tell_is_letter(*name))
			return false;
	return true;
}

static int check(const struct tell_labels *l, const char *name, const char *value,
	struct tell_refusal *why)
{
	if (strlen(name) > TELL_LABEL_NAME_MAX || !is_name(name))
		return tell_refuse(why, -EINVAL, "labels",
			"letters, digits and _, no digit first, no __ first",
			"\"%.80s\" is no label", name);
	for (size_t i = 0; !value && i < sizeof(ids) / sizeof(ids[0]); i++)
		if (strcmp(ids[i], name) == 0)
			return tell_refuse(why, -EINVAL, "labels",
				"leave it out: it is sent beside the line, and found there",
				"\"%s\" has a value of its own in each record, so each would "
				"be a stream",
				name);
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->list[i].name, name) == 0)
			return tell_refuse(why, -EINVAL, "labels", "write it once",
				"the label \"%s\" comes twice", name);
	if (l->n == TELL_LABELS_MAX)
		return tell_refuse(why, -EINVAL, "labels", "leave some out",
			"more than %d labels", TELL_LABELS_MAX);
	return 0;
}

static int add(struct tell_labels *l, char *word, struct tell_refusal *why)
{
	char *value = strchr(word, '=');
	if (value)
		*value++ = '\0';
	int r = check(l, word, value, why);
	if (r < 0)
		return r;
	struct tell_label *label = &l->list[l->n++];
	label->len = strlen(word);
	memcpy(label->name, word, label->len + 1);
	label->value = value;
	label->of = strcmp(word, "service_name") == 0 ? TELL_LABEL_SERVICE
		: strcmp(word, "level") == 0	      ? TELL_LABEL_LEVEL
		: strcmp(word, "host") == 0	      ? TELL_LABEL_HOST
						      : TELL_LABEL_FIELD;
	return 0;
}

int tell_labels_open(struct tell_labels *l, const char *text, struct tell_refusal *why)
{
	*l = (struct tell_labels){ .text = strdup(text) };
	if (!l->text)
		return -ENOMEM;
	char *rest = l->text, *word;
	int r = 0;
	while (r == 0 && (word = strsep(&rest, ",")))
		r = add(l, word, why);
	if (r < 0)
		tell_labels_done(l);
	return r;
}

void tell_labels_done(struct tell_labels *l)
{
	free(l->text);
	l->text = NULL;
	l->n = 0;
}

static void put_text(struct tell_buf *out, const char *text, size_t len)
{
	if (len > TELL_LABEL_VALUE_MAX)
		len = tell_utf8_cut(text, len, TELL_LABEL_VALUE_MAX);
	tell_member_string(out, text, len);
}

/* Its value; "" : the record has none. */
static void put_value(struct tell_buf *out, const struct tell_label *label,
	const struct tell_parcel *p, const struct tell_value *v)
{
	switch (label->of) {
	case TELL_LABEL_SERVICE: {
		const char *name = p->who->service;
		size_t len = strlen(name);
		(void)tell_record_named(p->record, &name, &len);
		put_text(out, len ? name : "unknown", len ? len : 7);
		return;
	}
	case TELL_LABEL_LEVEL: {
		const char *word = tell_level_word(p->record->head->level);
		put_text(out, word, strlen(word));
		return;
	}
	case TELL_LABEL_HOST:
		put_text(out, p->who->host, strlen(p->who->host));
		return;
	case TELL_LABEL_FIELD:
		break;
	}
	if (v->type == TELL_TYPE_STR) {
		put_text(out, v->data, v->len);
		return;
	}
	struct tell_buf text = { 0 };
	tell_buf_init(&text, 0);
	tell_encode_value(&text, v);
	put_text(out, text.data, text.len);
	tell_buf_done(&text);
}

void tell_labels_put(const struct tell_labels *l, const struct tell_parcel *p,
	enum tell_labels_which which, struct tell_buf *out)
{
	size_t begin = out->len;
	for (size_t i = 0; i < l->n; i++) {
		const struct tell_label *label = &l->list[i];
		struct tell_value v = { 0 };
		bool few = label->value || label->of == TELL_LABEL_SERVICE;
		if (few != (which == TELL_LABELS_FEW))
			continue;
		if (!label->value && label->of == TELL_LABEL_FIELD &&
			!tell_record_get(p->record, label->name, label->len, &v))
			continue;
		if (out->len > begin)
			tell_buf_putc(out, ',');
		tell_member_string(out, label->name, label->len);
		tell_buf_putc(out, ':');
		if (label->value)
			put_text(out, label->value, strlen(label->value));
		else
			put_value(out, label, p, &v);
	}
}

bool tell_labels_have(const struct tell_labels *l, const char *name, size_t len)
{
	for (size_t i = 0; i < l->n; i++)
		if (!l->list[i].value && l->list[i].len == len &&
			memcmp(l->list[i].name, name, len) == 0)
			return true;
	return false;
}
