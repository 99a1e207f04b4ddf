#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "sink/rotation.h"

/* The act: what stands at name becomes the next generation, and those that are too many go.
 *
 * Several processes: a byte of the file itself is locked meanwhile (fcntl(2), F_OFD_SETLK),
 *          never waited for: who does not get it goes on in the file as it is, so that a
 *          process that is stopped with the lock holds up nobody. Who gets it looks first
 *          whether the file still stands at its name.
 * In use:  a second byte is locked for reading as long as a process has the file open. Who
 *          wants to replace a generation (compression) locks it for writing, and then nobody
 *          will append to it any more.
 * Threads: one a file. */
enum tell_rotated {
	TELL_ROTATED_NOT,  /* it is not full after all */
	TELL_ROTATED_BUSY, /* another one is at it */
	TELL_ROTATED	   /* the file is a generation now: open what is to be at name */
};

/* Rotate the file fd, open for reading and writing, in the directory. enum tell_rotated, or
 * -errno. */
int tell_rotate(
	struct tell_rotation *r, int dir, const char *name, int fd, uint64_t now_ns);

/* Delete what is too old or too much. How many files, or -errno. */
int tell_rotate_prune(
	const struct tell_rotation *r, int dir, const char *name, uint64_t now_ns);

/* It is in use by this description, until that is closed. 0 or -errno: somebody replaces it. */
int tell_rotate_use(int fd);

/* Nobody else has it in use, nor will. 0, -EAGAIN or -errno. */
int tell_rotate_own(int fd);
