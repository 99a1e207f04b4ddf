// A plugin in C++: its sites list themselves and go when it is unloaded. Its template is
// hidden, as a plugin's own things should be: g++ keeps an object loaded for ever that has
// an exported inline function with a static variable (STB_GNU_UNIQUE).
#define TELL_LOGGER "test.plugin"
#include <telltale.h>

extern "C" __attribute__((visibility("default"))) void plugin_log(int n);

namespace
{
template <class T> void details(T n)
{
	tell_debug("plugin details", tell_kv("n", n));
}
} // namespace

extern "C" void plugin_log(int n)
{
	tell_info("plugin speaks", tell_kv("n", n));
	details(n);
}
