#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/field.h>
#include "base/buf.h"
#include "decode/role.h"

/* One line of text that some program wrote, as a record's parts: what `cat` reads from a
 * command and `query` from a file.
 *
 *	<3>disk full path=/var n=3                   a level, a message, fields
 *	{"level":"info","message":"hi","n":3}        the same as a JSON object
 *	level=info msg="hi there" n=3                the same as logfmt alone
 *	2026-11-21 03:54:27 ERROR cart.c:42: full    the same in front: decode/preamble.h
 *	anything else                                is the message
 *
 * Lines that were joined to one text, by line feeds: the first says level and fields, the
 * others belong to the message.
 *
 * Shape:   pointers into the line and into `text`, both valid until the next parse.
 * Limits:  TELL_INPUT_FIELDS_MAX fields; further ones are left out and `cut` is set.
 * Threads: one owner at a time.
 * Source:  RFC 8259; logfmt as its common encoders write it; the "<N>" of printk and
 *          sd-daemon(3), with a facility as in RFC 3164 section 4.1.1. */
#define TELL_INPUT_FIELDS_MAX 1000

#define TELL_INPUT_PREAMBLE_MAX 8

enum tell_input_parse {
	TELL_INPUT_AUTO = 7, /* a bit for each form */
	TELL_INPUT_JSON = 1,
	TELL_INPUT_LOGFMT = 2,
	TELL_INPUT_PRINTF = 4,
	TELL_INPUT_NONE = 0
};

struct tell_input {
	/* the caller's wishes */
	enum tell_input_parse parse;
	bool prefix; /* "<3>" is a level */
	bool heads;  /* take service, pid, tid and seq for the record's own */
	uint32_t
		own_pid; /* who writes the lines: its id in a line says nothing new; or 0 */

	int level; /* -1: the line does not say */
	const char *message;
	size_t message_len;
	uint64_t time_ns; /* 0: the line does not say */
	bool json;	  /* it was a JSON object */
	bool cut;
	/* NULL or 0 when not there; service, seq, pid and tid with `heads` only */
	const char *service, *logger, *file, *func, *seq;
	uint32_t file_line, pid, tid;

	/* What stood in front of the message: line_time, line_level, ... */
	size_t n_preamble;
	struct tell_field preamble[TELL_INPUT_PREAMBLE_MAX];

	size_t n_fields;
	struct tell_field fields[TELL_INPUT_FIELDS_MAX];
	struct tell_buf text; /* decoded strings */
};

/* Zero the struct, set the wishes, then this. */
void tell_input_init(struct tell_input *l);
void tell_input_done(struct tell_input *l);

/* Read one line (no newline at its end). Cannot fail: in doubt all of it is the message. */
void tell_input_read(struct tell_input *l, const char *line, size_t len);

/* Where no place can be kept for the record: file and line as the field line_place. */
void tell_input_place_field(struct tell_input *l);

/* ---- for the readers of the two forms, input_json.c and input_logfmt.c ---- */

/* Take a level word or a number (0..7 of syslog; 10..60 as pino and bunyan count). */
bool tell_input_level(struct tell_input *l, const char *word, size_t len);

/* Take RFC 3339 or seconds, ms, us or ns since 1970, told apart by size. */
bool tell_input_time(struct tell_input *l, const char *text, size_t len);

/* Add a field; later ones of a name win when the record is made. */
void tell_input_add(
	struct tell_input *l, const char *key, size_t key_len, struct tell_field f);

/* A place in l->text for n more bytes that will not move. NULL: memory is out. */
char *tell_input_keep(struct tell_input *l, size_t n);

bool tell_input_json(struct tell_input *l, const char *text, size_t len);
bool tell_input_logfmt(struct tell_input *l, const char *text, size_t len);

/* The bytes of a preamble that were taken from the text's first line. */
size_t tell_input_preamble(struct tell_input *l, const char *text, size_t len);

/* A field that is one of l->preamble gets another name than that. */
const char *tell_input_apart(
	const struct tell_input *l, const char *key, size_t key_len, size_t *ret_len);
