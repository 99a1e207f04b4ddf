/* telltale/call_cxx.h: how calls with fields are made in C++17; include <telltale.h> instead.
 *
 *	template <class T> void store(const T &item, std::string_view id)
 *	{
 *		TELL_SCOPE(tell_kv("item_id", id));               // RAII: until the block ends
 *		tell_debug("storing", tell_kv("bytes", item.size()));
 *	}
 *
 * A message may be a C string, std::string or std::string_view. A bare value among the
 * fields, or a 17th field, does not compile and says what to write, as in C.
 * Sites:   a call in an inline function is one site, however many files include it; one in a
 *          template is one each instance. Such variables cannot share a section with others
 *          (COMDAT), so in C++ a site lists itself when it is first reached: rules set
 *          before hold for it all the same.
 * Threads: as in C.
 * Licence: MIT. */
#ifndef TELLTALE_CALL_CXX_H
#define TELLTALE_CALL_CXX_H
#include <telltale/call.h>

#if defined(__cplusplus) && __cplusplus >= 201703L
#include <telltale/field_cxx.h>

#define TELL__NONE	    nullptr
#define TELL__NOTHING	    static_cast<void>(0)
#define TELL__INT(level)    tell__int(level)
#define TELL__REACHED(site) tell__reached(site)

/* Fields, or a kept context, for the rest of the block. */
#define TELL_SCOPE(...)                                                                  \
	const tell__scope_of_fields TELL__CAT(tell__scope_, __LINE__)                    \
	{                                                                                \
		__VA_ARGS__                                                              \
	}
#define TELL_ENTER(context)                                                              \
	const tell__scope_of_context TELL__CAT(tell__scope_, __LINE__)                   \
	{                                                                                \
		context                                                                  \
	}

/* Initialised as a constant: no guard, no code. */
#define TELL__SITE(level_, text_)                                                        \
	TELL__SITE_OF(                                                                   \
		__builtin_constant_p(level_) ? tell__clamp(level_) : TELL__LEVEL_VARIES, \
		text_)
#define TELL__SITE_OF(level_, text_)                                                     \
	static struct tell_site tell__here = tell__site_of(                              \
		level_, __LINE__, __FILE__, __func__, TELL_LOGGER, text_)
#define TELL__CALL(t, level, text, ...)                                                  \
	TELL__AT(level, text, tell__call(t, tell__site, tell__level, __VA_ARGS__))

#pragma GCC visibility push(hidden)
inline namespace TELL__MODE
{
constexpr int tell__int(int level)
{
	return level;
}

constexpr int tell__clamp(int level)
{
	return level < 0 ? 0 : level > TELL_DEBUG ? TELL_DEBUG : level;
}

constexpr struct tell_site tell__site_of(int level, uint32_t line, const char *file,
	const char *func, const char *logger, const char *text)
{
	return { TELL__UNRESOLVED, static_cast<uint8_t>(level), 0, 0, line, file, func,
		logger, text, 0, 0, nullptr, nullptr };
}

/* Is it switched by tell_level_set() from now on? Listed before it is resolved. */
inline void tell__reached(struct tell_site *site)
{
	if (TELL__LINKED(tell__site_add) &&
		__builtin_expect(__atomic_load_n(&site->state, __ATOMIC_RELAXED) ==
				TELL__UNRESOLVED,
			0))
		tell__site_add(&tell__object, site);
}

/* The fields of a call, checked; n is 0 when the call is refused, to say it only once. */
template <class... F> struct tell__fields {
	static constexpr bool fields = (std::is_same_v<F, struct tell_field> && ...);
	static constexpr bool few = sizeof...(F) <= 16;
	static_assert(fields, "a field belongs here: tell_kv(…), or use tell_infof()");
	static_assert(few,
		"at most 16 fields here: use tell_log() with an array, or TELL_SCOPE() for some");
	static constexpr std::size_t n = fields && few ? sizeof...(F) : 0;
};

/* Calls fn(array, n) with what is in the pack. */
template <class Fn, class... F> auto tell__with_fields(Fn &&fn, const F &...f)
{
	if constexpr (tell__fields<F...>::n > 0) {
		const struct tell_field list[] = { f... };
		return fn(list, sizeof...(F));
	} else {
		return fn(static_cast<const struct tell_field *>(nullptr),
			std::size_t{ 0 });
	}
}

template <class M, class... F>
void tell__call(struct tell *t, struct tell_site *site, int level, const M &message,
	const F &...f)
{
	static_assert(
		tell__is_text<const M &>, "the message is text, or use tell_infof()");
	tell__with_fields(
		[&](const struct tell_field *list, std::size_t n) {
			if constexpr (std::is_convertible_v<const M &, const char *>) {
				tell__log(t, site, level, message, list, n);
			} else if constexpr (tell__is_text<const M &>) {
				const std::string_view text = message;
				tell__log_text(t, site, level, text.data(), text.size(),
					list, n);
			}
		},
		f...);
}

class tell__scope_of_fields
{
	struct tell_scope scope TELL__SCOPE_NONE;

      public:
	template <class... F> explicit tell__scope_of_fields(const F &...f)
	{
		tell__with_fields(
			[this](const struct tell_field *list, std::size_t n) {
				TELL__HOSTED(
					tell__scope_push(&scope, list, n), TELL__NOTHING);
			},
			f...);
	}
	~tell__scope_of_fields()
	{
		tell__scope_end(&scope);
	}
	tell__scope_of_fields(const tell__scope_of_fields &) = delete;
	tell__scope_of_fields &operator=(const tell__scope_of_fields &) = delete;
};

class tell__scope_of_context
{
	struct tell_scope scope TELL__SCOPE_NONE;

      public:
	explicit tell__scope_of_context(const struct tell_context *c)
	{
		TELL__HOSTED(tell__scope_enter(&scope, c), TELL__NOTHING);
	}
	~tell__scope_of_context()
	{
		tell__scope_end(&scope);
	}
	tell__scope_of_context(const tell__scope_of_context &) = delete;
	tell__scope_of_context &operator=(const tell__scope_of_context &) = delete;
};
} // namespace TELL__MODE

/* Handles and contexts with fields; the caller frees them. */
template <class... F> struct tell *tell_with(struct tell *parent, const F &...f)
{
	return tell__with_fields(
		[parent](const struct tell_field *list, std::size_t n) {
			return TELL__HOSTED(tell__with(parent, list, n), nullptr);
		},
		f...);
}

template <class... F> struct tell_context *tell_context_new(const F &...f)
{
	return tell__with_fields(
		[](const struct tell_field *list, std::size_t n) {
			return TELL__HOSTED(tell__context_new(list, n), nullptr);
		},
		f...);
}
#pragma GCC visibility pop
#endif
#endif
