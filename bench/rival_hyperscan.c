/* Hyperscan over the messages of bench/scan.h: `rival_hyperscan KIND N [som]`. One database of
 * all ten patterns in block mode, compiled for this processor, one scratch; it says which
 * pattern matched and where it ends, with som also where it begins, which whoever replaces
 * text has to know. Prints ns a message. */
#include <hs.h>
#include "bench/scan.h"

struct job {
	hs_database_t *database;
	hs_scratch_t *scratch;
};

static int seen(unsigned id, unsigned long long from, unsigned long long to,
	unsigned flags, void *found)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(int *)found;
	return 0;
}

static int scan_block(void *arg, const char *text, size_t len, int i)
{
	struct job *job = arg;
	int found = 0;
	(void)i;
	(void)hs_scan(job->database, text, (unsigned)len, 0, job->scratch, seen, &found);
	return found;
}

int main(int argc, char **argv)
{
	struct job job = { 0 };
	unsigned flags[SCAN_PATTERNS], ids[SCAN_PATTERNS];
	hs_compile_error_t *error = NULL;
	for (unsigned i = 0; i < SCAN_PATTERNS; i++) {
		flags[i] = argc > 3 ? HS_FLAG_SOM_LEFTMOST : HS_FLAG_SINGLEMATCH;
		ids[i] = i;
	}
	if (hs_compile_multi(scan_patterns, flags, ids, SCAN_PATTERNS, HS_MODE_BLOCK,
		    NULL, &job.database, &error) != HS_SUCCESS) {
		(void)fprintf(stderr, "rival_hyperscan: %s\n", error->message);
		return EXIT_FAILURE;
	}
	if (hs_alloc_scratch(job.database, &job.scratch) != HS_SUCCESS)
		return EXIT_FAILURE;
	return scan_run(argc > 1 ? argv[1] : "clean", argc > 2 ? atol(argv[2]) : 1000000,
		scan_block, &job);
}
