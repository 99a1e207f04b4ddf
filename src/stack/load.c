#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"
#include "stack/chain.h"

/* What a load works with: three files' lines, of which each type takes one. */
struct load {
	struct tell_stack *stack;
	struct tell_report *report;
	unsigned flags;
	bool cut;		      /* some lines could not be read */
	struct tell_stack_pick *pick; /* or NULL: all lines hold */
	struct tell_parse own, other, builtin;
};

static int find_include(
	void *arg, const char *name, const struct tell_spot *at, struct tell_text *ret)
{
	struct load *l = arg;
	int r = tell_lookup(name, &l->stack->pool, at, l->report, ret);
	if (r == -ENOENT) {
		char fix[1024];
		tell_lookup_fix(name, at, fix, sizeof(fix));
		tell_report_error(l->report, at, fix, "cannot find '%s'", name);
	}
	return r;
}

static void parse_init(struct load *l, struct tell_parse *p)
{
	*p = (struct tell_parse){ .pool = &l->stack->pool,
		.report = l->report,
		.find = find_include,
		.arg = l };
}

/* Without its sinks, as long as nobody needs them: for those it must look around. */
static int parse_builtin(struct load *l, bool sinks)
{
	struct tell_buf text;
	tell_buf_init(&text, 4096);
	tell_default_text(&text, l->flags, sinks);
	struct tell_text file = { .path = TELL_DEFAULT_NAME, .len = text.len };
	file.text = tell_pool_text(&l->stack->pool, text.data, text.len);
	tell_parse_done(&l->builtin);
	int r = file.text ? tell_parse_text(&l->builtin, &file) : -ENOMEM;
	tell_buf_done(&text);
	return r;
}

/* Read and parse a file of the directories. -ENOENT: there is none. */
static int parse_named(
	struct load *l, struct tell_parse *p, const char *name, const char **ret_path)
{
	struct tell_text file;
	int r = tell_lookup(name, &l->stack->pool, NULL, l->report, &file);
	if (r < 0)
		return r;
	*ret_path = file.path;
	return tell_parse_text(p, &file);
}

static size_t errors(const struct load *l)
{
	return l->report ? l->report->n_errors : 0;
}

/* ---- putting it together ---- */

/* A forwarder hands on what others have filtered: only secrets and sinks are not its own. */
static bool stands_alone(const struct load *l, size_t type)
{
	return l->pick && type != TELL_CHAIN_REDACT && type != TELL_CHAIN_SINK;
}

static bool is_of_a_record(size_t type)
{
	return type != TELL_CHAIN_METRIC && type != TELL_CHAIN_HEALTH &&
		type != TELL_CHAIN_ALERT && type != TELL_CHAIN_SERVICE;
}

/* What a forwarder's file says of records is said of those that it ships. */
static const struct tell_lines *forwarders_lines(const struct load *l, size_t type)
{
	if (is_of_a_record(type) || l->own.lines[type].n == 0)
		return &l->builtin.lines[type];
	return &l->own.lines[type];
}

static const struct tell_lines *lines_of(const struct load *l, size_t type)
{
	if (l->flags & TELL_STACK_FORWARDER)
		return forwarders_lines(l, type);
	if (stands_alone(l, type))
		return &l->own.lines[type];
	if (l->own.lines[type].n)
		return &l->own.lines[type];
	if (l->other.lines[type].n)
		return &l->other.lines[type];
	return &l->builtin.lines[type];
}

/* A broken sink line brings the default sinks in for what no other takes. */
static int build_rescue(struct load *l, uint32_t *id)
{
	struct tell_stack *s = l->stack;
	const struct tell_lines *sinks = &l->builtin.lines[TELL_CHAIN_SINK];
	int r = sinks->n ? 0 : parse_builtin(l, true);
	return r < 0 ? r
		     : tell_chain_build(
			       &s->rescue, TELL_CHAIN_SINK, sinks, s, l->flags, id, NULL);
}

/* Of the stack's own lines of a type leave one. How many there were. */
static size_t pick_line(struct load *l, enum tell_chain_type type, size_t i)
{
	struct tell_lines *lines = &l->own.lines[type];
	size_t n = lines->n;
	if (i < n) {
		lines->list[0] = lines->list[i];
		lines->n = 1;
	}
	return n;
}

