/* Sites of several objects: linked with the shared library as a service is, with
 * --gc-sections; a plugin comes by dlopen() and goes by dlclose(). Prints TAP. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PAGES_MAY_GROW 8192 /* what is freed waits in the sanitizer's quarantine */
#else
#define PAGES_MAY_GROW 100
#endif

static char dir[] = "/tmp/telltale-objects.XXXXXX", stack[64], path[64];
static int n_tests, n_failed;

static void check(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++n_tests, name);
}

static size_t count(const char *text)
{
	static char line[65536];
	size_t n = 0;
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, text) != NULL;
	if (f)
		(void)fclose(f);
	return n;
}

static void set_up(void)
{
	if (!mkdtemp(dir))
		exit(99);
	(void)snprintf(stack, sizeof(stack), "%s/objects", dir);
	(void)snprintf(path, sizeof(path), "%s/log.jsonl", dir);
	FILE *f = fopen(stack, "we");
	if (!f)
		exit(99);
	(void)fprintf(f, "sink required file path=%s\n", path);
	(void)fclose(f);
	(void)setenv("TELLTALE_CONFDIR", dir, 1);
}

static bool load_and_log(const char *plugin, int times)
{
	for (int i = 0; i < times; i++) {
		void *object = dlopen(plugin, RTLD_NOW | RTLD_LOCAL);
		void (*plugin_log)(int);
		if (!object) {
			printf("# %s\n", dlerror());
			return false;
		}
		*(void **)&plugin_log = dlsym(object, "plugin_log");
		plugin_log(i);
		(void)dlclose(object);
	}
	return true;
}

static long resident_pages(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f && fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f)
		(void)fclose(f);
	return pages;
}

int main(int argc, char **argv)
{
	const char *plugin = argc > 1 ? argv[1] : TELL_TEST_PLUGIN_PATH;
	set_up();
	tell_info("before init");
	check(tell_init("objects") == 0, "the stack is read");
	tell_info("after init");
	check(count("after init") == 1, "a program linked with --gc-sections logs");

	check(plugin && load_and_log(plugin, 1), "a plugin is loaded and unloaded");
	check(count("plugin speaks") == 1 && count("plugin details") == 0,
		"its info speaks, its debug does not");
	check(count("plugin.c") == 1, "its place outlives it");

	check(tell_level_set("file:plugin.c debug") == 0, "a rule for its file is taken");
	tell_debug("own details");
	check(plugin && load_and_log(plugin, 1), "it comes again");
	check(count("plugin details") == 1 && count("own details") == 0,
		"the rule switched only its sites");

	check(plugin && load_and_log(plugin, 100), "it comes and goes a hundred times");
	long before = resident_pages();
	check(plugin && load_and_log(plugin, 900), "and nine hundred times more");
	check(resident_pages() - before < PAGES_MAY_GROW, "memory stays flat");
	check(count("plugin details") == 1001, "every record arrived");
	tell_close();

	(void)unlink(path);
	(void)unlink(stack);
	(void)rmdir(dir);
	printf("1..%d\n", n_tests);
	return n_failed > 0;
}
