/* telltale/field.h: typed fields, the values a record carries.
 *
 *	tell_info("paid",
 *		tell_kv("user", user),              // any number, bool or C string
 *		tell_var(cents),                    // tell_kv("cents", cents)
 *		tell_ns("took", elapsed_ns),        // a duration, shown in seconds
 *		tell_strn("body", ptr, len),        // text with a length
 *		tell_secret("token", token),        // always [REDACTED]
 *		tell_list("tags", "new", "eu", 3)); // the one way to an array
 *
 * Ownership: a field borrows its key and its value until the call it is given to returns.
 * Names:     become [a-z][a-z0-9_]{0,63}; names of the exits themselves (message, level,
 *            syslog_*, ...) get "user_" in front. Both are counted. The last writer of a
 *            name wins.
 * Threads:   a field is a plain value; build and use it in one thread.
 * Licence:   MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_FIELD_H
#define TELLTALE_FIELD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" /* of those who ask for it */
#endif
#pragma GCC visibility push(default)

/* What a field holds; kept until an encoder writes it by its exit's rules. */
enum tell_type {
	TELL_TYPE_NULL,	    /* nothing: JSON null */
	TELL_TYPE_BOOL,	    /* u64: 0 or 1 */
	TELL_TYPE_I64,	    /* i64 */
	TELL_TYPE_U64,	    /* u64 */
	TELL_TYPE_F64,	    /* f64; shortest text that reads back the same */
	TELL_TYPE_STR,	    /* ptr, len: text, meant to be UTF-8 (RFC 3629) */
	TELL_TYPE_BYTES,    /* ptr, len: base64 in text exits, raw in the journal */
	TELL_TYPE_HEX,	    /* ptr, len: bytes shown as lower-case hex */
	TELL_TYPE_JSON,	    /* ptr, len: one serialised JSON value (RFC 8259) */
	TELL_TYPE_NS,	    /* u64: a duration in ns, shown in seconds */
	TELL_TYPE_TIME,	    /* i64: ns since 1970 UTC, shown as RFC 3339 */
	TELL_TYPE_PTR,	    /* ptr: an address, shown as 0x... */
	TELL_TYPE_ERRNO,    /* i64: becomes the two fields errno and error */
	TELL_TYPE_ID128,    /* ptr to 16 bytes: 32 hex digits */
	TELL_TYPE_SOCKADDR, /* ptr, len: address and port */
	TELL_TYPE_SECRET,   /* no value is kept: [REDACTED] */
	TELL_TYPE_LIST	    /* ptr to len fields without keys: an array */
};

/* key_len is strlen(key), cut at 65535 (the name is cut at 64 anyway). */
#define TELL_FIELD_LITERAL 1 /* flags: the key is a literal of the object that made it */

/* One field, 24 bytes, built on the caller's stack by the functions below. */
struct tell_field {
	const char *key;
	uint8_t type;  /* enum tell_type */
	uint8_t flags; /* TELL_FIELD_LITERAL */
	uint16_t key_len;
	uint32_t len; /* bytes behind v.ptr, cut at 4 GiB; of a list: elements */
	union {
		int64_t i64;
		uint64_t u64;
		double f64;
		const void *ptr;
	} v;
};

/* Always inline, so that the length of a literal key is known when compiling: left alone,
 * compilers call these once a field and count the key's bytes each time. */
#define TELL__INLINE static inline __attribute__((always_inline))

TELL__INLINE struct tell_field tell__field(const char *key, uint8_t type)
{
	struct tell_field f;
	size_t n = key ? __builtin_strlen(key) : 0;
	f.key = key;
	f.type = type;
	f.flags = 0;
	f.key_len = n < UINT16_MAX ? (uint16_t)n : (uint16_t)UINT16_MAX;
	f.len = 0;
	f.v.u64 = 0;
	return f;
}

TELL__INLINE struct tell_field tell__field_ptr(
	const char *key, uint8_t type, const void *ptr, size_t len)
{
	struct tell_field f = tell__field(key, ptr ? type : (uint8_t)TELL_TYPE_NULL);
	f.len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	f.v.ptr = ptr;
	return f;
}

/* The constructors. Any name will do; it and what a pointer points to are borrowed until the
 * call that takes the field returns. None fails. */

/* Nothing: null. */
TELL__INLINE struct tell_field tell_null(const char *key)
{
	return tell__field(key, TELL_TYPE_NULL);
}

TELL__INLINE struct tell_field tell_bool(const char *key, bool v)
{
	struct tell_field f = tell__field(key, TELL_TYPE_BOOL);
	f.v.u64 = v;
	return f;
}

TELL__INLINE struct tell_field tell_i64(const char *key, int64_t v)
{
	struct tell_field f = tell__field(key, TELL_TYPE_I64);
	f.v.i64 = v;
	return f;
}

TELL__INLINE struct tell_field tell_u64(const char *key, uint64_t v)
{
	struct tell_field f = tell__field(key, TELL_TYPE_U64);
	f.v.u64 = v;
	return f;
}

/* NaN and the infinities are allowed: JSON shows null and marks the field. */
TELL__INLINE struct tell_field tell_f64(const char *key, double v)
{
	struct tell_field f = tell__field(key, TELL_TYPE_F64);
	f.v.f64 = v;
	return f;
}

/* A C string; NULL becomes null. */
TELL__INLINE struct tell_field tell_str(const char *key, const char *s)
{
	return tell__field_ptr(key, TELL_TYPE_STR, s, s ? __builtin_strlen(s) : 0);
}

