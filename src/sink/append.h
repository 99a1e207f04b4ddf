#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <telltale/module.h>

/* Lines at the end of a file that other processes write to as well: each whole or not at
 * all, for every reader.
 *
 * One write(2) on an O_APPEND descriptor is whole unless the disk is full, a quota or
 * RLIMIT_FSIZE is reached: then the kernel may take the first half of a line. That half
 * cannot be cut off again (another process may have appended behind it meanwhile, and
 * ftruncate() would take its line too), nor can the rest follow later (it would come behind
 * the other's line). So it is painted over where it stands: blanks and a newline in place
 * of the bytes that are ours, which takes no space. A reader sees an empty line. If even
 * that fails (append-only file, copy-on-write on a full disk), the next line begins with a
 * newline, and the reader sees one broken line and no other harmed.
 *
 * A process that is killed may leave half a line as well, and no other can see that coming: so
 * each write looks back. Its line begins where the last one of ours ended, or else one byte
 * is read; when that is no newline, our line is glued to a half one. It is painted over, which
 * ends the half line, and written again.
 *
 * Signals: SIGXFSZ never reaches the host: with a limit on file sizes in force it is
 *          blocked around the write and taken back.
 * Threads: one owner at a time. */
struct tell_append {
	int fd;		   /* the owner's; -1: it must be opened anew */
	bool torn;	   /* half a line stands at the end: begin with a newline */
	bool limited;	   /* RLIMIT_FSIZE is in force */
	off_t end;	   /* behind our last line; -1: not known */
	uint32_t n_halves; /* half lines of others that were ended */
};

/* Begin with fd, opened O_APPEND: does its last line end? */
void tell_append_init(struct tell_append *a, int fd);

/* Has the limit on file sizes changed? Asked now and then, not for each line. */
void tell_append_look(struct tell_append *a);

/* Append data[0..len), which ends with a newline; the run's deadline bounds repeated
 * interruptions. Returns how many bytes stand in the file, always whole lines: len when
 * all. When less, *ret_error is the errno. */
size_t tell_append_lines(struct tell_append *a, const char *data, size_t len,
	struct tell_run *run, int *ret_error);
