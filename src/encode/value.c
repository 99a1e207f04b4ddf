#include "encode/value.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>
#include "base/bytes.h"
#include "base/clock.h"
#include "base/digits.h"
#include "base/number.h"
#include "encode/encode.h"
#include "encode/room.h"

/* Nine digits of a fraction of a second. */
static char *put_9_digits(char *p, uint32_t ns)
{
	p = tell_put_6_digits(p, ns / 1000);
	*p++ = (char)('0' + ns / 100 % 10);
	return tell_put_2_digits(p, ns % 100);
}

char *tell_put_seconds(char *p, uint64_t ns)
{
	p = tell_put_u64(p, ns / TELL_NS_PER_SEC);
	*p++ = '.';
	char *first = p;
	p = put_9_digits(p, (uint32_t)(ns % TELL_NS_PER_SEC));
	while (p > first + 1 && p[-1] == '0')
		p--;
	return p;
}

/* The Gregorian calendar repeats itself after 400 years of 146097 days. */
#define NS_PER_400_YEARS (UINT64_C(146097) * 86400 * TELL_NS_PER_SEC)

char *tell_put_time(char *p, int64_t ns)
{
	uint64_t shifted =
		(uint64_t)ns; /* before 1970: 400 years later, year put right */
	if (ns < 0)
		shifted += NS_PER_400_YEARS;
	char *year = p;
	p = tell_put_rfc3339(p, shifted);
	if (ns < 0) {
		uint64_t n = 0;
		(void)tell_parse_u64(year, 4, &n); /* four digits: written above */
		n -= 400;			   /* 1677 at the earliest: four again */
		(void)tell_put_2_digits(
			tell_put_2_digits(year, (uint32_t)n / 100), (uint32_t)n % 100);
	}
	if (shifted % 1000 == 0)
		return p;
	p[-1] = (char)('0' + shifted / 100 % 10);
	p = tell_put_2_digits(p, (uint32_t)(shifted % 100));
	*p++ = 'Z';
	return p;
}

static char *put_port(char *p, in_port_t port)
{
	*p++ = ':';
	return tell_put_u64(p, ntohs(port));
}

static char *put_inet(char *p, const void *sa)
{
	struct sockaddr_in in;
	memcpy(&in, sa, sizeof(in));
	(void)inet_ntop(AF_INET, &in.sin_addr, p, INET_ADDRSTRLEN); /* has room */
	return put_port(p + strlen(p), in.sin_port);
}

static char *put_inet6(char *p, const void *sa)
{
	struct sockaddr_in6 in6;
	memcpy(&in6, sa, sizeof(in6));
	*p++ = '[';
	(void)inet_ntop(AF_INET6, &in6.sin6_addr, p, INET6_ADDRSTRLEN); /* has room */
	p += strlen(p);
	if (in6.sin6_scope_id) { /* the number: a name would need a system call */
		*p++ = '%';
		p = tell_put_u64(p, in6.sin6_scope_id);
	}
	*p++ = ']';
	return put_port(p, in6.sin6_port);
}

/* unix(7): a path may lack its NUL, an abstract name begins with one. */
static char *put_unix(char *p, const char *path, size_t len)
{
	p = TELL_PUT(p, "unix:");
	if (len > sizeof(((struct sockaddr_un *)0)->sun_path))
		len = sizeof(((struct sockaddr_un *)0)->sun_path);
	if (len == 0)
		return p;
	if (path[0]) {
		len = strnlen(path, len);
	} else if (len > 1) {
		*p++ = '@';
		path++;
		len--;
	} else {
		return p;
	}
	return tell_put_bytes(p, path, len);
}

char *tell_put_sockaddr(char *p, const void *sa, size_t len)
{
	const size_t path_at = offsetof(struct sockaddr_un, sun_path);
	sa_family_t family = AF_UNSPEC;
	if (len >= sizeof(family))
		memcpy(&family, sa, sizeof(family));
	if (family == AF_INET && len >= sizeof(struct sockaddr_in))
		return put_inet(p, sa);
	if (family == AF_INET6 && len >= sizeof(struct sockaddr_in6))
		return put_inet6(p, sa);
	if (family == AF_UNIX && len >= path_at)
		return put_unix(p, (const char *)sa + path_at, len - path_at);
	p = TELL_PUT(p, "family:");
	return tell_put_u64(p, family);
}

char *tell_put_short(char *p, const struct tell_value *v)
{
	switch ((enum tell_type)v->type) {
	case TELL_TYPE_NULL:
		return TELL_PUT(p, "null");
	case TELL_TYPE_BOOL:
		return tell_value_u64(v) ? TELL_PUT(p, "true") : TELL_PUT(p, "false");
	case TELL_TYPE_I64:
		return tell_put_i64(p, tell_value_i64(v));
	case TELL_TYPE_U64:
		return tell_put_u64(p, tell_value_u64(v));
	case TELL_TYPE_F64:
		return tell_put_f64(p, tell_value_f64(v));
	case TELL_TYPE_NS:
		return tell_put_seconds(p, tell_value_u64(v));
	case TELL_TYPE_TIME:
		return tell_put_time(p, tell_value_i64(v));
	case TELL_TYPE_PTR:
		return tell_put_hex64(TELL_PUT(p, "0x"), tell_value_u64(v), 1);
	case TELL_TYPE_ID128:
		return tell_put_hexbytes(p, v->data, 16);
	case TELL_TYPE_SOCKADDR:
		return tell_put_sockaddr(p, v->data, v->len);
	case TELL_TYPE_SECRET:
		return TELL_PUT(p, TELL_REDACTED);
	case TELL_TYPE_STR:
	case TELL_TYPE_BYTES:
	case TELL_TYPE_HEX:
	case TELL_TYPE_JSON:
	case TELL_TYPE_LIST:
	case TELL_TYPE_ERRNO: /* never in a record */
		break;
	}
	return NULL;
}

static void put_encoded(struct tell_buf *out, size_t n, const struct tell_value *v,
	char *(*put)(char *, const void *, size_t))
{
	char *p = n ? tell_room_begin(out, n) : NULL;
	if (p)
		tell_room_end(out, put(p, v->data, v->len), out->len);
}

void tell_encode_value(struct tell_buf *out, const struct tell_value *v)
{
	char text[TELL_SHORT_MAX_CHARS];
	char *end = tell_put_short(text, v);
	if (end) {
		tell_buf_put(out, text, (size_t)(end - text));
		return;
	}
	switch (v->type) {
	case TELL_TYPE_BYTES:
		put_encoded(out, tell_base64_len(v->len), v, tell_put_base64);
		return;
	case TELL_TYPE_HEX:
		put_encoded(out, 2 * (size_t)v->len, v, tell_put_hexbytes);
		return;
	case TELL_TYPE_LIST:
		tell_encode_json_value(out, v);
		return;
	default: /* text, and JSON as text */
		tell_buf_put(out, v->data, v->len);
	}
}
