/* telltale redact: a filter that takes secrets out of text and JSON lines. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/clock.h"
#include "tool/option.h"
#include "tool/redactor.h"
#include "tool/redact_sieve.h"
#include "tool/verbs.h"

#define OPTIONS_MAX 16
#define BAR_WIDTH   30
#define BAR_NS	    (TELL_NS_PER_SEC / 10)

enum { OPT_PROFILE = TELL_CLI_LONG, OPT_STYLE };

static const struct tell_cli_option options[] = {
	{ OPT_PROFILE, "profile", "WORD", "default: credentials; pii: also personal data",
		"default pii" },
	{ OPT_STYLE, "style", "WORD",
		"what stands for a secret: kind (the default), fixed,\n"
		"partial, hmac or drop",
		"kind fixed partial hmac drop" },
	{ 'O', "option", "NAME=VALUE",
		"any option of the redact lines, as in a stack: add=licence", NULL },
	{ 's', "service", "NAME", "the redact lines of this service's stack instead",
		NULL },
	{ 'c', "count", NULL, "write only how many of each kind there are", NULL },
	{ 0 },
};

static const char examples[] =
	"  telltale redact old.log >clean.log\n"
	"  kubectl logs deploy/shop | telltale redact | less\n"
	"  telltale redact --count /var/log/shop/*.jsonl\n"
	"  tar -xOf bundle.tar | telltale redact --service shop >bundle.txt\n";

static int run(int argc, char **argv);

const struct tell_verb tell_verb_redact = {
	.name = "redact",
	.group = "Shell",
	.summary = "take the secrets out of text and JSON lines",
	.operands = "[FILE]...",
	.options = options,
	.examples = examples,
	.run = run,
};

struct redact {
	char *options[OPTIONS_MAX];
	size_t n_options;
	const char *service;
	bool count;
	struct tell_redactor rules;
	struct tell_sieve sieve;
	uint64_t total, before, shown_ns; /* of the bar: bytes, and of earlier files */
};

/* ---- options ---- */

static int add_option(struct redact *r, const char *name, const char *value)
{
	char *text;
	if (r->n_options == OPTIONS_MAX)
		return tell_cli_error(
			EX_USAGE, "redact", "more than %d options", OPTIONS_MAX);
	if (asprintf(&text, "%s%s%s", name, *name ? "=" : "", value) < 0)
		return tell_cli_error(EX_OSERR, "redact", "out of memory");
	r->options[r->n_options++] = text;
	return 0;
}

static int take(struct redact *r, int id)
{
	switch (id) {
	case OPT_PROFILE:
		return strcmp(optarg, "default") == 0 ? 0
						      : add_option(r, "profile", optarg);
	case OPT_STYLE:
		return strcmp(optarg, "kind") == 0 ? 0 : add_option(r, "style", optarg);
	case 'O':
		return add_option(r, "", optarg);
	case 's':
		r->service = optarg;
		return 0;
	default:
		r->count = true;
		return 0;
	}
}

/* ---- the bar ---- */

static void bar(void *arg, uint64_t n_read)
{
	struct redact *r = arg;
	uint64_t now_ns = tell_clock_monotonic_ns(), done = r->before + n_read;
	if (now_ns - r->shown_ns < BAR_NS)
		return;
	r->shown_ns = now_ns;
	unsigned part = done >= r->total ? 100 : (unsigned)(done * 100 / r->total);
	fprintf(stderr, "\r[%-*.*s] %3u%%", BAR_WIDTH, (int)(part * BAR_WIDTH / 100),
		"==============================", part);
}

static void bar_begin(struct redact *r, char **files, int n)
{
	struct stat st;
	if (!isatty(STDERR_FILENO) || isatty(STDOUT_FILENO))
		return;
	for (int i = 0; i < n; i++) {
		if (stat(files[i], &st) != 0 || !S_ISREG(st.st_mode))
			return; /* nobody knows how much there is */
		r->total += (uint64_t)st.st_size;
	}
	if (!r->total)
		return;
	r->sieve.progress = bar;
	r->sieve.progress_arg = r;
}

static void bar_end(const struct redact *r)
{
	if (r->shown_ns)
		fprintf(stderr, "\r%*s\r", BAR_WIDTH + 7, "");
}

/* ---- files ---- */

static int redact_fd(struct redact *r, int fd, const char *name)
{
	int e = tell_sieve_run(&r->sieve, fd);
	r->before += r->sieve.n_read;
	r->sieve.n_read = 0;
	if (e == 0)
		return 0;
	return tell_cli_error(
		EX_IOERR, "redact", "cannot read %s: %s", name, strerror(-e));
}

static int redact_file(struct redact *r, const char *path)
{
	if (strcmp(path, "-") == 0)
		return redact_fd(r, STDIN_FILENO, "stdin");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return tell_cli_error(errno == EACCES ? EX_NOPERM : EX_NOINPUT, "redact",
			"cannot open %s: %s", path, strerror(errno));
	int code = redact_fd(r, fd, path);
	(void)close(fd); /* only read */
	return code;
}

static int by_name(const void *a, const void *b)
{
	const struct tell_redactor_kind *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static void show_counts(struct tell_redactor *rules)
{
	uint64_t sum = 0;
	qsort(rules->kinds, rules->n_kinds, sizeof(rules->kinds[0]), by_name);
	for (size_t i = 0; i < rules->n_kinds; i++) {
		printf("%-16s %ju\n", rules->kinds[i].name, (uintmax_t)rules->kinds[i].n);
		sum += rules->kinds[i].n;
	}
	printf("%-16s %ju\n", "total", (uintmax_t)sum);
}

static int redact_all(struct redact *r, char **files, int n)
{
	int code = r->service ? tell_redactor_open_service(&r->rules, r->service)
			      : tell_redactor_open(&r->rules, r->options, r->n_options);
	if (code)
		return code;
	r->rules.counting = r->count;
	tell_sieve_init(&r->sieve, &r->rules);
	r->sieve.quiet = r->count;
	bar_begin(r, files, n);
	if (n == 0)
		code = redact_file(r, "-");
	for (int i = 0; i < n && !ferror(stdout); i++) {
		int one = redact_file(r, files[i]);
		code = code ? code : one;
	}
	bar_end(r);
	if (r->count)
		show_counts(&r->rules);
	tell_sieve_done(&r->sieve);
	tell_redactor_close(&r->rules);
	return code;
}

static int run(int argc, char **argv)
{
	struct redact r = { 0 };
	bool done = false;
	int id, code = 0;
	while (code == 0 &&
		(id = tell_cli_next(&tell_verb_redact, argc, argv, &done)) >= 0)
		code = take(&r, id);
	if (code == 0 && id == TELL_CLI_BAD)
		code = EX_USAGE;
	if (code == 0 && r.service && r.n_options)
		code = tell_cli_error(EX_USAGE, "redact",
			"--service takes all from the stack of %s; leave the other options out",
			r.service);
	if (code == 0 && !done)
		code = redact_all(&r, argv + optind, argc - optind);
	for (size_t i = 0; i < r.n_options; i++)
		free(r.options[i]);
	return tell_cli_flush(code, "redact");
}
