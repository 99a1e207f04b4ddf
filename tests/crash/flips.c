/* FAULTS row 32: rings with a byte that is another, 10,000 of them, for who starts and for
 * `telltale recover` in turn: nobody crashes, what is sound is delivered once, what is not is
 * set aside, and nobody meets it again.
 *
 *	flips [N [SEED]]	$TELLTALE names the command
 *
 * Prints TAP. */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <telltale.h>
#include <unistd.h>

#include "queue/format.h"
#include "support/memory_dir.h"
#include "support/ring_maker.h"
#include "support/unit.h"

#define LANES	2u
#define RECORDS 10u /* a lane */
#define BATCH	100 /* files that one of them meets: fewer than TELL_ADOPT_MAX */

static const char *dir, *command;
static char above[160], log_path[200];
static char *whole;
static size_t n_whole;
static uint64_t seed;
static unsigned long n_lines, n_wrong, n_bad, n_left;

static void make_whole(void)
{
	static struct ring_maker m;
	char path[400];
	ring_maker_begin(&m, dir, "shop");
	for (uint32_t i = 0; i < LANES; i++) {
		struct tell_lane *l = ring_maker_lane(&m, i + 1);
		for (uint64_t n = 0; n < RECORDS; n++)
			(void)ring_maker_put(&m, l, n + 1, "left behind");
	}
	(void)snprintf(path, sizeof(path), "%s/%s", dir, ring_maker_end(&m));
	FILE *f = fopen(path, "re");
	struct stat st;
	if (!f || fstat(fileno(f), &st) != 0)
		exit(1);
	n_whole = (size_t)st.st_size;
	whole = malloc(n_whole);
	if (!whole || fread(whole, 1, n_whole, f) != n_whole)
		exit(1);
	(void)fclose(f);
	(void)unlink(path);
}

/* Most of the file is zeros: half of the damage goes where there is something. */
static size_t some_place(void)
{
	struct tell_ring_head h;
	uint64_t x = tell_unit_random(&seed);
	memcpy(&h, whole, sizeof(h));
	size_t at = x & 1 ? x >> 8
		: x & 2	  ? (x >> 8) % 256 /* the head's first words */
			  : h.chunks[(x >> 2) % 3].offset + (x >> 8) % 2048;
	return at % n_whole;
}

static void put_damaged(unsigned number)
{
	char path[256];
	size_t at = some_place();
	char was = whole[at];
	(void)snprintf(path, sizeof(path), "%s/shop-4194305-%08x.ring", dir, number);
	whole[at] = (char)(tell_unit_random(&seed) >> 40);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, whole, n_whole) != (ssize_t)n_whole)
		exit(1);
	(void)close(fd);
	whole[at] = was;
}

static int start_service(void)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)tell_init("shop");
		tell_info("started");
		exit(tell_flush(30000) == 0 ? 0 : 1);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

static int run_recover(void)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)execl(command, command, "recover", "--dir", dir, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

/* Ended as it should: 0, or it says that some made no sense. */
static bool ended_well(int status, bool recover)
{
	bool fine = WIFEXITED(status) &&
		(WEXITSTATUS(status) == 0 ||
			(recover && WEXITSTATUS(status) == EX_DATAERR));
	if (!fine)
		printf("# %s ended with %#x\n", recover ? "recover" : "the service",
			(unsigned)status);
	return fine;
}

/* Remove what is left: files set aside, and those whose number is now that of a process
 * that lives. */
static void clear(void)
{
	char path[400];
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (*e->d_name == '.')
			continue;
		size_t len = strlen(e->d_name);
		bool bad = len > 4 && strcmp(e->d_name + len - 4, ".bad") == 0;
		n_bad += bad;
		n_left += !bad;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		(void)unlink(path);
	}
	if (d)
		(void)closedir(d);
}

/* Whole lines, and no more of them than there were records. */
static void count_lines(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	FILE *f = fopen(log_path, "re");
	while (f && (len = getline(&line, &cap, f)) > 0) {
		n_lines += strstr(line, "\"message\":\"started\"") == NULL;
		n_wrong += len < 3 || line[0] != '{' || line[len - 2] != '}';
	}
	if (f)
		(void)fclose(f);
	free(line);
	(void)unlink(log_path);
}

static void put_stack(const char *name, bool remove)
{
	char path[400];
	(void)snprintf(path, sizeof(path), "%s/%s", above, name);
	FILE *f = remove ? NULL : fopen(path, "we");
	if (remove)
		(void)unlink(path);
	if (!f)
		return;
	(void)fprintf(f, "queue required ring\nsink required file path=%s\n", log_path);
	(void)fclose(f);
}

static int n_tests, n_failed;

static void report(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - fault 32: %s\n", ok ? "" : "not ", ++n_tests, name);
}

static void run(unsigned n)
{
	bool fine = true, quiet = true;
	unsigned done = 0;
	for (bool recover = false; done < n && fine; recover = !recover) {
		for (int i = 0; i < BATCH && done < n; i++)
			put_damaged(done++);
		fine = ended_well(recover ? run_recover() : start_service(), recover);
		/* A file that was set aside is met no more. */
		if (recover)
			quiet &= run_recover() == 0;
		clear();
		count_lines();
	}
	printf("# %u files: %lu records, %lu set aside, %lu left\n", done, n_lines, n_bad,
		n_left);
	report(fine, "flipped bytes crash nobody");
	report(quiet, "what is set aside is met no more");
	report(n_wrong == 0 && n_lines <= (unsigned long)done * LANES * RECORDS,
		"no more comes than there was, in whole lines");
	report(n_lines > (unsigned long)done * LANES * RECORDS / 2,
		"what is sound is delivered");
	report(n_bad > 0 && n_left <= done / 100, "what is not is set aside");
}

int main(int argc, char **argv)
{
	dir = memory_dir();
	command = getenv("TELLTALE");
	if (!dir || !command) {
		puts("1..0 # SKIP no tmpfs at /dev/shm, or no $TELLTALE");
		return 0;
	}
	if (argc > 2)
		(void)setenv("TELL_TEST_SEED", argv[2], 1);
	seed = tell_unit_seed();
	(void)snprintf(above, sizeof(above), "%.*s", (int)(strrchr(dir, '/') - dir), dir);
	(void)snprintf(log_path, sizeof(log_path), "%s/log", above);
	(void)chmod(above, 0755);
	(void)setenv("TELLTALE_CONFDIR", above, 1);
	put_stack("shop", false);
	put_stack("other", false); /* the service's name may be what was hit */
	make_whole();
	run(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000);
	put_stack("shop", true);
	put_stack("other", true);
	free(whole);
	printf("1..%d\n", n_tests);
	return n_failed != 0;
}