static void pick_lines(struct load *l)
{
	struct tell_stack_pick *p = l->pick;
	if (!p)
		return;
	p->n_sources = pick_line(l, TELL_CHAIN_SOURCE, p->source);
	p->n_sinks = pick_line(l, TELL_CHAIN_SINK, p->sink);
}

static int build(struct load *l)
{
	pick_lines(l);
	struct tell_stack *s = l->stack;
	uint32_t id = 0;
	int made = parse_builtin(l,
		l->flags & TELL_STACK_FORWARDER ||
			(!l->own.lines[TELL_CHAIN_SINK].n &&
				!l->other.lines[TELL_CHAIN_SINK].n));
	if (made < 0)
		return made;
	for (size_t type = 0; type < TELL_N_CHAINS; type++) {
		int r = tell_chain_build(&s->chains[type], (enum tell_chain_type)type,
			lines_of(l, type), s, l->flags, &id, l->report);
		if (r < 0)
			return r;
	}
	s->chains[TELL_CHAIN_REDACT].broken |= l->cut;
	s->chains[TELL_CHAIN_SINK].broken |= l->cut;
	if (s->chains[TELL_CHAIN_SINK].broken && l->flags & TELL_STACK_FIRST) {
		int r = build_rescue(l, &id);
		if (r < 0)
			return r;
	}
	tell_stack_settle(s, l->report);
	if (l->flags & TELL_STACK_FORWARDER) {
		s->reload_no = true;
		s->control |= !s->control_given;
		s->control_given = true;
	}
	return 0;
}

static int copy_identity(struct tell_stack *s, const struct tell_identity *who)
{
	s->who = *who;
	s->who.service = tell_pool_text(&s->pool, who->service, strlen(who->service));
	s->who.host = tell_pool_text(&s->pool, who->host, strlen(who->host));
	return s->who.service && s->who.host ? 0 : -ENOMEM;
}

static int load_begin(struct load *l, const struct tell_identity *who, unsigned flags,
	struct tell_report *report)
{
	/* The totals have a cache line of their own. */
	struct tell_stack *s = aligned_alloc(64, (sizeof(*s) + 63) & ~(size_t)63);
	if (!s)
		return -ENOMEM;
	memset(s, 0, sizeof(*s));
	s->refs = 1;
	*l = (struct load){ .stack = s, .report = report, .flags = flags };
	s->source = TELL_DEFAULT_NAME;
	parse_init(l, &l->own);
	parse_init(l, &l->other);
	parse_init(l, &l->builtin);
	return copy_identity(s, who);
}

/* With FIRST there is always a stack. Of a file that ends too early the lines so far hold,
 * and what was lost may have been a redact or a sink line. One that cannot be read, or not
 * be trusted, is as if it was not there, and so is `other`. */
static int go_on(struct load *l, int error)
{
	if (error == -ENOMEM || !(l->flags & TELL_STACK_FIRST))
		return error;
	if (error == -EBADMSG) {
		l->cut = true;
		return 0;
	}
	tell_parse_done(&l->own);
	tell_parse_done(&l->other);
	l->stack->source = TELL_DEFAULT_NAME;
	return 0;
}

static int load_end(struct load *l, int r, size_t errors_before, struct tell_stack **ret)
{
	if (r < 0)
		r = go_on(l, r);
	if (r == 0)
		r = build(l);
	if (r == 0 && errors(l) > errors_before && !(l->flags & TELL_STACK_FIRST))
		r = -EBADMSG;
	tell_parse_done(&l->own);
	tell_parse_done(&l->other);
	tell_parse_done(&l->builtin);
	if (r == 0)
		*ret = l->stack;
	else
		tell_stack_free(l->stack);
	return r;
}

static int parse_other(struct load *l)
{
	const char *path;
	int r = parse_named(l, &l->other, "other", &path);
	if (r == -ENOENT)
		return 0;
	if (r == 0 && l->other.n_lines &&
		strcmp(l->stack->source, TELL_DEFAULT_NAME) == 0)
		l->stack->source = path;
	return r;
}

