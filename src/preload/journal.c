/* sd_journal_print(3) and its family, as libsystemd has them. */
#undef _FORTIFY_SOURCE /* the host's own %n must not end it */
#include "preload/journal.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include "preload/entry.h"
#include "preload/formats.h"
#include "preload/real.h"
#include "preload/start.h"

#define REASON_MAX  512 /* of an error, in any language */
#define LEAST_PARTS 16	/* of a call while nothing may be allocated */

static const struct tell_entry_place nowhere;

/* One call, from its texts to its end. */
struct job {
	struct tell_say say;
	int saved_errno;
	bool on;     /* taken over; else libsystemd has it */
	bool inside; /* we may allocate: we are not in the middle of another call */
	bool allocated;
	char *text;
	struct iovec *iov;
	size_t size; /* of text */
	int parts;   /* of iov */
	char few_texts[TELL_LATER_BYTES];
	struct iovec few[LEAST_PARTS];
};

static void begin(struct job *j)
{
	j->saved_errno = errno;
	j->on = tell_preload_on();
	j->inside = j->on ? tell_say_begin(&j->say) : tell_thread_enter();
	j->allocated = false;
}

/* Room for so many parts, and so many bytes of their texts; what is not there is left out. */
static void make_room(struct job *j, int parts, size_t bytes)
{
	size_t head = (size_t)parts * sizeof(struct iovec);
	char *block = NULL;
	bool fits = parts <= LEAST_PARTS && bytes <= sizeof(j->few_texts);
	if (!fits && j->inside)
		block = malloc(head + bytes);
	j->allocated = block;
	j->iov = block ? (struct iovec *)(void *)block : j->few;
	j->parts = block ? parts : LEAST_PARTS;
	j->text = block ? block + head : j->few_texts;
	j->size = block ? bytes : sizeof(j->few_texts);
}

static int send_real(const struct tell_entry_place *place, const struct iovec *iov, int n)
{
	if (place->file && TELL_REAL(sd_journal_sendv_with_location))
		return tell_real.sd_journal_sendv_with_location(
			place->file, place->line, place->func, iov, n);
	if (TELL_REAL(sd_journal_sendv))
		return tell_real.sd_journal_sendv(iov, n);
	return 0; /* as without a journald */
}

static int send_parts(struct job *j, const struct tell_entry_place *place,
	const struct iovec *iov, int n)
{
	int r = tell_entry_check(iov, n);
	if (r < 0)
		return r;
	if (!j->on)
		return send_real(place, iov, n);
	if (j->inside)
		return tell_entry_make(&j->say, place, iov, (size_t)n);
	tell_entry_keep(place, iov, (size_t)n);
	return 0;
}

static int end(struct job *j, int r)
{
	if (j->allocated)
		free(j->iov);
	if (j->on && j->inside)
		tell_say_end(&j->say);
	else if (j->inside)
		tell_thread_leave();
	errno = j->saved_errno;
	return r;
}

/* ---- what the functions are made of ---- */

static int sendv(const struct tell_entry_place *place, const struct iovec *iov, int n)
{
	struct job j;
	begin(&j);
	return end(&j, send_parts(&j, place, iov, n));
}

__attribute__((format(printf, 2, 0))) static int sendf(
	const struct tell_entry_place *place, const char *format, va_list ap)
{
	struct job j;
	size_t bytes;
	va_list again;
	va_copy(again, ap);
	begin(&j);
	errno = j.saved_errno;
	int n = format ? tell_formats_measure(format, ap, &bytes) : -EINVAL;
	if (n > 0) {
		make_room(&j, n, bytes);
		errno = j.saved_errno; /* %m */
		n = tell_formats_make(format, again, j.text, j.size, j.iov, j.parts);
	}
	va_end(again);
	return end(&j, n <= 0 ? -EINVAL : send_parts(&j, place, j.iov, n));
}

