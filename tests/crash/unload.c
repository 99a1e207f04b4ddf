/* FAULTS row 11: a plugin with sites of its own logs through the queue and is unloaded, 300
 * times, while other threads log: what it said arrives, with its place. Prints TAP. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <unistd.h>

#define ROUNDS	300
#define THREADS 3

static bool stop;

static void *log_until_stop(void *ret_n)
{
	unsigned long n = 0;
	for (; !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); n++) {
		tell_info("meanwhile", tell_kv("n", n));
		(void)usleep(100);
	}
	*(unsigned long *)ret_n = n;
	return NULL;
}

static unsigned long count(const char *path, const char *text)
{
	char *line = NULL;
	size_t cap = 0;
	unsigned long n = 0;
	FILE *f = fopen(path, "re");
	while (f && getline(&line, &cap, f) > 0)
		n += strstr(line, text) != NULL;
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

static bool plugin_speaks(int round)
{
	void *plugin = dlopen(TELL_TEST_PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);
	void (*speak)(int) = NULL;
	if (plugin)
		*(void **)&speak = dlsym(plugin, "plugin_log");
	for (int i = 0; speak && i < 3; i++)
		speak(round);
	return speak && dlclose(plugin) == 0;
}

int main(void)
{
	char dir[] = "/dev/shm/telltale-unload.XXXXXX", path[64], conf[64];
	pthread_t threads[THREADS];
	unsigned long n[THREADS], meanwhile = 0;
	bool fine = true;
	if (!mkdtemp(dir)) {
		puts("1..0 # SKIP no /dev/shm");
		return 0;
	}
	(void)snprintf(path, sizeof(path), "%s/log", dir);
	(void)snprintf(conf, sizeof(conf), "%s/unload", dir);
	FILE *f = fopen(conf, "we");
	if (!f)
		return 1;
	(void)fprintf(
		f, "queue required ring full=sync\nsink required file path=%s\n", path);
	(void)fclose(f);
	(void)setenv("TELLTALE_CONFDIR", dir, 1);
	(void)setenv("RUNTIME_DIRECTORY", dir, 1);
	(void)tell_init("unload");
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&threads[i], NULL, log_until_stop, &n[i]);
	for (int i = 0; i < ROUNDS; i++)
		fine &= plugin_speaks(i);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], NULL);
		meanwhile += n[i];
	}
	fine &= tell_flush(20000) == 0;
	unsigned long spoken = count(path, "\"plugin speaks\""),
		      placed = count(path, "tests/flow/plugin.c"),
		      other = count(path, "\"meanwhile\"");
	if (spoken != 3 * ROUNDS || placed != 3 * ROUNDS || other != meanwhile)
		printf("# %lu of %d, %lu placed, %lu of %lu meanwhile\n", spoken,
			3 * ROUNDS, placed, other, meanwhile);
	fine &= spoken == 3 * ROUNDS && placed == 3 * ROUNDS && other == meanwhile;
	printf("%sok 1 - fault 11: a plugin is unloaded %d times\n1..1\n",
		fine ? "" : "not ", ROUNDS);
	tell_close();
	(void)unlink(path);
	(void)unlink(conf);
	(void)snprintf(path, sizeof(path), "%s/telltale", dir);
	(void)rmdir(path);
	(void)rmdir(dir);
	return !fine;
}
