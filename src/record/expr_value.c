#include "record/expr_value.h"
#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "base/bytes.h"
#include "base/clock.h"
#include "record/expr_node.h"

#define REDACTED "[REDACTED]"

void tell_operand_text(struct tell_operand *o, const char *text, size_t len)
{
	o->kind = TELL_OPERAND_TEXT;
	o->text = text;
	o->len = len;
}

void tell_operand_f64(struct tell_operand *o, double v)
{
	o->kind = TELL_OPERAND_NUMBER;
	o->number = (struct tell_number){ .kind = TELL_NUMBER_F64, .f64 = v };
}

static void set_i64(struct tell_operand *o, int64_t v)
{
	o->kind = TELL_OPERAND_NUMBER;
	o->number = (struct tell_number){ .kind = TELL_NUMBER_I64, .i64 = v };
}

void tell_operand_u64(struct tell_operand *o, uint64_t v)
{
	if (v <= INT64_MAX) {
		set_i64(o, (int64_t)v);
		return;
	}
	o->kind = TELL_OPERAND_NUMBER;
	o->number = (struct tell_number){ .kind = TELL_NUMBER_U64, .u64 = v };
}

/* ---- text that has to be made ---- */

static void set_made(struct tell_operand *o, const char *end)
{
	tell_operand_text(o, o->room, (size_t)(end - o->room));
}

static void set_hex(struct tell_operand *o, const void *bytes, size_t n)
{
	if (n > TELL_OPERAND_ROOM / 2)
		n = TELL_OPERAND_ROOM / 2;
	set_made(o, tell_put_hexbytes(o->room, bytes, n));
}

/* RFC 3339 for the times it can write, else the number of ns. */
static void set_time(struct tell_operand *o, int64_t ns)
{
	if (ns < 0)
		set_i64(o, ns);
	else
		set_made(o, tell_put_rfc3339(o->room, (uint64_t)ns));
}

static void set_pointer(struct tell_operand *o, uint64_t v)
{
	memcpy(o->room, "0x", 2);
	set_made(o, tell_put_hex64(o->room + 2, v, 0));
}

static void set_unix(struct tell_operand *o, const char *path, size_t len)
{
	static const char prefix[] = "unix:";
	size_t at = sizeof(prefix) - 1;
	memcpy(o->room, prefix, at);
	size_t n = len && path[0] ? strnlen(path, len) : len;
	if (n > TELL_OPERAND_ROOM - at)
		n = TELL_OPERAND_ROOM - at;
	memcpy(o->room + at, path, n);
	if (n && path[0] == '\0')
		o->room[at] = '@'; /* the abstract namespace, as ss(8) shows it */
	set_made(o, o->room + at + n);
}

static void set_inet(
	struct tell_operand *o, int family, const void *address, uint16_t port)
{
	char *p = o->room;
	if (family == AF_INET6)
		*p++ = '[';
	if (!inet_ntop(family, address, p, TELL_OPERAND_ROOM - 16)) {
		o->kind = TELL_OPERAND_NONE;
		return;
	}
	p += strlen(p);
	if (family == AF_INET6)
		*p++ = ']';
	*p++ = ':';
	set_made(o, tell_put_u64(p, ntohs(port)));
}

/* 192.0.2.1:80, [2001:db8::1]:80, unix:/path */
static void set_sockaddr(struct tell_operand *o, const void *bytes, size_t len)
{
	union {
		sa_family_t family;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	} a = { .family = AF_UNSPEC };
	memcpy(&a, bytes, len < sizeof(a) ? len : sizeof(a));
	size_t head = offsetof(struct sockaddr_un, sun_path);
	if (a.family == AF_INET && len >= sizeof(a.in))
		set_inet(o, AF_INET, &a.in.sin_addr, a.in.sin_port);
	else if (a.family == AF_INET6 && len >= sizeof(a.in6))
		set_inet(o, AF_INET6, &a.in6.sin6_addr, a.in6.sin6_port);
	else if (a.family == AF_UNIX && len >= head && len <= sizeof(a.un))
		set_unix(o, a.un.sun_path, len - head);
	else
		set_hex(o, bytes, len);
}

void tell_operand_value(struct tell_operand *o, const struct tell_value *v)
{
	switch ((enum tell_type)v->type) {
	case TELL_TYPE_NULL:
		o->kind = TELL_OPERAND_NONE;
		break;
	case TELL_TYPE_BOOL:
		tell_operand_u64(o, tell_value_u64(v) != 0);
		o->kind = TELL_OPERAND_BOOL;
		break;
	case TELL_TYPE_I64:
	case TELL_TYPE_ERRNO:
		set_i64(o, tell_value_i64(v));
		break;
	case TELL_TYPE_U64:
		tell_operand_u64(o, tell_value_u64(v));
		break;
	case TELL_TYPE_F64:
		tell_operand_f64(o, tell_value_f64(v));
		break;
	case TELL_TYPE_NS:
		tell_operand_f64(o, (double)tell_value_u64(v) / (double)TELL_NS_PER_SEC);
		break;
	case TELL_TYPE_TIME:
		set_time(o, tell_value_i64(v));
		break;
	case TELL_TYPE_PTR:
		set_pointer(o, tell_value_u64(v));
		break;
	case TELL_TYPE_HEX:
	case TELL_TYPE_ID128:
		set_hex(o, v->data, v->len);
		break;
	case TELL_TYPE_SOCKADDR:
		set_sockaddr(o, v->data, v->len);
		break;
	case TELL_TYPE_STR:
	case TELL_TYPE_BYTES:
	case TELL_TYPE_JSON:
		tell_operand_text(o, v->data, v->len);
		break;
	case TELL_TYPE_SECRET:
		tell_operand_text(o, REDACTED, sizeof(REDACTED) - 1);
		break;
	case TELL_TYPE_LIST:
		o->kind = TELL_OPERAND_LIST;
		o->list = *v;
		break;
	}
}

