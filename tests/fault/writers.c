/* Processes that write to one log, and a reader that knows what each of them wrote.
 *
 *	writers write TALLY SERVICE N RECORDS SECONDS KILLS
 *		N processes log through SERVICE's stack, each RECORDS records (0: no end) for at most
 *		SECONDS (0: no end); meanwhile KILLS of them are killed by SIGKILL at random moments,
 *		and others take their place. TALLY: for each process how many calls had returned,
 *		and whether it was killed.
 *	writers read TALLY FILE...
 *		the files, oldest first: prints name=number pairs: lines, missing, doubled,
 *		misplaced (behind a later one of its process), in_flight (there though the call
 *		had not returned), broken (no whole record), blank.
 *
 * A record has its process's number w, its own i, and a text x of length n that only it has. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>

#define WRITERS_MAX 4096
#define TEXT_MAX    600
#define BIG_EVERY   64 /* one that takes several pages, so that a kill can cut it */
#define BIG	    20000

struct tally {
	uint64_t n;
	struct {
		uint64_t returned; /* atomic */
		uint64_t killed;
	} of[WRITERS_MAX];
};

static struct tally *tally;

static size_t length_of(uint64_t w, uint64_t i)
{
	return i % BIG_EVERY == BIG_EVERY - 1 ? BIG : (w * 7 + i * 13) % TEXT_MAX;
}

static char letter_of(uint64_t w, uint64_t i)
{
	return (char)('a' + (w + i) % 26);
}

/* ---- writing ---- */

static double seconds_now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void write_records(uint64_t w, uint64_t records, double until)
{
	static char text[BIG + 1];

	for (uint64_t i = 0; records == 0 || i < records; i++) {
		size_t n = length_of(w, i);
		memset(text, letter_of(w, i), n);
		text[n] = '\0';
		tell_info("line", tell_kv("w", w), tell_kv("i", i), tell_kv("n", n),
			tell_kv("x", text));
		__atomic_store_n(&tally->of[w].returned, i + 1, __ATOMIC_RELEASE);
		if (until > 0 && i % 16 == 0 && seconds_now() > until)
			break;
	}
}

static pid_t start_writer(const char *service, uint64_t records, double until)
{
	uint64_t w = tally->n++;
	pid_t pid = fork();

	if (pid == 0) {
		(void)tell_init(service);
		write_records(w, records, until);
		tell_close();
		_exit(0);
	}
	return pid;
}

static int run_writers(
	const char *service, uint64_t n, uint64_t records, double seconds, uint64_t kills)
{
	pid_t pids[64] = { 0 };
	uint64_t number[64];
	double until = seconds > 0 ? seconds_now() + seconds : 0;

	if (n > 64 || n + kills > WRITERS_MAX)
		return 64;
	for (uint64_t k = 0; k < n; k++) {
		number[k] = tally->n;
		pids[k] = start_writer(service, records, until);
	}
	for (uint64_t k = 0; k < kills; k++) {
		uint64_t victim = (uint64_t)rand() % n;
		(void)usleep(1000 + (useconds_t)rand() % 20000);
		(void)kill(pids[victim], SIGKILL);
		int status;
		(void)waitpid(pids[victim], &status, 0);
		tally->of[number[victim]].killed = WIFSIGNALED(status);
		number[victim] = tally->n;
		pids[victim] = start_writer(service, records, until);
	}
	int bad = 0, status;
	for (uint64_t k = 0; k < n; k++)
		bad |= waitpid(pids[k], &status, 0) < 0 || status != 0;
	return bad;
}

/* ---- reading ---- */

struct seen {
	uint8_t *of;	    /* bit i: there */
	uint64_t cap, next; /* next: behind the last one in order */
};

static struct seen seen[WRITERS_MAX];
static uint64_t lines, doubled, misplaced, in_flight, broken, blank;

static bool mark(uint64_t w, uint64_t i)
{
	struct seen *s = &seen[w];

	while (i >= s->cap) {
		uint64_t cap = s->cap ? 2 * s->cap : 65536;
		s->of = realloc(s->of, cap);
		if (!s->of)
			abort();
		memset(s->of + s->cap, 0, cap - s->cap);
		s->cap = cap;
	}
	bool was = s->of[i];
	s->of[i] = 1;
	return was;
}

static bool number_after(const char *line, const char *key, uint64_t *ret)
{
	const char *at = strstr(line, key);
	return at && sscanf(at + strlen(key), "%" SCNu64, ret) == 1;
}

/* Is it a whole record, with the text that only this one has? */
static bool is_whole(char *line, size_t len, uint64_t *w, uint64_t *i)
{
	uint64_t n;

	if (len < 2 || line[0] != '{' || line[len - 1] != '}' || strlen(line) != len)
		return false;
	if (!number_after(line, "\"w\":", w) || !number_after(line, "\"i\":", i) ||
		!number_after(line, "\"n\":", &n) || *w >= tally->n)
		return false;
	const char *x = strstr(line, "\"x\":\"");
	if (!x || n != length_of(*w, *i) || strstr(x, "\"timestamp\":"))
		return false;
	x += 5;
	for (uint64_t k = 0; k < n; k++)
		if (x[k] != letter_of(*w, *i))
			return false;
	return x[n] == '"';
}

static void read_line(char *line, size_t len)
{
	uint64_t w, i;

	if (strspn(line, " ") == len) {
		blank++;
		return;
	}
	if (strstr(line, "\"logger\":\"telltale\""))
		return; /* what the library says about itself */
	if (!is_whole(line, len, &w, &i)) {
		broken++;
		return;
	}
	lines++;
	doubled += mark(w, i);
	misplaced += i < seen[w].next;
	seen[w].next = i + 1;
	in_flight += i >= tally->of[w].returned;
}

static int read_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f)
		return 1;
	while ((n = getline(&line, &cap, f)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = '\0';
		read_line(line, (size_t)n);
	}
	free(line);
	(void)fclose(f);
	return 0;
}

static void report(void)
{
	uint64_t missing = 0, returned = 0;

	for (uint64_t w = 0; w < tally->n; w++) {
		returned += tally->of[w].returned;
		for (uint64_t i = 0; i < tally->of[w].returned; i++)
			missing += i >= seen[w].cap || !seen[w].of[i];
	}
	printf("returned=%" PRIu64 " lines=%" PRIu64 " missing=%" PRIu64
	       " doubled=%" PRIu64 " misplaced=%" PRIu64 " in_flight=%" PRIu64
	       " broken=%" PRIu64 " blank=%" PRIu64 "\n",
		returned, lines, missing, doubled, misplaced, in_flight, broken, blank);
}

static int map_tally(const char *path, int flags)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(*tally)) < 0)
		return 1;
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	return tally == MAP_FAILED;
}

int main(int argc, char **argv)
{
	if (argc == 8 && strcmp(argv[1], "write") == 0 && !map_tally(argv[2], O_CREAT)) {
		srand((unsigned)time(NULL));
		return run_writers(argv[3], strtoull(argv[4], NULL, 10),
			strtoull(argv[5], NULL, 10), strtod(argv[6], NULL),
			strtoull(argv[7], NULL, 10));
	}
	if (argc < 3 || strcmp(argv[1], "read") != 0 || map_tally(argv[2], 0))
		return 64;
	int bad = 0;
	for (int k = 3; k < argc; k++)
		bad |= read_file(argv[k]);
	report();
	return bad;
}
