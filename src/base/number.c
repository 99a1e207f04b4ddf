#include "base/number.h"

#include <string.h>

#include "base/digits.h"

const char tell_digit_pairs[200] = {
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899"
};

/* No zeros in front, v < 10^8: from the front, as many steps as there are digits. */
static char *put_up_to_8_digits(char *p, uint32_t v)
{
	if (v < 100)
		return tell_put_up_to_2_digits(p, v);
	if (v < 10000) {
		p = tell_put_up_to_2_digits(p, v / 100);
		return tell_put_2_digits(p, v % 100);
	}
	uint32_t high = v / 10000;
	if (high < 100) {
		p = tell_put_up_to_2_digits(p, high);
	} else {
		p = tell_put_up_to_2_digits(p, high / 100);
		p = tell_put_2_digits(p, high % 100);
	}
	return tell_put_4_digits(p, v % 10000);
}

#define E8  UINT64_C(100000000)
#define E16 UINT64_C(10000000000000000)

char *tell_put_u64(char *p, uint64_t v)
{
	if (v < E8)
		return put_up_to_8_digits(p, (uint32_t)v);
	uint64_t high = v / E8;
	if (high < E8) {
		p = put_up_to_8_digits(p, (uint32_t)high);
	} else {
		p = put_up_to_8_digits(p, (uint32_t)(v / E16));
		p = tell_put_8_digits(p, (uint32_t)(high % E8));
	}
	return tell_put_8_digits(p, (uint32_t)(v % E8));
}

char *tell_put_i64(char *p, int64_t v)
{
	if (v >= 0)
		return tell_put_u64(p, (uint64_t)v);
	*p = '-';
	return tell_put_u64(p + 1, 0 - (uint64_t)v);
}

char *tell_put_hex64(char *p, uint64_t v, int width)
{
	int n = (67 - __builtin_clzll(v | 1)) / 4;
	if (n < width)
		n = width < 16 ? width : 16;
	for (int i = n; i-- > 0; v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
	return p + n;
}

bool tell_parse_u64(const char *s, size_t n, uint64_t *ret)
{
	uint64_t v = 0;
	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned char)s[i] - (unsigned)'0';
		if (digit > 9)
			return false;
		if (i < 19) /* what any 19 digits make fits */
			v = v * 10 + digit;
		else if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, digit, &v))
			return false;
	}
	*ret = v;
	return true;
}

bool tell_parse_i64(const char *s, size_t n, int64_t *ret)
{
	uint64_t v;
	bool negative = n > 0 && *s == '-';
	if (!tell_parse_u64(s + negative, n - negative, &v))
		return false;
	if (v > (uint64_t)INT64_MAX + negative)
		return false;
	/* -2^63 has no positive twin: turned around one early, then moved down. */
	*ret = negative && v ? -(int64_t)(v - 1) - 1 : (int64_t)v;
	return true;
}

/* Digits that tell_put_u64() would write: no zero in front but "0" itself. */
static bool canonical_integer(const char *s, size_t n, struct tell_number *ret)
{
	bool negative = *s == '-';
	if (n > (size_t)negative + 1 && s[negative] == '0')
		return false;
	if (tell_parse_i64(s, n, &ret->i64)) {
		ret->kind = TELL_NUMBER_I64;
		return !(negative && ret->i64 == 0);
	}
	ret->kind = TELL_NUMBER_U64;
	return tell_parse_u64(s, n, &ret->u64);
}

static bool canonical_double(const char *s, size_t n, struct tell_number *ret)
{
	char again[TELL_F64_MAX_CHARS];
	ret->kind = TELL_NUMBER_F64;
	if (!tell_parse_f64(s, n, &ret->f64))
		return false;
	return (size_t)(tell_put_f64(again, ret->f64) - again) == n &&
		memcmp(again, s, n) == 0;
}

bool tell_number_canonical(const char *s, size_t n, struct tell_number *ret)
{
	ret->kind = TELL_NUMBER_NONE;
	ret->u64 = 0;
	if (n == 0 || n > TELL_F64_MAX_CHARS)
		return false;
	if (*s != '-' && (*s < '0' || *s > '9'))
		return false; /* most text is no number: say so at once */
	if (canonical_integer(s, n, ret) || canonical_double(s, n, ret))
		return true;
	ret->kind = TELL_NUMBER_NONE;
	return false;
}
