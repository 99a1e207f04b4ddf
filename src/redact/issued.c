#include "redact/issuers.h"
#include "redact/search.h"
#include "redact/text.h"

/* Tokens with an issuer's prefix (redact/issuers.def). One stands alone, has the length and
 * the alphabet, and looks drawn by lot. A checksum that is right makes up for company. Of a
 * token that was cut - the text ends, or "..." stands there - eight characters are enough. */
#define CUT_MIN	 8
#define ENTROPY	 30 /* characters in front of the CRC-32 in base62 */
#define CHECK	 6
#define AWS_LEN	 40 /* of a secret access key */
#define AWS_AWAY 96

/* Is the end of `%3D` or `\u0022` in front of `at`? */
static bool follows_escape(const char *s, size_t at)
{
	return (at > 2 && s[at - 3] == '%') ||
		(at > 5 && s[at - 5] == 'u' && s[at - 6] == '\\');
}

static bool stands_alone(const struct tell_search *x, size_t from)
{
	return tell_text_begins_word(x->s, from) || follows_escape(x->s, from) ||
		x->s[from] == '.';
}

#define DIGIT TELL_ISSUER_DIGIT
#define LOWER (TELL_ISSUER_A_F | TELL_ISSUER_G_Z)
#define UPPER (TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z)

static bool is_of(const void *s, size_t i, unsigned classes)
{
	return (tell_issuer_class(((const char *)s)[i]) & classes) != 0;
}

static bool is_digit(const void *s, size_t i)
{
	return is_of(s, i, DIGIT);
}

static bool is_lower(const void *s, size_t i)
{
	return is_of(s, i, LOWER);
}

static bool is_upper(const void *s, size_t i)
{
	return is_of(s, i, UPPER);
}

/* Which of DIGIT, LOWER and UPPER stand there. */
static unsigned seen_in(struct tell_search *x, size_t from, size_t to)
{
	struct tell_walked *w = tell_search_walked(x);
	unsigned seen = 0;
	if (tell_gap_walk(&w->digit, from, to, is_digit, x->s) < to)
		seen |= DIGIT;
	if (tell_gap_walk(&w->lower, from, to, is_lower, x->s) < to)
		seen |= LOWER;
	if (tell_gap_walk(&w->upper, from, to, is_upper, x->s) < to)
		seen |= UPPER;
	return seen;
}

/* Digits, or letters of both cases: no word of a language and no xxxxxxxx. */
static bool is_drawn(struct tell_search *x, size_t from, size_t to)
{
	unsigned seen = seen_in(x, from, to);
	return (seen & DIGIT) || ((seen & LOWER) && (seen & UPPER));
}

/* Digits and all the letters that there may be. */
static bool is_mixed(struct tell_search *x, size_t from, size_t to, unsigned alphabet)
{
	unsigned seen = seen_in(x, from, to);
	return (seen & DIGIT) && (!(alphabet & LOWER) || (seen & LOWER)) &&
		(!(alphabet & UPPER) || (seen & UPPER));
}

