#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <telltale/log.h>

/* Calls as the ways in beside our own macros make them: syslog(3), stdio, err(3). */
struct tell_origin {
	uint16_t ident;	  /* tell_ident_of(); 0: the service's name */
	uint8_t facility; /* 0: the service's */
	uint8_t mask;	/* LOG_MASK() bits: other levels only where a rule let them on */
	uint16_t flags; /* of the record's head: TELL_RECORD_ECHO */
	bool inside;	/* the caller has passed tell_thread_enter() itself */
};

/* As tell_vlogf() and tell_log_at(), newlines at the end of the message left out; a NULL
 * site is a record without a place. */
void tell_vlogf_from(const struct tell_origin *from, struct tell_site *site, int level,
	const char *fmt, va_list ap, const struct tell_field *fields, size_t n)
	__attribute__((format(printf, 4, 0)));
void tell_log_from(const struct tell_origin *from, struct tell_site *site, int level,
	const char *text, size_t len, const struct tell_field *fields, size_t n);

/* The site without a place is in no object's section. */
void tell_log_unresolve(void);
