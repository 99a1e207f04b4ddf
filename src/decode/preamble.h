#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What printf programs put in front of a message: time, level, place, process, thread.
 *
 *	2026-11-21 03:54:27.123 [1234] ERROR cart.c:42: disk full
 *
 * A preamble is read from the line's first byte on, element by element; it ends before the
 * first word that is none, and the message begins there. telltale-cat(1) has the table.
 *
 * Rule:    nothing is lost. Each byte of a preamble is in one of the pieces below, or is a
 *          blank or punctuation between them.
 * Shape:   pieces of the line; n is 0 when it does not have one.
 * Threads: pure functions. */
struct tell_piece {
	const char *p;
	size_t n;
};

struct tell_preamble {
	struct tell_piece time;	 /* as written */
	struct tell_piece level; /* the word */
	struct tell_piece pid, thread, program, host, logger;
	struct tell_piece file, func, column;
	uint32_t line;
	int severity;	  /* what the word stands for; -1: none */
	uint64_t time_ns; /* 0: the text does not say date and zone */
	bool time_is_syslogs;
};

/* Read the preamble of the text: its length, blanks behind it included; the message follows.
 * 0: there is none, or no message behind it. */
size_t tell_preamble_read(struct tell_preamble *h, const char *text, size_t len);

/* ---- for preamble.c: one element each, 0 when there is none at p, else its bytes ---- */

/* bracketed: it stands in brackets, where fewer digits are enough to be a time. */
size_t tell_preamble_time(
	struct tell_preamble *h, const char *p, const char *end, bool bracketed);

/* The same for a number; *ret_ns is 0 for one that says no date. */
size_t tell_preamble_epoch(
	const char *p, const char *end, bool bracketed, uint64_t *ret_ns);

/* May a time end at p? "00:11:22:33" and "03:54:27x" begin with none. */
bool tell_preamble_time_ends(const char *p, const char *end);

/* "file.c:42", "file.c:42:10", "file.c:42:func", "file.c(42)", without what follows.
 * known: something before it was part of one, so that endings which are also those of
 * domain names count. */
size_t tell_preamble_place(
	struct tell_preamble *h, const char *p, const char *end, bool known);

/* A word for a level, in any case: what it stands for, or -1. */
int tell_preamble_severity(const char *word, size_t n, unsigned *ret_flags);
#define TELL_PREAMBLE_UPPER 1u /* written in upper case */
#define TELL_PREAMBLE_SHY   2u /* means a level only in upper case or in brackets */