/* "MESSAGE=" and its text, which may be cut, and the level. */
static int send_message(
	struct job *j, const struct tell_entry_place *place, int level, size_t len)
{
	static const char name[] = "MESSAGE=";
	char priority[] = "PRIORITY=0";
	const size_t head = sizeof(name) - 1;
	if (len > j->size - head - 1)
		len = j->size - head - 1;
	len = tell_formats_strip(j->text + head, len);
	if (!len)
		return 0; /* libsystemd sends no empty lines */
	memcpy(j->text, name, head);
	priority[sizeof(priority) - 2] = (char)('0' + level);
	const struct iovec iov[] = { { j->text, head + len },
		{ priority, sizeof(priority) - 1 } };
	return send_parts(j, place, iov, 2);
}

__attribute__((format(printf, 3, 0))) static int printv(
	const struct tell_entry_place *place, int level, const char *format, va_list ap)
{
	struct job j;
	if (level < LOG_EMERG || level > LOG_DEBUG || !format)
		return -EINVAL;
	va_list again;
	va_copy(again, ap);
	begin(&j);
	make_room(&j, 0, sizeof(j.few_texts));
	errno = j.saved_errno; /* %m */
	const size_t head = strlen("MESSAGE=");
	int n = vsnprintf(j.text + head, j.size - head, format, ap);
	if (n >= 0 && (size_t)n >= j.size - head) {
		make_room(&j, 0, head + (size_t)n + 1);
		errno = j.saved_errno;
		(void)vsnprintf(j.text + head, j.size - head, format, again); /* or cut */
	}
	va_end(again);
	return end(&j, n < 0 ? -EINVAL : send_message(&j, place, level, (size_t)n));
}

static int perror_at(const struct tell_entry_place *place, const char *message)
{
	struct job j;
	char number[32], text[REASON_MAX];
	begin(&j);
	bool named = message && *message;
	make_room(&j, 0, (named ? strlen(message) : 0) + REASON_MAX);
	int n = snprintf(number, sizeof(number), "ERRNO=%d", j.saved_errno);
	const char *reason = strerror_r(j.saved_errno, text, sizeof(text));
	int len = snprintf(j.text, j.size, "MESSAGE=%s%s%s", named ? message : "",
		named ? ": " : "", reason);
	if (len < 0 || n < 0)
		return end(&j, -EINVAL);
	size_t cut = (size_t)len < j.size ? (size_t)len : j.size - 1;
	const struct iovec iov[] = { { j.text, cut }, { number, (size_t)n },
		{ (void *)(uintptr_t) "PRIORITY=3", 10 } };
	return end(&j, send_parts(&j, place, iov, 3));
}

/* ---- the functions ---- */

int sd_journal_printv(int priority, const char *format, va_list ap)
{
	return printv(&nowhere, priority, format, ap);
}

int sd_journal_print(int priority, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int r = printv(&nowhere, priority, format, ap);
	va_end(ap);
	return r;
}

int sd_journal_printv_with_location(int priority, const char *file, const char *line,
	const char *func, const char *format, va_list ap)
{
	const struct tell_entry_place place = { file, line, func };
	return printv(&place, priority, format, ap);
}

int sd_journal_print_with_location(int priority, const char *file, const char *line,
	const char *func, const char *format, ...)
{
	const struct tell_entry_place place = { file, line, func };
	va_list ap;
	va_start(ap, format);
	int r = printv(&place, priority, format, ap);
	va_end(ap);
	return r;
}

int sd_journal_send(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int r = sendf(&nowhere, format, ap);
	va_end(ap);
	return r;
}

int sd_journal_send_with_location(
	const char *file, const char *line, const char *func, const char *format, ...)
{
	const struct tell_entry_place place = { file, line, func };
	va_list ap;
	va_start(ap, format);
	int r = sendf(&place, format, ap);
	va_end(ap);
	return r;
}

int sd_journal_sendv(const struct iovec *iov, int n)
{
	return sendv(&nowhere, iov, n);
}

int sd_journal_sendv_with_location(const char *file, const char *line, const char *func,
	const struct iovec *iov, int n)
{
	const struct tell_entry_place place = { file, line, func };
	return sendv(&place, iov, n);
}

int sd_journal_perror(const char *message)
{
	return perror_at(&nowhere, message);
}

int sd_journal_perror_with_location(
	const char *file, const char *line, const char *func, const char *message)
{
	const struct tell_entry_place place = { file, line, func };
	return perror_at(&place, message);
}
