/* How long programs live: `spawn N [NAME=VALUE] PROGRAM ...` runs the programs N times, in
 * turn so that all meet the same machine, NAME set for the one behind it. Prints for each the
 * median in us from posix_spawn() to its end; their own output is left alone. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS_MAX 8

struct program {
	char *path, *setting; /* NULL: none */
	double *us;
};

static double now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static char **with(char *setting)
{
	size_t n = 0;
	while (environ[n])
		n++;
	char **all = calloc(n + 2, sizeof(*all));
	if (!all)
		return NULL;
	if (setting)
		all[0] = setting;
	memcpy(all + (setting != NULL), environ, n * sizeof(*all));
	return all;
}

static int measure(const struct program *p, int i)
{
	char *argv[] = { p->path, NULL }, **env = with(p->setting);
	pid_t pid;
	int status;
	double begin = now_us();
	if (!env || posix_spawn(&pid, p->path, NULL, NULL, argv, env) != 0 ||
		waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	p->us[i] = now_us() - begin;
	free(env);
	return 0;
}

int main(int argc, char **argv)
{
	struct program programs[PROGRAMS_MAX] = { 0 };
	int n = argc > 2 ? atoi(argv[1]) : 0, n_programs = 0;
	for (int i = 2; i < argc && n > 0 && n_programs < PROGRAMS_MAX; i++) {
		struct program *p = &programs[n_programs];
		if (strchr(argv[i], '=')) {
			p->setting = argv[i];
			continue;
		}
		p->path = argv[i];
		p->us = calloc((size_t)n, sizeof(*p->us));
		if (!p->us)
			return 71;
		n_programs++;
	}
	if (n_programs == 0)
		return 64;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n_programs; k++)
			if (measure(&programs[k], i) < 0)
				return 70;
	for (int k = 0; k < n_programs; k++) {
		qsort(programs[k].us, (size_t)n, sizeof(double), by_size);
		(void)printf("%s%.1f", k ? " " : "", programs[k].us[n / 2]);
		free(programs[k].us);
	}
	(void)puts("");
	return 0;
}
