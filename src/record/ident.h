#pragma once
#include <stdint.h>

/* What a program calls itself, openlog(3): said instead of the service's name, known by a
 * number.
 *
 * Shape:   graphic ASCII but for " [ \\ ], other bytes become '_'; of a longer one the first
 *          TELL_IDENT_MAX bytes.
 * Limits:  TELL_IDENTS_MAX a process; further ones are 0, the service's own name. Entries
 *          are never removed.
 * Threads: reading needs no lock. */
#define TELL_IDENT_MAX	64
#define TELL_IDENTS_MAX 255

/* The number of a name, added when new. 0: NULL, "", or no room. */
uint16_t tell_ident_of(const char *name);

/* NULL for 0 and numbers nobody gave out. */
const char *tell_ident(uint16_t id);

/* In a forked child: another thread of the parent may have held the lock. */
void tell_idents_child(void);
