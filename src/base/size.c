#include "base/size.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/number.h"
#include "base/word.h"

#define FRACTION_DIGITS_MAX 9
#define NS_PER_SEC	    UINT64_C(1000000000)

struct unit {
	char name[5];
	uint64_t factor;
};

#define KILO UINT64_C(1000)
#define KIBI UINT64_C(1024)

static const struct unit size_units[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "KB", KILO },
	{ "MB", KILO *KILO },
	{ "GB", KILO *KILO *KILO },
	{ "TB", KILO *KILO *KILO *KILO },
	{ "PB", KILO *KILO *KILO *KILO *KILO },
	{ "KiB", KIBI },
	{ "MiB", KIBI *KIBI },
	{ "GiB", KIBI *KIBI *KIBI },
	{ "TiB", KIBI *KIBI *KIBI *KIBI },
	{ "PiB", KIBI *KIBI *KIBI *KIBI *KIBI },
	{ "K", KIBI },
	{ "M", KIBI *KIBI },
	{ "G", KIBI *KIBI *KIBI },
	{ "T", KIBI *KIBI *KIBI *KIBI },
	{ "P", KIBI *KIBI *KIBI *KIBI *KIBI },
};

static const struct unit duration_units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", NS_PER_SEC },
	{ "m", 60 * NS_PER_SEC },
	{ "min", 60 * NS_PER_SEC },
	{ "h", 3600 * NS_PER_SEC },
	{ "d", 86400 * NS_PER_SEC },
	{ "w", 7 * 86400 * NS_PER_SEC },
};

struct table {
	const struct unit *units;
	size_t n;
	bool any_case;
};

static const char *skip_digits(const char *p)
{
	while (*p >= '0' && *p <= '9')
		p++;
	return p;
}

static const struct unit *find_unit(const struct table *t, const char *name, size_t len)
{
	for (size_t i = 0; i < t->n; i++) {
		const char *unit = t->units[i].name;
		if (t->any_case ? tell_word_is(unit, name, len)
				: strlen(unit) == len && !memcmp(unit, name, len))
			return &t->units[i];
	}
	return NULL;
}

/* 0.digits * factor, cut: exact, because what is left of factor / 10^n_digits, and digits,
 * are both below 10^9. */
static uint64_t fraction_of(uint64_t factor, const char *digits, size_t n_digits)
{
	uint64_t v = 0, scale = 1;
	for (size_t i = 0; i < n_digits; i++) {
		v = v * 10 + (uint64_t)(digits[i] - '0');
		scale *= 10;
	}
	return factor / scale * v + factor % scale * v / scale;
}

/* One "12.5unit" at *p, which moves behind it. */
static int read_amount(const char **p, const struct table *t, uint64_t *ret)
{
	const char *digits = *p, *point = skip_digits(digits);
	const char *fraction = *point == '.' ? point + 1 : point;
	const char *name = skip_digits(fraction);
	size_t n_fraction = (size_t)(name - fraction);
	if (point == digits || (*point == '.' && n_fraction == 0) ||
		n_fraction > FRACTION_DIGITS_MAX)
		return -EINVAL;

	size_t len = strcspn(name, "0123456789");
	const struct unit *unit = find_unit(t, name, len);
	uint64_t v;
	if (!unit)
		return -EINVAL;
	if (!tell_parse_u64(digits, (size_t)(point - digits), &v) ||
		__builtin_mul_overflow(v, unit->factor, &v) ||
		__builtin_add_overflow(
			v, fraction_of(unit->factor, fraction, n_fraction), &v))
		return -ERANGE;
	*p = name + len;
	*ret = v;
	return 0;
}

int tell_parse_size(const char *text, uint64_t *ret)
{
	static const struct table table = { size_units,
		sizeof(size_units) / sizeof(size_units[0]), true };
	uint64_t v;
	int r = read_amount(&text, &table, &v);
	if (r < 0)
		return r;
	if (*text)
		return -EINVAL;
	*ret = v;
	return 0;
}

int tell_parse_duration(const char *text, uint64_t *ret_ns)
{
	static const struct table table = { duration_units,
		sizeof(duration_units) / sizeof(duration_units[0]), false };
	uint64_t sum = 0, v;
	if (strcmp(text, "0") == 0) {
		*ret_ns = 0;
		return 0;
	}
	do {
		int r = read_amount(&text, &table, &v);
		if (r < 0)
			return r;
		if (__builtin_add_overflow(sum, v, &sum))
			return -ERANGE;
	} while (*text);
	*ret_ns = sum;
	return 0;
}

int tell_parse_percent(const char *text, double *ret_ratio)
{
	size_t n = strlen(text);
	double v;
	if (n < 2 || text[n - 1] != '%' || strspn(text, "0123456789.") != n - 1)
		return -EINVAL;
	if (!tell_parse_f64(text, n - 1, &v))
		return -EINVAL;
	if (v > 100)
		return -ERANGE;
	*ret_ratio = v / 100;
	return 0;
}
