#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* A text on its way into a record's fields: one by one, or not at all.
 *
 * Shape:   names are joined, prefix and the objects they are in, by "."; the record's rule of names
 *          (record/key.h) makes "_" of it. A name that the record had before gets "parsed_" in
 *          front. Of a name that the text has twice the last one stays.
 * Secrets: an object whose name a redact line hides stays one field, for of its members' names
 *          nobody would know it.
 * Limits:  TELL_PARSED_MAX fields a text, names of TELL_PARSED_NAME_MAX bytes, and the record's own.
 *          Over one of them all is taken back, so that the text can stay as it was.
 * Threads: one owner. */
#define TELL_PARSED_MAX	     256
#define TELL_PARSED_NAME_MAX 512

struct tell_parsed {
	struct tell_record *record;
	struct tell_buf *text; /* decoded strings: room for the whole text was reserved */
	/* as the line has them */
	const char *message_names; /* "message,msg" */
	const struct tell_run
		*run; /* whose redact lines are asked for an object's name */
	bool take_level;
	/* what was found */
	int level;	     /* -1: none */
	const char *message; /* NULL: none */
	size_t message_len;
	uint32_t n; /* fields added */
	bool over;  /* a limit was met: no more is taken */
	/* to take it back */
	uint32_t size, n_slots;
	uint16_t flags;
	size_t prefix_len, path_len; /* of path: prefix, and with objects */
	char path[TELL_PARSED_NAME_MAX];
};

/* record and text and the line's wishes are set; prefix goes before each name. */
void tell_parsed_begin(struct tell_parsed *p, const char *prefix);

/* One member of a text: level, message or a field. */
void tell_parsed_add(struct tell_parsed *p, const char *key, size_t key_len,
	const struct tell_field *f);

/* Members until tell_parsed_leave() are in the object of this name. What it returns is for that. */
size_t tell_parsed_enter(struct tell_parsed *p, const char *key, size_t key_len);
void tell_parsed_leave(struct tell_parsed *p, size_t before);

/* As if nothing had been added. */
void tell_parsed_back(struct tell_parsed *p);

/* Read the text. False: it is not of this form, and nothing was added. */
bool tell_parsed_json(struct tell_parsed *p, const char *text, size_t len);

/* words: what stands in front of the pairs is the message; else all of it is pairs, at least two. */
bool tell_parsed_logfmt(struct tell_parsed *p, const char *text, size_t len, bool words);