/* len bytes of text, NUL allowed in it; NULL becomes null. */
TELL__INLINE struct tell_field tell_strn(const char *key, const void *ptr, size_t len)
{
	return tell__field_ptr(key, TELL_TYPE_STR, ptr, len);
}

/* len bytes that are no text: raw in the journal, base64 (RFC 4648) elsewhere. */
TELL__INLINE struct tell_field tell_bytes(const char *key, const void *ptr, size_t len)
{
	return tell__field_ptr(key, TELL_TYPE_BYTES, ptr, len);
}

/* len bytes, shown as hex digits. */
TELL__INLINE struct tell_field tell_hex(const char *key, const void *ptr, size_t len)
{
	return tell__field_ptr(key, TELL_TYPE_HEX, ptr, len);
}

/* One JSON value as text, len bytes; what is not JSON is kept as a string. */
TELL__INLINE struct tell_field tell_jsonn(const char *key, const char *text, size_t len)
{
	return tell__field_ptr(key, TELL_TYPE_JSON, text, len);
}

/* A json-c object; include <json-c/json.h> yourself, the library does not link it.
 * Serialised in the caller; the text belongs to the object until its next use. */
#define tell_json(key, object)                                                           \
	tell__json((key),                                                                \
		json_object_to_json_string_ext((object),                                 \
			JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE))

TELL__INLINE struct tell_field tell__json(const char *key, const char *text)
{
	return tell__field_ptr(
		key, TELL_TYPE_JSON, text, text ? __builtin_strlen(text) : 0);
}

/* A duration in nanoseconds. */
TELL__INLINE struct tell_field tell_ns(const char *key, uint64_t ns)
{
	struct tell_field f = tell__field(key, TELL_TYPE_NS);
	f.v.u64 = ns;
	return f;
}

/* A point in time; 1677 to 2262, others are cut to that. */
TELL__INLINE struct tell_field tell_time(const char *key, struct timespec t)
{
	struct tell_field f = tell__field(key, TELL_TYPE_TIME);
	int64_t ns;
	if (__builtin_mul_overflow((int64_t)t.tv_sec, (int64_t)1000000000, &ns) ||
		__builtin_add_overflow(ns, (int64_t)t.tv_nsec, &ns))
		ns = t.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	f.v.i64 = ns;
	return f;
}

/* An address, shown as 0x...; what it points to is not looked at. */
TELL__INLINE struct tell_field tell_ptr(const char *key, const void *p)
{
	struct tell_field f = tell__field(key, TELL_TYPE_PTR);
	f.v.u64 = (uint64_t)(uintptr_t)p;
	return f;
}

/* An error number, negative allowed: the fields errno=2 error="No such file or directory". */
TELL__INLINE struct tell_field tell_errno(int e)
{
	struct tell_field f = tell__field("errno", TELL_TYPE_ERRNO);
	f.v.i64 = e < 0 ? -(int64_t)e : e;
	return f;
}

/* 16 bytes shown as 32 hex digits: trace ids, sd_id128_t.bytes. */
TELL__INLINE struct tell_field tell_id128(const char *key, const uint8_t id[16])
{
	return tell__field_ptr(key, TELL_TYPE_ID128, id, 16);
}

/* A socket address: 192.0.2.1:80, [2001:db8::1]:80, unix:/path. */
TELL__INLINE struct tell_field tell_sockaddr(
	const char *key, const struct sockaddr *sa, size_t len)
{
	return tell__field_ptr(key, TELL_TYPE_SOCKADDR, sa, len);
}

/* A value that must not leave: it is not even copied. */
TELL__INLINE struct tell_field tell_secret(const char *key, const char *value)
{
	(void)value;
	return tell__field(key, TELL_TYPE_SECRET);
}

/* n elements, their keys unused; a list holds no lists (they become null). */
TELL__INLINE struct tell_field tell_list_of(
	const char *key, const struct tell_field *elements, size_t n)
{
	return tell__field_ptr(key, TELL_TYPE_LIST, elements, n);
}

TELL__INLINE struct tell_field tell__literal(struct tell_field f)
{
	f.flags = TELL_FIELD_LITERAL;
	return f;
}

#pragma GCC visibility pop
#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif

#ifndef __cplusplus
/* What the compiler says where a value has no kind of its own. */
struct tell_field tell__bad_value(const char *key, ...) __attribute__((
	error("tell_kv() takes numbers, bool, strings, void * and struct timespec; "
	      "use tell_bytes(), tell_hex() or another constructor")));
struct tell_field tell__bad_field(int unused, ...)
	__attribute__((error("a field belongs here: tell_kv(…), or use tell_infof()")));

/* One field from a value of any of these types; the key is a literal. */
#define tell_kv(key, value) tell__literal(tell__of(("" key ""), (value)))
#define tell_var(name)	    tell_kv(#name, name)

/* clang-format off */
#define tell__of(key, value) _Generic((value), \
	bool: tell_bool, float: tell_f64, double: tell_f64, \
	char: tell_i64, signed char: tell_i64, short: tell_i64, int: tell_i64, \
	long: tell_i64, long long: tell_i64, \
	unsigned char: tell_u64, unsigned short: tell_u64, unsigned: tell_u64, \
	unsigned long: tell_u64, unsigned long long: tell_u64, \
	char *: tell_str, const char *: tell_str, \
	void *: tell_ptr, const void *: tell_ptr, \
	struct timespec: tell_time, default: tell__bad_value)((key), (value))
/* clang-format on */
#elif __cplusplus >= 201703L
#include <telltale/field_cxx.h>
#endif

#endif
