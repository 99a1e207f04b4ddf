/* Looking for secrets where there are none: `redact KIND N [16]` has `redact requisite detect`
 * run over N records that hold one of the messages of bench/scan.h each. Prints ns a record;
 * with 16 the search takes 16 bytes at a time, whatever the processor has, so that
 * instructions are the same everywhere. */
#include "base/simd.h"
#include "bench/scan.h"
#include "record/record.h"
#include "redact/module.h"
#include "stack/args.h"

static struct tell_record records[SCAN_TEXTS];
static enum tell_simd widest;

enum tell_simd __real_tell_simd(void);
enum tell_simd __wrap_tell_simd(void);

/* The linker (--wrap) gives this to those who ask for tell_simd(). */
enum tell_simd __wrap_tell_simd(void)
{
	return widest;
}

struct job {
	void *line;
	struct tell_buf out, work;
	struct tell_run run;
};

static int run_one(void *arg, const char *text, size_t len, int i)
{
	struct job *job = arg;
	(void)text;
	(void)len;
	job->run.record = &records[i];
	return tell_redact_detect.run(job->line, &job->run) != TELL_SUCCESS;
}

static uint64_t found_in_all(const void *line)
{
	uint64_t all = 0, n;
	const char *word;
	for (size_t i = 0; tell_redact_detect.counted(line, i, &word, &n); i++)
		all += n;
	return all;
}

int main(int argc, char **argv)
{
	const struct tell_args none = { 0 };
	struct tell_refusal why;
	struct job job = { 0 };
	const char *kind = argc > 1 ? argv[1] : "clean";
	const struct scan_texts *t = scan_texts_make(kind);
	widest = argc > 3 ? TELL_SIMD_SSSE3 : __real_tell_simd();
	tell_buf_init(&job.out, 0);
	tell_buf_init(&job.work, 0);
	job.run.out = &job.out;
	job.run.work = &job.work;
	if (tell_redact_detect.open(&job.line, &none, &why) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < SCAN_TEXTS; i++) {
		if (tell_record_begin(&records[i], TELL_INFO, TELL_KIND_LOG) < 0)
			return EXIT_FAILURE;
		tell_record_message(&records[i], t->text[i], t->len[i]);
	}
	int r = scan_run(kind, argc > 2 ? atol(argv[2]) : 1000000, run_one, &job);
	if (found_in_all(job.line)) {
		(void)fprintf(stderr, "redact: secrets found in text without any\n");
		return EXIT_FAILURE;
	}
	return r;
}
