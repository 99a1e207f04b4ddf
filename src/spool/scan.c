#include "spool/scan.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "spool/entry.h"

#define STEP	   ((size_t)64 << 10)
#define VAIN_TIMES 8

void tell_scan_begin(struct tell_scan *s, int fd, uint32_t salt, uint64_t offset)
{
	*s = (struct tell_scan){
		.fd = fd, .salt = salt, .from = offset, .offset = offset
	};
	tell_buf_init(&s->bytes, TELL_SPOOL_ENTRY_MAX + 2 * STEP);
}

void tell_scan_done(struct tell_scan *s)
{
	tell_buf_done(&s->bytes);
}

static char *here(const struct tell_scan *s)
{
	return s->bytes.data + (s->offset - s->from);
}

static size_t there(const struct tell_scan *s)
{
	return s->bytes.len - (size_t)(s->offset - s->from);
}

/* Forget what lies before the offset. */
static void shift(struct tell_scan *s)
{
	size_t n = (size_t)(s->offset - s->from);
	s->bytes.len -= n;
	if (s->bytes.len)
		memmove(s->bytes.data, s->bytes.data + n, s->bytes.len);
	s->from = s->offset;
}

/* At least n bytes at the offset, as far as the file has them: 0 or -errno. */
static int fill(struct tell_scan *s, size_t n)
{
	if (there(s) >= n)
		return 0;
	shift(s);
	while (s->bytes.len < n) {
		size_t want = n - s->bytes.len < STEP ? STEP : n - s->bytes.len;
		if (!tell_buf_reserve(&s->bytes, want))
			return -ENOMEM;
		ssize_t got = pread(s->fd, s->bytes.data + s->bytes.len, want,
			(off_t)(s->from + s->bytes.len));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return 0;
		s->bytes.len += (size_t)got;
	}
	return 0;
}

/* May so much be summed up where nothing is yet known to be whole? */
static bool is_worth(const struct tell_scan *s, uint32_t bytes)
{
	struct stat st;
	return bytes <= STEP || s->in_vain < VAIN_TIMES * STEP ||
		(fstat(s->fd, &st) == 0 &&
			s->in_vain < VAIN_TIMES * (uint64_t)st.st_size);
}

/* The whole entry at the offset: its bytes; 0: none; or -errno. */
static long entry_here(struct tell_scan *s)
{
	struct tell_spool_entry e;
	int r = fill(s, sizeof(e));
	if (r < 0 || there(s) < sizeof(e))
		return r;
	memcpy(&e, here(s), sizeof(e));
	if (e.magic != TELL_SPOOL_ENTRY || e.bytes > TELL_SPOOL_ENTRY_MAX ||
		!is_worth(s, e.bytes))
		return 0;
	r = fill(s, e.bytes);
	if (r < 0)
		return r;
	size_t n = tell_spool_entry_check(here(s), there(s), s->salt);
	s->in_vain += n ? 0 : e.bytes;
	return (long)n;
}

/* On to the next place that begins like an entry. False: there is none so far. */
static bool leap(struct tell_scan *s)
{
	static const uint32_t magic = TELL_SPOOL_ENTRY;
	s->offset++;
	for (;;) {
		if (fill(s, STEP) < 0 || there(s) < sizeof(magic))
			return false;
		const char *at = memmem(here(s), there(s), &magic, sizeof(magic));
		if (at) {
			s->offset += (uint64_t)(at - here(s));
			return true;
		}
		s->offset += there(s) - (sizeof(magic) - 1);
	}
}

long tell_scan_next(struct tell_scan *s, const void **ret_entry)
{
	uint64_t began = s->offset;
	for (;;) {
		long n = entry_here(s);
		if (n > 0) {
			*ret_entry = here(s);
			s->skipped += s->offset - began;
			s->offset += (uint64_t)n;
			return n;
		}
		if (n < 0 || there(s) < sizeof(uint32_t) || !leap(s)) {
			s->offset = began; /* read again: it may have grown */
			s->from = began;
			tell_buf_clear(&s->bytes);
			return n < 0 ? n : 0;
		}
	}
}
