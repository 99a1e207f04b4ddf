/* telltale/field_cxx.h: tell_kv() in C++17; include <telltale.h> instead.
 *
 *	std::string user = "ann";
 *	tell_info("paid", tell_kv("user", user), tell_kv("total", 42.0), tell_var(state));
 *
 * Values: what tell_kv() takes in C (numbers, bool, C strings, void *, struct timespec),
 *         and std::string, std::string_view and what becomes one of them, nullptr, and enums
 *         of both sorts by their number. Scalars are taken by value: bit fields and static
 *         constants without a definition will do.
 * Ownership: as in C, a field borrows until the call it is given to returns; a temporary
 *         std::string lives as long.
 * Licence: MIT. */
#ifndef TELLTALE_FIELD_CXX_H
#define TELLTALE_FIELD_CXX_H
#include <telltale/field.h>

#if defined(__cplusplus) && __cplusplus >= 201703L
#include <cstddef>
#include <string_view>
#include <type_traits>

/* <telltale/weak.h> says tell__weak. */
#ifndef TELL__MODE
#define TELL__MODE tell__linked
#endif

/* One field from a value of any of these types; the key is a literal. */
#define tell_kv(key, ...) tell__literal(tell__of("" key "", __VA_ARGS__))
#define tell_var(name)	  tell_kv(#name, name)

/* An array: tell_list("ids", 1, 2, 3); up to 16 values of tell_kv()'s kinds. */
#define tell_list(key, ...)                                                              \
	tell__literal(tell__list("" key "", tell__elements(__VA_ARGS__)))

/* Hidden, and named by the mode: what is inlined here is each object's own affair, and a
 * library with <telltale/weak.h> has not the same as its host. */
#pragma GCC visibility push(hidden)
inline namespace TELL__MODE
{
template <class T> inline constexpr bool tell__never = false;

template <class T>
inline constexpr bool tell__is_text = std::is_convertible_v<T, const char *> ||
	std::is_convertible_v<T, std::string_view>;

template <class T> struct tell_field tell__no_kind(const char *key)
{
	static_assert(tell__never<T>,
		"tell_kv() takes numbers, bool, strings, void * and struct timespec; "
		"use tell_bytes(), tell_hex() or another constructor");
	return tell_null(key);
}

/* Of a class: only text. A C string first, as std::string_view takes no NULL. */
TELL__INLINE struct tell_field tell__text(const char *key, std::string_view s)
{
	return tell_strn(key, s.data() ? s.data() : "", s.size());
}

template <class T> TELL__INLINE struct tell_field tell__pointer(const char *key, T p)
{
	using pointee = std::remove_cv_t<std::remove_pointer_t<T>>;
	if constexpr (std::is_convertible_v<T, const char *>)
		return tell_str(key, p);
	else if constexpr (std::is_void_v<pointee> &&
		std::is_convertible_v<T, const void *>)
		return tell_ptr(key, p);
	else
		return tell__no_kind<T>(key);
}

template <class T, std::enable_if_t<std::is_scalar_v<T>, int> = 0>
TELL__INLINE struct tell_field tell__of(const char *key, T v)
{
	if constexpr (std::is_enum_v<T>)
		return tell__of(key, static_cast<std::underlying_type_t<T>>(v));
	else if constexpr (std::is_null_pointer_v<T>)
		return tell_null(key);
	else if constexpr (std::is_same_v<T, bool>)
		return tell_bool(key, v);
	else if constexpr (std::is_integral_v<T> && sizeof(T) <= sizeof(int64_t) &&
		std::is_signed_v<T>)
		return tell_i64(key, v);
	else if constexpr (std::is_integral_v<T> && sizeof(T) <= sizeof(uint64_t))
		return tell_u64(key, v);
	else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
		return tell_f64(key, v);
	else
		return tell__pointer(key, v);
}

template <class T, std::enable_if_t<!std::is_scalar_v<std::decay_t<T>>, int> = 0>
TELL__INLINE struct tell_field tell__of(const char *key, const T &v)
{
	if constexpr (std::is_convertible_v<const T &, const char *>)
		return tell_str(key, v);
	else if constexpr (std::is_convertible_v<const T &, std::string_view>)
		return tell__text(key, v);
	else if constexpr (std::is_same_v<T, struct timespec>)
		return tell_time(key, v);
	else
		return tell__no_kind<T>(key);
}

/* What a list's field points to; lives as long as the call's full expression. */
template <std::size_t N> struct tell__elements_of {
	struct tell_field list[N];
};

template <class... T> tell__elements_of<sizeof...(T)> tell__elements(const T &...v)
{
	static_assert(sizeof...(T) >= 1 && sizeof...(T) <= 16,
		"at most 16 fields here: use tell_log() with an array, or TELL_SCOPE() for some");
	return { { tell__of(nullptr, v)... } };
}

template <std::size_t N>
TELL__INLINE struct tell_field tell__list(
	const char *key, const tell__elements_of<N> &elements)
{
	return tell_list_of(key, elements.list, N);
}
} // namespace TELL__MODE

/* Text of a known length for the constructors that take a C string; no copy. */
TELL__INLINE struct tell_field tell_str(const char *key, std::string_view s)
{
	return tell__text(key, s);
}

TELL__INLINE struct tell_field tell_secret(const char *key, std::string_view)
{
	return tell_secret(key, static_cast<const char *>(nullptr));
}
#pragma GCC visibility pop
#endif
#endif