static int load_named(struct tell_stack **ret, const struct tell_identity *who,
	struct tell_stack_pick *pick, unsigned flags, struct tell_report *report)
{
	struct load l = { 0 };
	struct tell_report own = { 0 };
	if (!report)
		report = &own;
	size_t before = report->n_errors;
	int r = load_begin(&l, who, flags, report);
	if (!l.stack)
		return r;
	l.pick = pick;
	if (r == 0 && !(flags & TELL_STACK_BUILTIN)) {
		r = parse_named(&l, &l.own, who->service, &l.stack->source);
		if (r == 0 || r == -ENOENT)
			r = parse_other(&l);
	}
	r = load_end(&l, r, before, ret);
	tell_report_done(&own);
	return r;
}

int tell_stack_load(struct tell_stack **ret, const struct tell_identity *who,
	unsigned flags, struct tell_report *report)
{
	return load_named(ret, who, NULL, flags, report);
}

static int load_one(struct tell_stack **ret, const struct tell_identity *who,
	struct tell_stack_pick *pick, const struct tell_text *file, const char *path,
	unsigned flags, struct tell_report *report)
{
	struct load l = { 0 };
	struct tell_report own = { 0 };
	struct tell_text text = { 0 };
	if (!report)
		report = &own;
	size_t before = report->n_errors;
	int r = load_begin(&l, who, flags, report);
	if (!l.stack)
		return r;
	l.pick = pick;
	if (r == 0 && path)
		r = tell_lookup_file(path, &l.stack->pool, NULL, report, &text);
	if (r == -ENOENT) {
		struct tell_spot at = { .file = path };
		tell_report_error(report, &at, NULL, "%s", strerror(ENOENT));
	}
	if (r == 0 && file) {
		text.path = tell_pool_text(
			&l.stack->pool, file->path, strlen(file->path));
		text.text = tell_pool_text(&l.stack->pool, file->text, file->len);
		text.len = file->len;
		r = text.path && text.text ? 0 : -ENOMEM;
	}
	if (r == 0) {
		l.stack->source = text.path;
		r = tell_parse_text(&l.own, &text);
	}
	if (r == 0)
		r = parse_other(&l);
	r = load_end(&l, r, before, ret);
	tell_report_done(&own);
	return r;
}

int tell_stack_load_text(struct tell_stack **ret, const struct tell_identity *who,
	const char *name, const char *text, size_t len, unsigned flags,
	struct tell_report *report)
{
	struct tell_text file = { .path = name, .text = text, .len = len };
	return load_one(ret, who, NULL, &file, NULL, flags, report);
}

int tell_stack_load_picked(struct tell_stack **ret, const struct tell_identity *who,
	struct tell_stack_pick *pick, const char *name, const char *text, unsigned flags,
	struct tell_report *report)
{
	struct tell_text file = { .path = name, .text = text };
	if (!text)
		return load_named(ret, who, pick, flags, report);
	file.len = strlen(text);
	return load_one(ret, who, pick, &file, NULL, flags, report);
}

int tell_stack_load_file(struct tell_stack **ret, const struct tell_identity *who,
	const char *path, unsigned flags, struct tell_report *report)
{
	return load_one(ret, who, NULL, NULL, path, flags, report);
}

static bool is_held(size_t type)
{
	return type == TELL_CHAIN_METRIC || type == TELL_CHAIN_HEALTH;
}

void tell_stack_hold(struct tell_stack *s)
{
	(void)__atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
}

void tell_stack_release(struct tell_stack *s)
{
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < TELL_N_CHAINS; i++)
		if (is_held(i))
			tell_chain_done(&s->chains[i]);
	tell_pool_done(&s->pool);
	free(s);
}

struct tell_stack *tell_stack_free(struct tell_stack *s)
{
	if (!s)
		return NULL;
	for (size_t i = 0; i < TELL_N_CHAINS; i++)
		if (!is_held(i))
			tell_chain_done(&s->chains[i]);
	tell_chain_done(&s->rescue);
	tell_stack_release(s);
	return NULL;
}
