#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Credentials that their issuers made recognisable: a prefix, then so many characters of
 * an alphabet. issuers.def has one line each; issued.c finds them in text.
 *
 * Shape:   constant, without pointers: nothing to relocate when a process starts.
 * Threads: pure functions. */
enum {
	TELL_ISSUER_DIGIT = 0x0001,
	TELL_ISSUER_A_F = 0x0002, /* lower case */
	TELL_ISSUER_G_Z = 0x0004,
	TELL_ISSUER_UP_A_F = 0x0008,
	TELL_ISSUER_UP_G_Z = 0x0010,
	TELL_ISSUER_DASH = 0x0020,
	TELL_ISSUER_UNDER = 0x0040,
	TELL_ISSUER_DOT = 0x0080,
	TELL_ISSUER_BASE64 = 0x0100, /* + / = */
	TELL_ISSUER_PERCENT = 0x0200,
	TELL_ISSUER_DOLLAR = 0x0400,
	TELL_ISSUER_AT = 0x0800,
	TELL_ISSUER_ALPHABET = 0x0fff,
	/* and what else holds */
	TELL_ISSUER_MIXED = 0x1000, /* a weak prefix: digits and letters of both cases */
	TELL_ISSUER_CRC32 = 0x2000, /* the last six of 36 are the CRC-32 of the others */
	TELL_ISSUER_KEEP = 0x4000,  /* the prefix is no secret: it stays */
	TELL_ISSUER_AFTER = 0x8000  /* the secret begins in front of the prefix */
};

struct tell_issuer {
	char prefix[32];
	uint16_t prefix_len;
	uint16_t anchor;   /* bytes of the prefix up to where the search stops */
	uint16_t alphabet; /* and what else holds */
	uint16_t min, max; /* characters behind the prefix */
	char name[14];	   /* who issues it: letters only */
};

/* The i-th line; NULL behind the last. */
const struct tell_issuer *tell_issuer_at(size_t i);

/* The first line from the i-th on whose anchor may end at s[at], which is not the first byte;
 * SIZE_MAX: there is none. */
size_t tell_issuer_next(const char *s, size_t at, size_t i);

/* Where redact/search.h remembers runs of this alphabet: no two of the list share one. */
static inline size_t tell_issuer_slot(unsigned alphabet)
{
	return (alphabet * UINT32_C(0x1027c4d1) & UINT32_MAX) >> 26;
}

/* Of what class is c? Of an alphabet: alphabet & class. 0: of none. */
extern const uint16_t tell_issuer_classes[256];

static inline unsigned tell_issuer_class(char c)
{
	return tell_issuer_classes[(unsigned char)c];
}
