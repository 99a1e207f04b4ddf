/* PCRE2 with its JIT over the messages of bench/scan.h: `rival_pcre2 KIND N [one]`. The ten
 * patterns in turn, each with its own start optimisations; with `one` as one alternation,
 * which is slower, as no first byte is common to all. Prints ns a message. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include "bench/scan.h"

struct job {
	pcre2_code *code[SCAN_PATTERNS];
	size_t n;
	pcre2_match_data *match;
};

static int add(struct job *job, const char *pattern)
{
	int error;
	size_t at;
	pcre2_code *code = pcre2_compile(
		(PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
	if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
		(void)fprintf(
			stderr, "rival_pcre2: no JIT, or not at %zu: %s\n", at, pattern);
		return -1;
	}
	job->code[job->n++] = code;
	return 0;
}

static int add_one(struct job *job)
{
	char all[2048] = "";
	size_t len = 0;
	for (size_t i = 0; i < SCAN_PATTERNS; i++)
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s(?:%s)",
			i ? "|" : "", scan_patterns[i]);
	return add(job, all);
}

static int scan_all(void *arg, const char *text, size_t len, int i)
{
	struct job *job = arg;
	int found = 0;
	(void)i;
	for (size_t k = 0; k < job->n; k++)
		found += pcre2_jit_match(job->code[k], (PCRE2_SPTR)text, len, 0, 0,
				 job->match, NULL) >= 0;
	return found;
}

int main(int argc, char **argv)
{
	struct job job = { .match = pcre2_match_data_create(16, NULL) };
	int r = 0;
	if (argc > 3)
		r = add_one(&job);
	else
		for (size_t i = 0; i < SCAN_PATTERNS && r == 0; i++)
			r = add(&job, scan_patterns[i]);
	if (r < 0 || !job.match)
		return EXIT_FAILURE;
	return scan_run(argc > 1 ? argv[1] : "clean", argc > 2 ? atol(argv[2]) : 1000000,
		scan_all, &job);
}
