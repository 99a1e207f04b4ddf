#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "forward/target.h"

/* What names a stream: few words, each with few values (`labels=service_name,level,zone=eu`).
 *
 * Shape:   a list of names, in the order given; one with a value is the same for all.
 *          service_name, level and host are of the record itself, others its fields.
 * Limit:   TELL_LABELS_MAX, Loki's default of max_label_names_per_series; values of
 *          TELL_LABEL_VALUE_MAX bytes (its max_label_value_length).
 * Threads: one owner.
 * Source:  Prometheus' data model: [a-zA-Z_][a-zA-Z0-9_]*, names that begin with __ are its own. */
#define TELL_LABELS_MAX	     15
#define TELL_LABEL_NAME_MAX  64
#define TELL_LABEL_VALUE_MAX 2048

struct tell_labels {
	size_t n;
	struct tell_label {
		char name[TELL_LABEL_NAME_MAX + 1];
		const char *value; /* points into text; NULL: of each record */
		enum {
			TELL_LABEL_SERVICE,
			TELL_LABEL_LEVEL,
			TELL_LABEL_HOST,
			TELL_LABEL_FIELD
		} of;
		size_t len;
	} list[TELL_LABELS_MAX];
	char *text;
};

/* 0; or -EINVAL with *why and the rule that was broken; -ENOMEM. */
int tell_labels_open(struct tell_labels *l, const char *text, struct tell_refusal *why);
void tell_labels_done(struct tell_labels *l);

/* Append the record's as members of a JSON object, "level":"info","host":"a": those without which no
 * stream can be, the service and what is the same for all, or the others. */
enum tell_labels_which { TELL_LABELS_FEW, TELL_LABELS_OTHERS };
void tell_labels_put(const struct tell_labels *l, const struct tell_parcel *p,
	enum tell_labels_which which, struct tell_buf *out);

/* Is the field one of them already? */
bool tell_labels_have(const struct tell_labels *l, const char *name, size_t len);
