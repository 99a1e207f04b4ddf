/* The verdict engine and the parser against libpam, the oracle: random stacks must give the
 * same steps with the same arguments in the same order, and the same code at the end; a
 * stack that libpam refuses to start with must be refused here.
 *
 * TELL_TEST_COUNT: how many (2,000). TELL_TEST_SEED: where to start; each stack has its own
 * seed, which is printed when it differs. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"
#include "stack/pam_step.h"
#include "stack/parse.h"
#include "stack/stack_maker.h"
#include "support/unit.h"

#define STARTS_NOT -1 /* the stack is refused as a whole */

/* What a stack did, per type: authenticate or redact, acct_mgmt or filter. */
struct outcome {
	int code[2];
	struct step_log log[2];
};

static char dir[64], module_path[PATH_MAX];

/* ---- libpam ---- */

static int no_conversation(int n, const struct pam_message **messages,
	struct pam_response **answers, void *data)
{
	(void)n, (void)messages, (void)answers, (void)data;
	return PAM_CONV_ERR;
}

static void write_file(const char *name, const struct maker_file *f)
{
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!f->present) {
		(void)unlink(path); /* may not be there */
		return;
	}
	FILE *out = fopen(path, "we");
	const char *text = f->pam.len ? f->pam.data : ""; /* an empty file has no bytes */
	if (!out || fwrite(text, 1, f->pam.len, out) != f->pam.len ||
		fclose(out)) {
		perror(path);
		exit(99);
	}
}

static void write_files(const struct maker *m)
{
	write_file("service", &m->service);
	write_file("other", &m->other);
	for (unsigned i = 0; i < MAKER_INCLUDES; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "i%u", i);
		write_file(name, &m->includes[i]);
	}
}

static void ask_pam(struct outcome *ret)
{
	struct step_log log = { 0 };
	struct pam_conv conv = { no_conversation, &log };
	pam_handle_t *pamh = NULL;
	ret->code[0] = ret->code[1] = STARTS_NOT;
	if (pam_start_confdir("service", "nobody", &conv, dir, &pamh) != PAM_SUCCESS)
		return;
	ret->code[0] = pam_authenticate(pamh, 0);
	ret->log[0] = log;
	log.n = 0;
	ret->code[1] = pam_acct_mgmt(pamh, 0);
	ret->log[1] = log;
	(void)pam_end(pamh, PAM_SUCCESS);
}

/* ---- ours ---- */

static int find(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret)
{
	struct maker *m = arg;
	(void)at;
	size_t i = (size_t)(name[0] == 'i' ? name[1] - '0' : 99);
	if (i >= MAKER_INCLUDES || name[2] || !m->includes[i].present)
		return -ENOENT;
	*ret = (struct tell_text){ .path = name,
		.text = tell_buf_cstr(&m->includes[i].own),
		.len = m->includes[i].own.len };
	return 0;
}

struct chain {
	const struct tell_line *lines;
	struct step_log *log;
};

static enum tell_verdict ask(void *arg, size_t i)
{
	struct chain *chain = arg;
	const struct tell_line *line = &chain->lines[i];
	if (line->rule.kind == TELL_RULE_MUST_FAIL)
		return TELL_MUST_FAIL;
	if (strcmp(line->module, "step") != 0)
		return TELL_UNKNOWN;
	uint32_t hash = STEP_HASH_START;
	for (size_t a = 0; a < line->n_args; a++)
		hash = step_hash(hash, line->args[a].text);
	step_note(chain->log, line->n_args ? atoi(line->args[0].text) : -1, hash);
	int code = line->n_args > 1 ? atoi(line->args[1].text) : 0;
	return (enum tell_verdict)code;
}

static int ask_chain(const struct tell_parse *own, const struct tell_parse *other,
	enum tell_chain_type type, struct step_log *log)
{
	const struct tell_lines *lines = &own->lines[type];
	if (lines->n == 0)
		lines = &other->lines[type];
	struct tell_rule *rules = calloc(lines->n + 1, sizeof(*rules));
	for (size_t i = 0; i < lines->n; i++)
		rules[i] = lines->list[i].rule;
	struct chain chain = { lines->list, log };
	int code = tell_verdict_walk(rules, lines->n, ask, &chain); /* the runner's */
	free(rules);
	return code;
}

