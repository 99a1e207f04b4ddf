/* FAULTS rows 3 and 4: who drains is killed as well. Four services log and are killed, again
 * and again, while `telltale recover` looks for what they leave and is killed on its way;
 * services that start adopt at the same time. At the end all that returned is delivered, and
 * one more recovery changes nothing. All write to one file: what a process that is killed leaves
 * of a line there has the next line of another behind it, which counts.
 *
 *	drained [ROUNDS]	$TELLTALE names the command
 *
 * Prints TAP. */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "crash/numbered.h"
#include "support/memory_dir.h"
#include "support/unit.h"

#define APPS	   4
#define THREADS	   (NUMBERED_WRITERS / APPS)
#define RECOVERIES 3 /* a round */
#define ROUNDS	   20
/* TELL_KILLS is that of kill.c; here a round has some 10,000 numbers of NUMBERED_MOST. */
#define KILLS_A_ROUND 25
#define LIFE_US	      15000u
#define RECOVERY_US   6000u

static char log_path[128], conf[128];
static const char *command;
static uint64_t seed;
static unsigned n_killed, n_recoveries_killed;

static void *log_on(void *arg)
{
	numbered_log((unsigned)(uintptr_t)arg, (unsigned)(uintptr_t)arg / THREADS);
	return NULL;
}

static pid_t start_service(unsigned app)
{
	pthread_t t;
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	(void)tell_init("drained");
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&t, NULL, log_on, (void *)(app * THREADS + i)) != 0)
			_exit(4);
	for (;;)
		(void)pause();
}

static pid_t start_recovery(void)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	(void)execl(command, command, "recover", "--service", "drained", (char *)NULL);
	_exit(127);
}

/* Its wait status. */
static int end_of(pid_t pid)
{
	int status = -1;
	(void)waitpid(pid, &status, 0);
	return status;
}

static bool kill_one(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	int status = end_of(pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* Somewhere on its way, or just too late. */
static bool recover_and_kill(void)
{
	pid_t pid = start_recovery();
	(void)usleep((useconds_t)(tell_unit_random(&seed) % RECOVERY_US));
	(void)kill(pid, SIGKILL);
	int status = end_of(pid);
	n_recoveries_killed += WIFSIGNALED(status) != 0;
	return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

/* Half of the services die at once; recoveries are killed while the other half log on. */
static bool one_round(void)
{
	pid_t apps[APPS];
	bool fine = true;
	for (unsigned i = 0; i < APPS; i++)
		apps[i] = start_service(i);
	(void)usleep(1000 + (useconds_t)(tell_unit_random(&seed) % LIFE_US));
	for (unsigned i = 0; i < APPS / 2; i++)
		fine &= kill_one(apps[i]);
	for (int i = 0; i < RECOVERIES; i++)
		fine &= recover_and_kill();
	for (unsigned i = APPS / 2; i < APPS; i++)
		fine &= kill_one(apps[i]);
	numbered_killed();
	n_killed += APPS + RECOVERIES; /* each may leave half a line */
	return fine;
}

static bool write_stack(void)
{
	char path[sizeof(conf) + 16];
	(void)mkdir(conf, 0755);
	(void)snprintf(path, sizeof(path), "%s/drained", conf);
	FILE *f = fopen(path, "we");
	if (!f)
		return false;
	(void)fprintf(f,
		"queue required ring full=sync\nredact required keys\nsink required file "
		"path=%s\n",
		log_path);
	(void)setenv("TELLTALE_CONFDIR", conf, 1);
	return fclose(f) == 0;
}

static void remove_stack(void)
{
	char path[sizeof(conf) + 16];
	(void)snprintf(path, sizeof(path), "%s/drained", conf);
	(void)unlink(path);
	(void)rmdir(conf);
	(void)unlink(log_path);
}

static int n_tests, n_failed;

static void report(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++n_tests, name);
	(void)fflush(stdout);
}

static off_t log_size(void)
{
	struct stat st;
	return stat(log_path, &st) == 0 ? st.st_size : 0;
}

static void run(unsigned long rounds)
{
	bool fine = true;
	numbered_reset();
	for (unsigned long i = 0; i < rounds && fine; i++)
		fine = one_round();
	report(fine,
		"fault 3: services and recoveries are killed, nothing else ends badly");
	bool left = memory_dir_files(".ring") > 0;
	report(end_of(start_recovery()) == 0, "fault 3: one recovery runs to its end");
	report(numbered_judge(log_path, n_killed, false),
		"fault 3: all that returned is delivered, none torn");
	report(memory_dir_files(".ring") == 0 && memory_dir_files(".bad") == 0,
		"fault 3: no file is left, none set aside");
	off_t before = log_size();
	report(end_of(start_recovery()) == 0 && left && log_size() == before,
		"fault 4: a second recovery changes nothing");
}

int main(int argc, char **argv)
{
	const char *dir = memory_dir(), *kills = getenv("TELL_KILLS");
	command = getenv("TELLTALE");
	if (!dir || !command) {
		puts("1..0 # SKIP no tmpfs at /dev/shm, or no $TELLTALE");
		return 0;
	}
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : ROUNDS;
	if (argc == 1 && kills && strtoul(kills, NULL, 10) > ROUNDS * KILLS_A_ROUND)
		rounds = strtoul(kills, NULL, 10) / KILLS_A_ROUND;
	seed = tell_unit_seed();
	(void)snprintf(log_path, sizeof(log_path), "%s/../log", dir);
	(void)snprintf(conf, sizeof(conf), "%s/../conf", dir);
	if (!write_stack() || !numbered_begin())
		return 1;
	run(rounds);
	const struct numbered_sum *sum = &numbered_sum;
	printf("1..%d\n# %lu records, %lu lost, %lu torn, %lu lines cut, %lu twice, "
	       "%lu in flight came, %lu undelivered; %u recoveries killed\n",
		n_tests, sum->records, sum->lost, sum->torn, sum->cut, sum->twice,
		sum->in_flight, sum->undelivered, n_recoveries_killed);
	numbered_end();
	remove_stack();
	return n_failed != 0;
}
