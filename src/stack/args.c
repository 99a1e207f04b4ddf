#include "stack/args.h"

#include <errno.h>
#include <string.h>

#include "base/nearest.h"

static size_t count_options(const struct tell_option *options)
{
	size_t n = 0;
	while (options && options[n].name)
		n++;
	return n;
}

static const struct tell_arg_value *value_of(
	const struct tell_args *args, const char *name)
{
	for (size_t i = 0; i < args->n_options; i++) {
		if (strcmp(args->options[i].name, name) == 0)
			return &args->values[i];
	}
	return NULL;
}

static bool takes_any(const struct tell_args *args)
{
	return value_of(args, "*") != NULL;
}

/* ---- building ---- */

/* Room for a sentence of a report, in the pool. */
static const char *did_you_mean(struct tell_pool *pool, const char *word)
{
	struct tell_buf text;
	tell_buf_init(&text, 256);
	tell_buf_printf(&text, "did you mean '%s'?", word);
	const char *copy = tell_pool_text(pool, text.data, text.len);
	tell_buf_done(&text);
	return copy;
}

static const char *all_names(struct tell_pool *pool, const struct tell_args *args)
{
	if (args->n_options == 0)
		return "it takes none";
	struct tell_buf text;
	tell_buf_init(&text, 512);
	tell_buf_puts(&text, "its options are");
	for (size_t i = 0; i < args->n_options; i++)
		tell_buf_printf(&text, " %s=", args->options[i].name);
	const char *copy = tell_pool_text(pool, text.data, text.len);
	tell_buf_done(&text);
	return copy;
}

/* A value that begins with a quote or a bracket which does not end in it: whoever wrote it
 * meant the words behind it as well. */
static bool is_torn(const char *arg)
{
	const char *value = strchr(arg, '=');
	if (!value || !value[1] || !strchr("\"'[", value[1]))
		return false;
	char end = value[1] == '[' ? ']' : value[1];
	return !strchr(value + 2, end);
}

/* What to do about words that belong to an argument before them; NULL: to none. */
static const char *keep_together(
	struct tell_pool *pool, const struct tell_line *line, const struct tell_arg *arg)
{
	const struct tell_arg *torn = line->args;
	while (torn < arg && !is_torn(torn->text))
		torn++;
	if (torn == arg)
		return NULL;
	struct tell_buf text;
	tell_buf_init(&text, 256);
	tell_buf_printf(&text,
		"brackets around a whole argument keep its blanks: [%.*s...]",
		(int)strcspn(torn->text, "=") + 1, torn->text);
	const char *copy = tell_pool_text(pool, text.data, text.len);
	tell_buf_done(&text);
	return copy;
}

static int unknown_option(const struct tell_args *args, const struct tell_module *module,
	const struct tell_line *line, const struct tell_arg *arg, const char *name,
	struct tell_pool *pool, struct tell_report *report)
{
	const char *together = keep_together(pool, line, arg);
	struct tell_nearest best = { 0 };
	for (size_t i = 0; i < args->n_options; i++)
		tell_nearest_offer(&best, name, args->options[i].name);
	tell_report_error(report, &arg->at,
		together	    ? together
			: best.word ? did_you_mean(pool, best.word)
				    : all_names(pool, args),
		"unknown option '%s' of module '%s'", name, module->name);
	return -EINVAL;
}

static int read_option(struct tell_args *args, size_t i, const struct tell_arg *arg,
	const char *value, struct tell_report *report)
{
	const struct tell_option *option = &args->options[i];
	struct tell_arg_value *to = &args->values[i];
	if (to->given) {
		tell_report_error(report, &arg->at, "keep one of them",
			"option '%s' is given twice", option->name);
		return -EINVAL;
	}
	to->given = true;
	struct tell_option_fault fault;
	int r = tell_option_read(option, value, to, &fault);
	if (r == 0)
		return 0;
	struct tell_spot at = arg->at;
	if (fault.column) /* the argument's '[', "name=", then the expression */
		at.column += (unsigned)(value - arg->text) + fault.column;
	if (*fault.what)
		tell_report_error(
			report, &at, fault.fix, "%s: %s", option->name, fault.what);
	else
		tell_report_error(report, &at, fault.fix, "'%s' is no value for %s",
			value, option->name);
	return r;
}