static int parse(struct tell_parse *p, struct maker_file *f, const char *name)
{
	struct tell_text text = {
		.path = name, .text = tell_buf_cstr(&f->own), .len = f->own.len
	};
	return f->present ? tell_parse_text(p, &text) : 0;
}

static void ask_own(struct maker *m, struct outcome *ret)
{
	struct tell_pool pool = { 0 };
	struct tell_report report = { 0 };
	struct tell_parse own = {
		.pool = &pool, .report = &report, .find = find, .arg = m
	};
	struct tell_parse other = own;
	ret->code[0] = ret->code[1] = STARTS_NOT;
	bool any = m->service.present || m->other.present;
	if (any && parse(&own, &m->service, "service") == 0 &&
		parse(&other, &m->other, "other") == 0) {
		ret->code[0] = ask_chain(&own, &other, TELL_CHAIN_REDACT, &ret->log[0]);
		ret->code[1] = ask_chain(&own, &other, TELL_CHAIN_FILTER, &ret->log[1]);
	}
	tell_parse_done(&own);
	tell_parse_done(&other);
	tell_report_done(&report);
	tell_pool_done(&pool);
}

/* ---- comparing ---- */

static bool same(const struct outcome *a, const struct outcome *b)
{
	for (int t = 0; t < 2; t++) {
		if (a->code[t] != b->code[t] || a->log[t].n != b->log[t].n)
			return false;
		for (size_t i = 0; i < a->log[t].n; i++) {
			if (a->log[t].list[i].id != b->log[t].list[i].id ||
				a->log[t].list[i].hash != b->log[t].list[i].hash)
				return false;
		}
	}
	return true;
}

static void show_file(const char *name, const struct maker_file *f)
{
	if (!f->present)
		return;
	printf("# ---- %s\n# ", name);
	for (size_t i = 0; i < f->own.len; i++) {
		putchar(f->own.data[i]);
		if (f->own.data[i] == '\n')
			printf("# ");
	}
	printf("\n");
}

static void show_outcome(const char *who, const struct outcome *o)
{
	static const char *const types[] = { "redact (auth)", "filter (account)" };
	for (int t = 0; t < 2; t++) {
		printf("# %-7s %-17s code %2d, steps", who, types[t], o->code[t]);
		for (size_t i = 0; i < o->log[t].n; i++)
			printf(" %d/%04x", o->log[t].list[i].id,
				(unsigned)o->log[t].list[i].hash & 0xffff);
		printf("\n");
	}
}

static void show_difference(
	const struct maker *m, const struct outcome *pam, const struct outcome *own)
{
	show_file("service", &m->service);
	show_file("other", &m->other);
	for (unsigned i = 0; i < MAKER_INCLUDES; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "i%u", i);
		show_file(name, &m->includes[i]);
	}
	show_outcome("libpam", pam);
	show_outcome("we", own);
}

/* What the random stacks covered, so that nobody is fooled by dull ones. */
static struct tally {
	unsigned stacks, refused, steps, good, bad;
} tally;

static bool agree_on(uint64_t seed)
{
	static struct outcome pam, own;
	struct maker m = { .seed = seed, .dir = dir, .module = module_path };
	memset(&pam, 0, sizeof(pam));
	memset(&own, 0, sizeof(own));
	maker_make(&m);
	write_files(&m);
	ask_pam(&pam);
	ask_own(&m, &own);
	bool agreed = same(&pam, &own);
	if (!agreed) {
		printf("# TELL_TEST_SEED=%" PRIu64 " TELL_TEST_COUNT=1 differs:\n", seed);
		show_difference(&m, &pam, &own);
	}
	tally.stacks++;
	tally.refused += pam.code[0] == STARTS_NOT;
	tally.steps += (unsigned)(pam.log[0].n + pam.log[1].n);
	for (int t = 0; t < 2; t++) {
		tally.good += pam.code[t] == 0;
		tally.bad += pam.code[t] > 0;
	}
	maker_done(&m);
	return agreed;
}

/* A chain of substacks, one file a level: both must stop at the same depth. */
static struct maker_file levels[20];

