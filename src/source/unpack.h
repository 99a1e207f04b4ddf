#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Files that zstd(1) or gzip(1) compressed, as files.
 *
 * Limits:  what comes out lies in $TMPDIR or /var/tmp, without a name, else in memory; a disk
 *          that is full is the limit.
 * Threads: pure but for the file system. */
enum tell_packed {
	TELL_PACKED_NOT,
	TELL_PACKED_ZSTD,
	TELL_PACKED_GZIP,
	TELL_PACKED_OTHER /* xz: known, not read */
};

/* By its first bytes (RFC 8878, RFC 1952). */
enum tell_packed tell_packed_of(int fd);

/* Can this build read and write the form? */
bool tell_packed_known(enum tell_packed form);

/* A file with what is in fd, which stays open. -EBADMSG: it is cut off or damaged; -ENOSYS: this
 * build cannot; or -errno. */
int tell_unpack(int fd, enum tell_packed form);

/* Compress from one file to the other, both at their begin. 0, -ENOSYS or -errno. */
int tell_pack(int from, int to, enum tell_packed form);
