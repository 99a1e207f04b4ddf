#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which lines belong to the record before them: traces, and lines that are indented.
 *
 *	Traceback (most recent call last):
 *	  File "shop.py", line 3, in <module>
 *	ValueError: no such order
 *
 * A private key's lines as well: one by one nobody could tell that they are secret.
 *
 * Shape:   what was seen of one record so far. Lines come without their end; the caller
 *          limits how many and how long.
 * Rule:    a blank in front continues any line. Without one a line continues only a trace
 *          whose next line looks so: telltale-cat(1) has the table.
 * Threads: one owner at a time. */
enum tell_join_kind {
	TELL_JOIN_PLAIN,
	TELL_JOIN_PYTHON,     /* "Traceback": indented lines, then the exception */
	TELL_JOIN_PYTHON_END, /* perhaps another one caused it */
	TELL_JOIN_PYTHON_NEXT,
	TELL_JOIN_GO, /* "panic:" until its first goroutine */
	TELL_JOIN_GO_FRAMES,
	TELL_JOIN_FRAMES,    /* gdb's #0, #1, ... */
	TELL_JOIN_ADDRESSES, /* backtrace_symbols(3) */
	TELL_JOIN_SANITIZER, /* ==pid==ERROR: AddressSanitizer, valgrind */
	TELL_JOIN_RULE,	     /* =====, before a sanitizer's report */
	TELL_JOIN_KEY,	     /* a private key in PEM, up to its end */
	TELL_JOIN_DONE,	     /* nothing can follow */
};

struct tell_join {
	enum tell_join_kind kind;
	bool indented, java,
		colon; /* seen: an indented line, one "at x(y)", a ':' at the end */
	bool failed;   /* it is the trace of a failure */
	unsigned long number; /* of the frame, or of the process */
};

enum tell_join_answer {
	TELL_JOIN_NO,
	TELL_JOIN_YES,
	TELL_JOIN_PERHAPS, /* an empty line: if the next one belongs to it */
};

/* A record begins with this line. */
void tell_join_begin(struct tell_join *j, const char *line, size_t len);

/* Does this line belong to it? The answer yes takes it in. */
enum tell_join_answer tell_join_next(struct tell_join *j, const char *line, size_t len);
