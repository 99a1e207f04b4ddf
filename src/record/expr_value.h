#pragma once
#include <stddef.h>
#include "base/number.h"
#include "record/record.h"

/* A value as expressions compare it. */
enum tell_operand_kind {
	TELL_OPERAND_NONE, /* missing or null */
	TELL_OPERAND_NUMBER,
	TELL_OPERAND_BOOL,
	TELL_OPERAND_TEXT,
	TELL_OPERAND_LIST
};

/* Shape: 128 bytes of room for text that has to be made (hex beyond 64 bytes is cut);
 *        other text is borrowed from the record. Do not copy it: text may point inside. */
#define TELL_OPERAND_ROOM 128
struct tell_operand {
	enum tell_operand_kind kind;
	struct tell_number number; /* BOOL: 0 or 1 */
	const char *text;
	size_t len;
	struct tell_value list;
	uint64_t word; /* for a finder's number */
	char room[TELL_OPERAND_ROOM];
};

void tell_operand_text(struct tell_operand *o, const char *text, size_t len);
void tell_operand_u64(struct tell_operand *o, uint64_t v);
void tell_operand_f64(struct tell_operand *o, double v);
void tell_operand_value(struct tell_operand *o, const struct tell_value *v);

/* The operand's text: a number's and a bool's is made in its room. Not for LIST, NONE. */
const char *tell_operand_show(struct tell_operand *o, size_t *ret_len);

/* As a number: text that is one, too. False: it is none. */
bool tell_operand_number(const struct tell_operand *o, struct tell_number *ret);
double tell_number_f64(const struct tell_number *n);

/* Present, and not false, 0, NaN, "", "0", "false" or an empty list. */
bool tell_operand_true(const struct tell_operand *o);

/* How a stands to b; no LIST, no NONE. */
enum tell_order { TELL_LESS, TELL_EQUAL, TELL_GREATER, TELL_UNORDERED };
enum tell_order tell_operand_order(struct tell_operand *a, struct tell_operand *b);

/* Equality is stricter: two texts are equal byte by byte. */
bool tell_operand_equal(struct tell_operand *a, struct tell_operand *b);
