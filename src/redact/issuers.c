#include "redact/issuers.h"
#include <string.h>
#include "redact/issuers.def"

#define HEX	  (TELL_ISSUER_DIGIT | TELL_ISSUER_A_F)
#define HEX_UP	  TELL_ISSUER_UP_A_F
#define UP_DIGITS (TELL_ISSUER_DIGIT | TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z)
#define BASE62	  (UP_DIGITS | TELL_ISSUER_A_F | TELL_ISSUER_G_Z)
#define DASH	  TELL_ISSUER_DASH
#define UNDER	  TELL_ISSUER_UNDER
#define BASE64URL (BASE62 | DASH | UNDER)
#define DOT	  TELL_ISSUER_DOT
#define BASE64	  TELL_ISSUER_BASE64
#define PERCENT	  TELL_ISSUER_PERCENT
#define DOLLAR	  TELL_ISSUER_DOLLAR
#define AT	  TELL_ISSUER_AT
#define MIXED	  TELL_ISSUER_MIXED
#define CRC32	  TELL_ISSUER_CRC32
#define KEEP	  TELL_ISSUER_KEEP
#define AFTER	  TELL_ISSUER_AFTER

#define ROW(w, name, anchor, rest, alphabet, min, max)                                   \
	{ anchor rest, sizeof(anchor rest) - 1, sizeof(anchor) - 1, alphabet, min, max,  \
		name },
static const struct tell_issuer issuers[] = { TELL_ISSUERS(ROW, 0) };

/* The last three characters of an anchor, 0 for a third that it does not have, as one
 * number; and that as two below 4096. */
#define TAIL(a, b, c)                                                                    \
	((uint32_t)(unsigned char)(a) | (uint32_t)(unsigned char)(b) << 8 |              \
		(uint32_t)(unsigned char)(c) << 16)
#define MIXED_UP(tail) ((uint32_t)((tail)*UINT32_C(0x9e3779b1)))
#define HASH(tail)     (MIXED_UP(tail) >> 20)
#define HASH2(tail)    (MIXED_UP(tail) >> 8 & 4095)
#define THIRD(s)       (sizeof(s) > 3 ? (s)[sizeof(s) > 3 ? sizeof(s) - 4 : 0] : 0)
#define TAIL_OF(s)     TAIL(THIRD(s), (s)[sizeof(s) - 3], (s)[sizeof(s) - 2])

/* In step with `issuers`. */
#define TAIL_ROW(w, name, anchor, rest, alphabet, min, max) TAIL_OF(anchor),
static const uint32_t tails[] = { TELL_ISSUERS(TAIL_ROW, 0) };

/* A byte of each, to look for with memchr(): libc's is as wide as the processor. */
#define KEY(tail)					   (uint8_t)(MIXED_UP(tail) >> 24)
#define KEY_ROW(w, name, anchor, rest, alphabet, min, max) KEY(TAIL_OF(anchor)),
static const uint8_t keys[] = { TELL_ISSUERS(KEY_ROW, 0) };

/* A bit for each of both. The compiler adds them up: nothing has to be kept in step with
 * the list. */
#define BIT(w, hash) (uint64_t)((hash) / 64 == (w)) << (hash) % 64
#define BITS(w, name, anchor, rest, alphabet, min, max)                                  \
	| BIT(w, HASH(TAIL_OF(anchor))) | BIT(w, HASH2(TAIL_OF(anchor)))
