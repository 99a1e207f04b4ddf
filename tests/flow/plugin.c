/* An object with sites of its own, loaded and unloaded by tests/flow/objects.c. */
#define TELL_LOGGER "plugin"
#include <telltale.h>

__attribute__((visibility("default"))) void plugin_log(int n);

void plugin_log(int n)
{
	tell_info("plugin speaks", tell_kv("n", n));
	tell_debug("plugin details", tell_kv("n", n));
}
