// Mistakes that only C++ can make; as bad.c.
#include <optional>
#include <string>
#include <vector>
#include <telltale.h>

void mistake(const std::string &name, const std::vector<int> &list,
	std::optional<int> maybe, const std::wstring &wide, int (*function)());
void mistake(const std::string &name, const std::vector<int> &list,
	std::optional<int> maybe, const std::wstring &wide, int (*function)())
{
	(void)name, (void)list, (void)maybe, (void)wide, (void)function;
#if CASE == 1 /* text is no field */
	tell_info("m", name);
#elif CASE == 2	 /* a container */
	tell_info("m", tell_kv("list", list));
#elif CASE == 3	 /* text that is no UTF-8 */
	tell_info("m", tell_var(wide));
#elif CASE == 4	 /* what may be none */
	tell_info("m", tell_kv("maybe", maybe));
#elif CASE == 5	 /* a function */
	tell_info("m", tell_kv("function", function));
#elif CASE == 6	 /* a key that is no literal */
	tell_info("m", tell_kv(name, 1));
#elif CASE == 7	 /* a message that is no text */
	tell_info(42, tell_kv("n", 1));
#elif CASE == 8	 /* std::string where the format says a C string */
	tell_infof("%s", name);
#elif CASE == 9	 /* a bare value in an instance of a template */
	[&](auto value) { tell_info("m", value); }(name);
#elif CASE == 10 /* long double has no exit that keeps it */
	tell_info("m", tell_kv("ld", 1.0L));
#else
#error "no such case"
#endif
}