/* ---- reading ---- */

const char *tell_operand_show(struct tell_operand *o, size_t *ret_len)
{
	char *end = o->room;
	if (o->kind == TELL_OPERAND_TEXT) {
		*ret_len = o->len;
		return o->text;
	}
	if (o->kind == TELL_OPERAND_BOOL) {
		const char *word = o->number.i64 ? "true" : "false";
		*ret_len = strlen(word);
		return word;
	}
	if (o->number.kind == TELL_NUMBER_I64)
		end = tell_put_i64(end, o->number.i64);
	else if (o->number.kind == TELL_NUMBER_U64)
		end = tell_put_u64(end, o->number.u64);
	else
		end = tell_put_f64(end, o->number.f64);
	*ret_len = (size_t)(end - o->room);
	return o->room;
}

bool tell_operand_number(const struct tell_operand *o, struct tell_number *ret)
{
	if (o->kind == TELL_OPERAND_TEXT)
		return tell_expr_number(o->text, o->len, ret);
	if (o->kind != TELL_OPERAND_NUMBER && o->kind != TELL_OPERAND_BOOL)
		return false;
	*ret = o->number;
	return true;
}

double tell_number_f64(const struct tell_number *n)
{
	if (n->kind == TELL_NUMBER_I64)
		return (double)n->i64;
	return n->kind == TELL_NUMBER_U64 ? (double)n->u64 : n->f64;
}

bool tell_operand_true(const struct tell_operand *o)
{
	struct tell_number n;
	switch (o->kind) {
	case TELL_OPERAND_NONE:
		return false;
	case TELL_OPERAND_LIST:
		return o->list.len > 0;
	case TELL_OPERAND_TEXT:
		if (o->len == 5 && memcmp(o->text, "false", 5) == 0)
			return false;
		if (!tell_operand_number(o, &n))
			return o->len > 0;
		break;
	case TELL_OPERAND_NUMBER:
	case TELL_OPERAND_BOOL:
		n = o->number;
		break;
	}
	double d = tell_number_f64(&n);
	return d < 0 || d > 0;
}

/* ---- comparing ---- */

static enum tell_order order_u64(uint64_t a, uint64_t b)
{
	return a < b ? TELL_LESS : a > b ? TELL_GREATER : TELL_EQUAL;
}

/* Whole numbers exactly (a U64 is above every I64), others as doubles. */
static enum tell_order order_numbers(
	const struct tell_number *a, const struct tell_number *b)
{
	if (a->kind == TELL_NUMBER_F64 || b->kind == TELL_NUMBER_F64) {
		double x = tell_number_f64(a), y = tell_number_f64(b);
		if (isunordered(x, y))
			return TELL_UNORDERED;
		return isless(x, y)	  ? TELL_LESS
			: isgreater(x, y) ? TELL_GREATER
					  : TELL_EQUAL;
	}
	if (a->kind != b->kind)
		return a->kind == TELL_NUMBER_U64 ? TELL_GREATER : TELL_LESS;
	if (a->kind == TELL_NUMBER_U64)
		return order_u64(a->u64, b->u64);
	return a->i64 < b->i64 ? TELL_LESS : a->i64 > b->i64 ? TELL_GREATER : TELL_EQUAL;
}

static enum tell_order order_texts(struct tell_operand *a, struct tell_operand *b)
{
	size_t m, n;
	const char *s = tell_operand_show(a, &m), *t = tell_operand_show(b, &n);
	int order = memcmp(s, t, m < n ? m : n);
	if (order == 0)
		return order_u64(m, n);
	return order < 0 ? TELL_LESS : TELL_GREATER;
}

static bool both(const struct tell_operand *a, const struct tell_operand *b,
	enum tell_operand_kind kind, enum tell_operand_kind other)
{
	return (a->kind == kind && b->kind == other) ||
		(a->kind == other && b->kind == kind);
}

enum tell_order tell_operand_order(struct tell_operand *a, struct tell_operand *b)
{
	struct tell_number x, y;
	if (tell_operand_number(a, &x) && tell_operand_number(b, &y))
		return order_numbers(&x, &y);
	if (both(a, b, TELL_OPERAND_TEXT, TELL_OPERAND_TEXT) ||
		both(a, b, TELL_OPERAND_BOOL, TELL_OPERAND_TEXT))
		return order_texts(a, b);
	return TELL_UNORDERED;
}

bool tell_operand_equal(struct tell_operand *a, struct tell_operand *b)
{
	if (both(a, b, TELL_OPERAND_TEXT, TELL_OPERAND_TEXT))
		return order_texts(a, b) == TELL_EQUAL;
	return tell_operand_order(a, b) == TELL_EQUAL;
}
