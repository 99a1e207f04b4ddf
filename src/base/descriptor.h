#pragma once

/* Descriptors that a process got from the one that started it.
 *
 * Threads: for a process with one thread; others could open some meanwhile. */

/* Close all from `first` on. */
void tell_descriptors_close(int first);

/* The same description at a number from `least` on, closed at exec; fd is closed. -errno,
 * and fd stays, when there is none left. */
int tell_descriptor_above(int fd, int least);
