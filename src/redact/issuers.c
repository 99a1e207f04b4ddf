#include "redact/issuers.h"
#include "base/ascii.h"
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

size_t tell_issuer_next(const char *s, size_t at, size_t i)
{
	/* Anchors of two characters are in upper case: AI, SK. */
	uint32_t two = TAIL(0, s[at - 1], s[at]);
	uint32_t three = at > 1 ? TAIL(s[at - 2], s[at - 1], s[at]) : two;
	if (s[at] < 'A' || s[at] > 'Z')
		two = three;
	if (__builtin_expect(!is_hashed(three) && !is_hashed(two), 1))
		return SIZE_MAX;
	while (i < sizeof(tails) / sizeof(tails[0]) && tails[i] != three &&
		tails[i] != two)
		i++;
	return i < sizeof(tails) / sizeof(tails[0]) ? i : SIZE_MAX;
}

unsigned tell_issuer_class(char c)
{
	if (tell_is_digit(c))
		return TELL_ISSUER_DIGIT;
	if (c >= 'a' && c <= 'z')
		return c <= 'f' ? TELL_ISSUER_A_F : TELL_ISSUER_G_Z;
	if (c >= 'A' && c <= 'Z')
		return c <= 'F' ? TELL_ISSUER_UP_A_F : TELL_ISSUER_UP_G_Z;
	switch (c) {
	case '-':
		return TELL_ISSUER_DASH;
	case '_':
		return TELL_ISSUER_UNDER;
	case '.':
		return TELL_ISSUER_DOT;
	case '+':
	case '/':
	case '=':
		return TELL_ISSUER_BASE64;
	case '%':
		return TELL_ISSUER_PERCENT;
	case '$':
		return TELL_ISSUER_DOLLAR;
	case '@':
		return TELL_ISSUER_AT;
	default:
		return 0;
	}
}
