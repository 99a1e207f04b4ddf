#include "support/rfc5424_check.h"
#include <string.h>

struct input {
	const char *begin, *s, *end;
	struct rfc5424 *m;
};

static bool fault(struct input *in, const char *what)
{
	if (!in->m->fault) {
		in->m->fault = what;
		in->m->at = (size_t)(in->s - in->begin);
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* PRINTUSASCII = %d33-126 */
static bool is_print(char c)
{
	return c >= 33 && c <= 126;
}

static bool literal(struct input *in, char c, const char *what)
{
	if (in->s == in->end || *in->s != c)
		return fault(in, what);
	in->s++;
	return true;
}

/* Exactly n digits with a value from low to high. */
static bool digits(struct input *in, int n, int low, int high, const char *what)
{
	int v = 0;
	if (in->end - in->s < n)
		return fault(in, what);
	for (int i = 0; i < n; i++) {
		if (!is_digit(in->s[i]))
			return fault(in, what);
		v = v * 10 + (in->s[i] - '0');
	}
	if (v < low || v > high)
		return fault(in, what);
	in->s += n;
	return true;
}

/* PRI = "<" PRIVAL ">" ; 0 .. 191 */
static bool read_pri(struct input *in)
{
	int v = 0, n = 0;
	if (!literal(in, '<', "PRI begins with <"))
		return false;
	while (in->s < in->end && is_digit(*in->s) && n < 3) {
		v = v * 10 + (*in->s++ - '0');
		n++;
	}
	if (n == 0 || v > 191 || (n > 1 && in->s[-n] == '0'))
		return fault(in, "PRIVAL is 0 to 191 without zeros in front");
	in->m->pri = v;
	return literal(in, '>', "PRI ends with >");
}

/* NILVALUE / 1*max PRINTUSASCII */
static bool read_header(
	struct input *in, size_t max, struct rfc5424_part *ret, const char *what)
{
	const char *first = in->s;
	while (in->s < in->end && is_print(*in->s))
		in->s++;
	size_t n = (size_t)(in->s - first);
	if (n == 0 || n > max)
		return fault(in, what);
	bool nil = n == 1 && *first == '-';
	*ret = (struct rfc5424_part){ nil ? NULL : first, nil ? 0 : n };
	return literal(in, ' ', what);
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* FULL-DATE, with days that exist. */
static bool read_date(struct input *in)
{
	static const char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *d = in->s;
	if (!digits(in, 4, 0, 9999, "year") || !literal(in, '-', "date") ||
		!digits(in, 2, 1, 12, "month") || !literal(in, '-', "date"))
		return false;
	int year = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + d[3] -
		'0';
	int month = (d[5] - '0') * 10 + d[6] - '0';
	int last = lengths[month - 1] + (month == 2 && is_leap(year));
	return digits(in, 2, 1, last, "day");
}

/* TIME-OFFSET = "Z" / TIME-NUMOFFSET */
static bool read_offset(struct input *in)
{
	if (in->s < in->end && (*in->s == '+' || *in->s == '-')) {
		in->s++;
		return digits(in, 2, 0, 23, "offset") && literal(in, ':', "offset") &&
			digits(in, 2, 0, 59, "offset");
	}
	return literal(in, 'Z', "Z or an offset");
}

/* TIMESTAMP; the second 60 is not allowed (section 6.2.3.1). */
static bool read_timestamp(struct input *in)
{
	const char *first = in->s;
	if (in->end - in->s >= 2 && in->s[0] == '-' && in->s[1] == ' ') {
		in->s += 2;
		return true;
	}
	if (!read_date(in) || !literal(in, 'T', "T") || !digits(in, 2, 0, 23, "hour") ||
		!literal(in, ':', "time") || !digits(in, 2, 0, 59, "minute") ||
		!literal(in, ':', "time") || !digits(in, 2, 0, 59, "second"))
		return false;
	if (in->s < in->end && *in->s == '.') {
		const char *point = in->s++;
		while (in->s < in->end && is_digit(*in->s))
			in->s++;
		if (in->s - point < 2 || in->s - point > 7)
			return fault(in, "1 to 6 digits of a second");
	}
	if (!read_offset(in))
		return false;
	in->m->timestamp = (struct rfc5424_part){ first, (size_t)(in->s - first) };
	return literal(in, ' ', "a blank behind TIMESTAMP");
}

/* One character of UTF-8 (RFC 3629 section 4) at s: its bytes, 0: ill-formed. */
static size_t utf8(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	unsigned long cp = len == 1 ? s[0] : s[0] & (0xffu >> (len + 1));
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if ((s[0] >= 0x80 && s[0] < 0xc0) || s[0] > 0xf7 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (s[i] & 0x3f);
	}
	if (cp < least[len] || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0;
	return len;
}

/* SD-NAME = 1*32PRINTUSASCII ; except '=', SP, ']', %d34 */
static bool read_name(struct input *in, struct rfc5424_part *ret)
{
	const char *first = in->s;
	while (in->s < in->end && is_print(*in->s) && !strchr("=]\"", *in->s))
		in->s++;
	*ret = (struct rfc5424_part){ first, (size_t)(in->s - first) };
	if (ret->len < 1 || ret->len > 32)
		return fault(in, "SD-NAME of 1 to 32 characters");
	return true;
}

/* PARAM-VALUE up to its closing quote. */
static bool read_value(struct input *in, struct rfc5424_part *ret)
{
	const char *first = in->s;
	while (in->s < in->end && *in->s != '"') {
		if (*in->s == ']')
			return fault(in, "] in a value is escaped");
		if (*in->s == '\\') {
			if (in->end - in->s < 2 || !strchr("\"\\]", in->s[1]) ||
				!in->s[1])
				return fault(in, "only \" \\ ] are escaped");
			in->s += 2;
			continue;
		}
		size_t n = utf8(in->s, (size_t)(in->end - in->s));
		if (n == 0)
			return fault(in, "PARAM-VALUE is UTF-8");
		in->s += n;
	}
	*ret = (struct rfc5424_part){ first, (size_t)(in->s - first) };
	return literal(in, '"', "PARAM-VALUE ends with a quote");
}

static bool same(struct rfc5424_part a, struct rfc5424_part b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* SD-ELEMENT = "[" SD-ID *(SP SD-PARAM) "]" */
static bool read_element(struct input *in, struct rfc5424_part *ids)
{
	struct rfc5424 *m = in->m;
	struct rfc5424_part id;
	if (!literal(in, '[', "SD-ELEMENT begins with [") || !read_name(in, &id))
		return false;
	for (size_t i = 0; i < m->n_elements; i++)
		if (same(ids[i], id))
			return fault(in, "SD-ID twice");
	if (m->n_elements == 8)
		return fault(in, "more elements than this reader takes");
	ids[m->n_elements++] = id;
	while (in->s < in->end && *in->s == ' ') {
		if (m->n_params == RFC5424_PARAMS_MAX)
			return fault(in, "more parameters than this reader takes");
		struct rfc5424_param *p = &m->params[m->n_params];
		in->s++;
		p->id = id;
		if (!read_name(in, &p->name) ||
			!literal(in, '=', "= behind PARAM-NAME") ||
			!literal(in, '"', "PARAM-VALUE begins with a quote") ||
			!read_value(in, &p->value))
			return false;
		m->n_params++;
	}
	return literal(in, ']', "SD-ELEMENT ends with ]");
}

static bool read_data(struct input *in)
{
	struct rfc5424_part ids[8];
	if (in->s < in->end && *in->s == '-') {
		in->s++;
		return true;
	}
	do
		if (!read_element(in, ids))
			return false;
	while (in->s < in->end && *in->s == '[');
	return true;
}

/* [SP MSG] ; MSG-UTF8 = BOM UTF-8-STRING */
static bool read_msg(struct input *in)
{
	if (in->s == in->end)
		return true;
	if (!literal(in, ' ', "a blank before MSG"))
		return false;
	in->m->bom = in->end - in->s >= 3 && memcmp(in->s, "\xef\xbb\xbf", 3) == 0;
	if (in->m->bom)
		in->s += 3;
	in->m->msg = (struct rfc5424_part){ in->s, (size_t)(in->end - in->s) };
	while (in->m->bom && in->s < in->end) {
		size_t n = utf8(in->s, (size_t)(in->end - in->s));
		if (n == 0)
			return fault(in, "MSG behind a BOM is UTF-8");
		in->s += n;
	}
	return true;
}

bool rfc5424_read(struct rfc5424 *ret, const char *s, size_t n)
{
	struct input in = { s, s, s + n, ret };
	memset(ret, 0, sizeof(*ret));
	return read_pri(&in) && literal(&in, '1', "VERSION is 1") &&
		literal(&in, ' ', "a blank behind VERSION") && read_timestamp(&in) &&
		read_header(&in, 255, &ret->host, "HOSTNAME") &&
		read_header(&in, 48, &ret->app, "APP-NAME") &&
		read_header(&in, 128, &ret->procid, "PROCID") &&
		read_header(&in, 32, &ret->msgid, "MSGID") && read_data(&in) &&
		read_msg(&in);
}

size_t rfc5424_unescape(char *to, struct rfc5424_part value)
{
	size_t n = 0;
	for (size_t i = 0; i < value.len; i++) {
		i += value.at[i] == '\\';
		to[n++] = value.at[i];
	}
	return n;
}

const struct rfc5424_param *rfc5424_find(
	const struct rfc5424 *m, const char *id, const char *name)
{
	struct rfc5424_part wanted_id = { id, strlen(id) },
			    wanted = { name, strlen(name) };
	for (size_t i = 0; i < m->n_params; i++)
		if (same(m->params[i].id, wanted_id) && same(m->params[i].name, wanted))
			return &m->params[i];
	return NULL;
}