/* Four bits at a time: a table of 64 bytes instead of 1,024. */
static uint32_t crc32_of(const char *s, size_t n)
{
	static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8,
		0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
		0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278,
		0xbdbdf21c };
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)s[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/* Of base62, where digits come first and then capitals; 64: it is none. */
static unsigned base62_of(char c)
{
	unsigned class = tell_issuer_class(c);
	if (class & DIGIT)
		return (unsigned)(c - '0');
	if (class & UPPER)
		return (unsigned)(c - 'A') + 10;
	return class & LOWER ? (unsigned)(c - 'a') + 36 : 64;
}

/* Source: github.blog, "Behind GitHub's new authentication token formats" (2021). */
static bool checksum_holds(const char *body)
{
	uint64_t told = 0;
	for (size_t i = ENTROPY; i < ENTROPY + CHECK; i++) {
		unsigned digit = base62_of(body[i]);
		if (digit > 61)
			return false;
		told = told * 62 + digit;
	}
	return told == crc32_of(body, ENTROPY);
}

struct alphabet {
	const char *s;
	unsigned classes;
};

static bool ends_alphabet(const void *arg, size_t i)
{
	const struct alphabet *a = arg;
	return !(tell_issuer_class(a->s[i]) & a->classes);
}

static bool is_no_dot(const void *s, size_t i)
{
	char c = ((const char *)s)[i];
	return c != '.' && c != '/';
}

/* In front of the dots and slashes that end at `to`: they are of the sentence or the path
 * around it. */
static size_t without_dots(struct tell_search *x, size_t from, size_t to)
{
	if (to == from || is_no_dot(x->s, to - 1))
		return to;
	struct tell_gap *dots = &tell_search_walked(x)->dots;
	size_t i = to;
	if (to > dots->from && to < dots->to)
		i = dots->from;
	while (i > from && !is_no_dot(x->s, i - 1)) {
		i--;
		if (i == dots->to && i > dots->from)
			i = dots->from;
	}
	if (i != dots->from || to > dots->to)
		*dots = (struct tell_gap){ i, to };
	return i > from ? i : from;
}

/* Where the characters of the alphabet end; not beyond one more than there may be. */
static size_t body_end(
	struct tell_search *x, const struct tell_issuer *issuer, size_t from)
{
	struct alphabet a = { x->s, issuer->alphabet & TELL_ISSUER_ALPHABET };
	size_t left = x->n - from, most = issuer->max + 1u;
	size_t stop = from + (left < most ? left : most);
	if (ends_alphabet(&a, from))
		return from; /* most prefixes are a word of some text */
	struct tell_walked *w = tell_search_walked(x);
	size_t slot = tell_issuer_slot(a.classes);
	if (w->run[slot].alphabet != a.classes) {
		w->run[slot].alphabet = a.classes;
		w->run[slot].gap = (struct tell_gap){ 0, 0 };
	}
	size_t to = tell_gap_walk(&w->run[slot].gap, from, stop, ends_alphabet, &a);
	return without_dots(x, from, to);
}

static bool was_cut(const struct tell_search *x, size_t at)
{
	static const char dots[] = "...", ellipsis[] = "\xe2\x80\xa6";
	if (at == x->n)
		return true;
	return x->n - at >= 3 &&
		(memcmp(x->s + at, dots, 3) == 0 || memcmp(x->s + at, ellipsis, 3) == 0);
}

static bool is_token(struct tell_search *x, const struct tell_issuer *issuer,
	size_t prefix, size_t from, size_t to)
{
	size_t len = to - from;
	bool mixed = (issuer->alphabet & TELL_ISSUER_MIXED) != 0;
	if ((issuer->alphabet & TELL_ISSUER_CRC32) && len >= ENTROPY + CHECK &&
		checksum_holds(x->s + from))
		return true;
	if (len > issuer->max || !stands_alone(x, prefix) ||
		(to < x->n && tell_char_is_word(x->s[to])))
		return false;
	if (len < issuer->min)
		return len >= CUT_MIN && !mixed && was_cut(x, to) &&
			is_mixed(x, from, to, issuer->alphabet);
	return mixed ? is_mixed(x, from, to, issuer->alphabet) : is_drawn(x, from, to);
}

/* The part of a Terraform token in front of ".atlasv1.". */
static size_t id_begin(const struct tell_search *x, size_t prefix)
{
	size_t i = prefix;
	while (i > 0 && prefix - i < 20 &&
		tell_char_is(x->s[i - 1], TELL_CHAR_DIGIT | TELL_CHAR_ALPHA))
		i--;
	return i;
}

/* The secret of an AWS access key stands close behind its id, whatever it is called: 40
 * characters of base64 (docs.aws.amazon.com, "Managing access keys"). */
static void find_aws_secret(struct tell_search *x, size_t at)
{
	size_t stop = at + AWS_AWAY, from = at;
	for (size_t i = at; i <= x->n && i < stop; i++) {
		char c = i < x->n ? x->s[i] : ' ';
		if (tell_char_is(c, TELL_CHAR_DIGIT | TELL_CHAR_ALPHA) || c == '+' ||
			c == '/')
			continue;
		if (i - from == AWS_LEN && is_mixed(x, from, i, LOWER | UPPER)) {
			tell_search_add(x, TELL_SPAN_TOKEN, from, i);
			return;
		}
		from = i + 1;
	}
}

static bool try_issuer(struct tell_search *x, const struct tell_issuer *issuer, size_t at)
{
	size_t prefix = at + 1 - issuer->anchor, from = prefix + issuer->prefix_len;
	if (at + 1 < issuer->anchor || from >= x->n || prefix < x->issued_done ||
		memcmp(x->s + prefix, issuer->prefix, issuer->prefix_len) != 0)
		return false;
	if (!(issuer->alphabet & TELL_ISSUER_CRC32) && !stands_alone(x, prefix))
		return false;
	size_t to = body_end(x, issuer, from);
	if (!is_token(x, issuer, prefix, from, to))
		return false;
	x->issued_done = to;
	size_t begin = prefix;
	if (issuer->alphabet & TELL_ISSUER_KEEP)
		begin = from;
	else if (issuer->alphabet & TELL_ISSUER_AFTER)
		begin = id_begin(x, prefix);
	tell_search_add(x, TELL_SPAN_TOKEN, begin, to);
	if (memcmp(issuer->name, "aws", 4) == 0)
		find_aws_secret(x, to);
	return true;
}

void tell_find_issued(struct tell_search *x, size_t at)
{
	if (at == 0)
		return;
	for (size_t i = tell_issuer_next(x->s, at, 0); i != SIZE_MAX;
		i = tell_issuer_next(x->s, at, i + 1))
		if (try_issuer(x, tell_issuer_at(i), at))
			return;
}