/* One argument: name=value, or a bare name for yes. */
static int take_arg(struct tell_args *args, const struct tell_module *module,
	const struct tell_line *line, const struct tell_arg *arg, struct tell_pool *pool,
	struct tell_report *report)
{
	size_t n = (size_t)(strchrnul(arg->text, '=') - arg->text);
	const char *value = arg->text[n] == '=' ? arg->text + n + 1 : NULL;
	const char *name = tell_pool_text(pool, arg->text, n);
	if (!name)
		return -ENOMEM;
	for (size_t i = 0; i < args->n_options; i++) {
		const struct tell_option *option = &args->options[i];
		if (strcmp(option->name, name) != 0 || strcmp(name, "*") == 0)
			continue;
		if (value)
			return read_option(args, i, arg, value, report);
		if (option->kind == TELL_OPTION_BOOL)
			return read_option(args, i, arg, "yes", report);
		tell_report_error(report, &arg->at, "write it as name=value",
			"option '%s' has no value", name);
		return -EINVAL;
	}
	if (!takes_any(args))
		return unknown_option(args, module, line, arg, name, pool, report);
	if (!value || n == 0) {
		tell_report_error(report, &arg->at, "write it as name=value",
			"'%s' has no value", arg->text);
		return -EINVAL;
	}
	args->others[args->n_others].name = name;
	args->others[args->n_others++].value = value;
	return 0;
}

/* What was not given gets its default; a required one that is missing is a fault. */
static int take_defaults(struct tell_args *args, const struct tell_module *module,
	const struct tell_line *line, struct tell_report *report)
{
	int result = 0;
	for (size_t i = 0; i < args->n_options; i++) {
		const struct tell_option *option = &args->options[i];
		struct tell_arg_value *value = &args->values[i];
		if (value->given || strcmp(option->name, "*") == 0)
			continue;
		if (option->required) {
			tell_report_error(report, &line->module_at, option->help,
				"module '%s' needs %s=", module->name, option->name);
			result = -EINVAL;
		} else if (option->deflt) {
			struct tell_option_fault fault;
			if (tell_option_read(option, option->deflt, value, &fault) < 0)
				result =
					-EINVAL; /* a module's mistake: its test finds it */
		}
	}
	return result;
}

int tell_args_build(struct tell_args *ret, const struct tell_module *module,
	const struct tell_line *line, const char *service, struct tell_pool *pool,
	struct tell_report *report)
{
	size_t n = count_options(module->options);
	*ret = (struct tell_args){ .service = service,
		.options = module->options,
		.n_options = n,
		.values = tell_pool_get(pool, n * sizeof(*ret->values)),
		.others = tell_pool_get(pool, line->n_args * sizeof(*ret->others)) };
	if (!ret->values || !ret->others)
		return -ENOMEM;
	int result = 0;
	for (size_t i = 0; i < line->n_args; i++) {
		int r = take_arg(ret, module, line, &line->args[i], pool, report);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	int r = take_defaults(ret, module, line, report);
	return result < 0 ? result : r;
}

/* ---- <telltale/module.h> ---- */

const char *tell_args_text(const struct tell_args *args, const char *name)
{
	const struct tell_arg_value *v = value_of(args, name);
	return v ? v->text : NULL;
}

uint64_t tell_args_u64(const struct tell_args *args, const char *name)
{
	const struct tell_arg_value *v = value_of(args, name);
	return v ? v->number : 0;
}

double tell_args_f64(const struct tell_args *args, const char *name)
{
	const struct tell_arg_value *v = value_of(args, name);
	return v ? v->ratio : 0;
}

bool tell_args_bool(const struct tell_args *args, const char *name)
{
	return tell_args_u64(args, name) != 0;
}

unsigned tell_args_choice(const struct tell_args *args, const char *name)
{
	return (unsigned)tell_args_u64(args, name);
}

void tell_args_forget(struct tell_args *args, const char *name)
{
	for (size_t i = 0; i < args->n_options; i++)
		if (strcmp(args->options[i].name, name) == 0)
			args->values[i].given = false;
}

bool tell_args_given(const struct tell_args *args, const char *name)
{
	const struct tell_arg_value *v = value_of(args, name);
	return v && v->given;
}

bool tell_args_next(const struct tell_args *args, size_t *pos, const char **ret_name,
	const char **ret_value)
{
	if (*pos >= args->n_others)
		return false;
	*ret_name = args->others[*pos].name;
	*ret_value = args->others[*pos].value;
	++*pos;
	return true;
}

const char *tell_args_service(const struct tell_args *args)
{
	return args->service;
}
