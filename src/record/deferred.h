#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "record/record.h"

/* A printf form whose arguments are kept now and become text later, in another thread or
 * another process.
 *
 * Shape:   kept are a word that says how many, then 8 bytes a number or pointer; of a text 8 bytes of length, then its bytes
 *          padded to 8; of %m errno. The form itself is the place's (record/place.h).
 * Forms:   directives d i u o x X c s p a A e E f F g G m %, flags "-+ #0", width and
 *          precision as digits or *, lengths hh h l ll j z t. Others (%n, %ls, %Lf, %1$d,
 *          %'d) are not for keeping, nor is what is beyond the limits.
 * Limits:  16 arguments, forms of 1,024 bytes, widths and precisions up to 1,024.
 * Threads: pure functions.
 * Source:  C11 7.21.6.1; %m: syslog(3), glibc. The decimal point is that of the process's
 *          locale, not of a thread's own (uselocale(3)). */
#define TELL_DEFERRED_ARGS  16
#define TELL_DEFERRED_FORM  1024
#define TELL_DEFERRED_WIDTH 1024

/* What to take from a va_list, one after the other. */
struct tell_deferred {
	uint8_t n;
	uint8_t n_texts;
	struct tell_deferred_arg {
		uint8_t kind;	   /* of deferred.c */
		int16_t precision; /* of a text: at most so many bytes; -1: to its NUL */
	} arg[TELL_DEFERRED_ARGS];
};

/* False: format it at once. */
bool tell_deferred_parse(struct tell_deferred *d, const char *form);

/* Keep the arguments from `to` on, before `end`; both on 8 bytes. Where they end, or NULL:
 * they do not fit, or one is not for keeping. error: for %m. */
char *tell_deferred_keep(
	const struct tell_deferred *d, char *to, const char *end, int error, va_list ap);

/* The text, appended. What was kept may be anybody's bytes: what makes no sense shows as
 * "(?)". */
void tell_deferred_text(
	struct tell_buf *out, const char *form, const void *kept, size_t len);

/* Give a record that came as TELL_RECORD_DEFERRED its message; `work` is a scratch. 0 or
 * -ENOMEM. */
int tell_deferred_settle(struct tell_record *r, struct tell_buf *work);