#define WORD(w) (0 TELL_ISSUERS(BITS, w))
static const uint64_t hashed[64] = {
	WORD(0),
	WORD(1),
	WORD(2),
	WORD(3),
	WORD(4),
	WORD(5),
	WORD(6),
	WORD(7),
	WORD(8),
	WORD(9),
	WORD(10),
	WORD(11),
	WORD(12),
	WORD(13),
	WORD(14),
	WORD(15),
	WORD(16),
	WORD(17),
	WORD(18),
	WORD(19),
	WORD(20),
	WORD(21),
	WORD(22),
	WORD(23),
	WORD(24),
	WORD(25),
	WORD(26),
	WORD(27),
	WORD(28),
	WORD(29),
	WORD(30),
	WORD(31),
	WORD(32),
	WORD(33),
	WORD(34),
	WORD(35),
	WORD(36),
	WORD(37),
	WORD(38),
	WORD(39),
	WORD(40),
	WORD(41),
	WORD(42),
	WORD(43),
	WORD(44),
	WORD(45),
	WORD(46),
	WORD(47),
	WORD(48),
	WORD(49),
	WORD(50),
	WORD(51),
	WORD(52),
	WORD(53),
	WORD(54),
	WORD(55),
	WORD(56),
	WORD(57),
	WORD(58),
	WORD(59),
	WORD(60),
	WORD(61),
	WORD(62),
	WORD(63),
};

static inline bool is_hashed(uint32_t tail)
{
	uint32_t a = HASH(tail), b = HASH2(tail);
	return (hashed[a / 64] >> a % 64 & hashed[b / 64] >> b % 64 & 1) != 0;
}

const struct tell_issuer *tell_issuer_at(size_t i)
{
	return i < sizeof(issuers) / sizeof(issuers[0]) ? &issuers[i] : NULL;
}

/* The first row from the i-th on that has this tail; SIZE_MAX: none. */
static size_t next_row(uint32_t tail, size_t i)
{
	for (; i < sizeof(keys); i++) {
		const uint8_t *key = memchr(keys + i, KEY(tail), sizeof(keys) - i);
		if (!key)
			break;
		i = (size_t)(key - keys);
		if (tails[i] == tail)
			return i;
	}
	return SIZE_MAX;
}

size_t tell_issuer_next(const char *s, size_t at, size_t i)
{
	/* Anchors of two characters are in upper case: AI, SK. */
	uint32_t two = TAIL(0, s[at - 1], s[at]);
	uint32_t three = at > 1 ? TAIL(s[at - 2], s[at - 1], s[at]) : two;
	if (s[at] < 'A' || s[at] > 'Z')
		two = three;
	bool has_three = is_hashed(three), has_two = is_hashed(two);
	if (__builtin_expect(!has_three && !has_two, 1))
		return SIZE_MAX;
	if (!has_three || !has_two)
		two = three = has_three ? three : two;
	size_t a = next_row(three, i);
	size_t b = two == three ? a : next_row(two, i);
	return a < b ? a : b;
}

#define D		   TELL_ISSUER_DIGIT
#define LETTER(a, low, up) [a] = (low), [(a) - 'a' + 'A'] = (up)
#define A_F(a)		   LETTER(a, TELL_ISSUER_A_F, TELL_ISSUER_UP_A_F)
#define G_Z(a)		   LETTER(a, TELL_ISSUER_G_Z, TELL_ISSUER_UP_G_Z)

/* clang-format off */
const uint16_t tell_issuer_classes[256] = {
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D,
	['5'] = D, ['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	A_F('a'), A_F('b'), A_F('c'), A_F('d'), A_F('e'), A_F('f'),
	G_Z('g'), G_Z('h'), G_Z('i'), G_Z('j'), G_Z('k'), G_Z('l'), G_Z('m'), G_Z('n'),
	G_Z('o'), G_Z('p'), G_Z('q'), G_Z('r'), G_Z('s'), G_Z('t'), G_Z('u'), G_Z('v'),
	G_Z('w'), G_Z('x'), G_Z('y'), G_Z('z'),
	['-'] = TELL_ISSUER_DASH, ['_'] = TELL_ISSUER_UNDER, ['.'] = TELL_ISSUER_DOT,
	['+'] = TELL_ISSUER_BASE64, ['/'] = TELL_ISSUER_BASE64, ['='] = TELL_ISSUER_BASE64,
	['%'] = TELL_ISSUER_PERCENT, ['$'] = TELL_ISSUER_DOLLAR, ['@'] = TELL_ISSUER_AT,
};
/* clang-format on */