static int find_level(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret)
{
	(void)arg, (void)at;
	struct maker_file *f = &levels[atoi(name)];
	*ret = (struct tell_text){
		.path = name, .text = tell_buf_cstr(&f->own), .len = f->own.len
	};
	return 0;
}

static void make_levels(unsigned n)
{
	for (unsigned i = 0; i <= n; i++) {
		struct maker_file *f = &levels[i];
		char name[16];
		(void)snprintf(name, sizeof(name), i ? "%u" : "service", i);
		tell_buf_init(&f->pam, 0);
		tell_buf_init(&f->own, 0);
		f->present = true;
		if (i < n) {
			tell_buf_printf(&f->pam, "auth substack %s/%u\n", dir, i + 1);
			tell_buf_printf(&f->own, "redact substack %u\n", i + 1);
		}
		tell_buf_printf(&f->pam, "auth required %s %u 0\n", module_path, i);
		tell_buf_printf(&f->own, "redact required step %u 0\n", i);
		write_file(name, f);
	}
}

static void drop_levels(unsigned n)
{
	for (unsigned i = 0; i <= n; i++) {
		struct maker_file none = { 0 };
		char name[16];
		(void)snprintf(name, sizeof(name), i ? "%u" : "service", i);
		write_file(name, &none);
		tell_buf_done(&levels[i].pam);
		tell_buf_done(&levels[i].own);
	}
}

static bool agree_on_depth(unsigned n)
{
	static struct outcome pam, own;
	memset(&pam, 0, sizeof(pam));
	memset(&own, 0, sizeof(own));
	make_levels(n);
	ask_pam(&pam);
	struct tell_pool pool = { 0 };
	struct tell_parse p = { .pool = &pool, .find = find_level };
	struct tell_parse other = p;
	(void)parse(&p, &levels[0], "service"); /* its verdict is what is compared */
	own.code[0] = ask_chain(&p, &other, TELL_CHAIN_REDACT, &own.log[0]);
	own.code[1] = ask_chain(&p, &other, TELL_CHAIN_FILTER, &own.log[1]);
	if (!same(&pam, &own)) {
		printf("# %u substacks deep:\n", n);
		show_outcome("libpam", &pam);
		show_outcome("we", &own);
	}
	tell_parse_done(&p);
	tell_pool_done(&pool);
	drop_levels(n);
	return same(&pam, &own);
}

static void make_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	/* Some 60,000 small files are written: in memory where there is such a place. */
	if (!tmp)
		tmp = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
	(void)snprintf(dir, sizeof(dir), "%.40s/tell-pam-XXXXXX", tmp);
	if (!mkdtemp(dir)) {
		perror(dir);
		exit(99);
	}
}

static void remove_files(void)
{
	struct maker none = { 0 };
	write_files(&none);
}

static void remove_dir(void)
{
	remove_files();
	(void)rmdir(dir); /* left over when something else is in there */
}

int main(void)
{
	const char *given = getenv("TELL_TEST_COUNT"), *build = getenv("top_builddir");
	unsigned long count = given ? strtoul(given, NULL, 10) : 2000;
	char path[PATH_MAX];
	(void)snprintf(path, sizeof(path), "%s/.libs/pam_step.so", build ? build : ".");
	/* Held open: libpam would load it anew for each stack. */
	if (!realpath(path, module_path) || !dlopen(module_path, RTLD_NOW)) {
		fprintf(stderr, "%s cannot be loaded: %s\n", path, strerror(errno));
		return 99;
	}
	make_dir();
	uint64_t seed = tell_unit_seed();
	unsigned long differ = 0;
	for (unsigned long i = 0; i < count && differ < 3; i++) {
		differ += !agree_on(seed);
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		seed += seed == 0;
	}
	remove_files();
	bool deep = true;
	for (unsigned n = 12; n < 19; n++)
		deep &= agree_on_depth(n);
	remove_dir();
	printf("# %u stacks, %u refused, %u steps, %u good and %u bad ends\n",
		tally.stacks, tally.refused, tally.steps, tally.good, tally.bad);
	printf("%s 1 - random stacks end as with libpam\n", differ ? "not ok" : "ok");
	printf("%s 2 - substacks nest as deep as with libpam\n", deep ? "ok" : "not ok");
	printf("1..2\n");
	return differ || !deep;
}
