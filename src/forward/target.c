#include "forward/target.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "source/file.h"
#include "source/journal.h"
#include "stack/chain.h"

extern const struct tell_module tell_health_forward;
extern const struct tell_module tell_sink_journal_remote;
extern const struct tell_module tell_sink_logstash;
extern const struct tell_module tell_sink_loki;
extern const struct tell_module tell_sink_otlp;
extern const struct tell_module tell_sink_webhook;
extern const struct tell_target tell_target_journal_remote;
extern const struct tell_target tell_target_logstash;
extern const struct tell_target tell_target_loki;
extern const struct tell_target tell_target_otlp;
extern const struct tell_target tell_target_webhook;

/* What only the command has of modules: where entries come from, receivers that no service
 * should wait for, and how the ways between them are. Here, so that who links the one has the other. */
const struct tell_module *const tell_modules_forward[] = {
	&tell_source_file,
	&tell_source_journal,
	&tell_health_forward,
	&tell_sink_journal_remote,
	&tell_sink_logstash,
	&tell_sink_loki,
	&tell_sink_otlp,
	&tell_sink_webhook,
	NULL,
};

static const struct tell_target *const targets[] = {
	&tell_target_journal_remote,
	&tell_target_logstash,
	&tell_target_loki,
	&tell_target_otlp,
	&tell_target_webhook,
};
#define N_TARGETS (sizeof(targets) / sizeof(targets[0]))

const struct tell_target *tell_target_of(const struct tell_module *module)
{
	for (size_t i = 0; i < N_TARGETS; i++)
		if (targets[i]->module == module)
			return targets[i];
	return NULL;
}

enum tell_verdict tell_target_run(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_SUCCESS;
}

int tell_target_allowed(const struct tell_args *args, struct tell_refusal *why)
{
	if (strcmp(tell_args_service(args), TELL_FORWARD_SERVICE) == 0)
		return 0;
	return tell_refuse(why, -EPERM, NULL,
		"write to the journal or a file, and have `telltale forward` ship it",
		"a service does not wait for a receiver elsewhere");
}

void tell_answer_set(
	struct tell_answer *a, enum tell_answer_kind kind, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	a->kind = kind;
	(void)vsnprintf(a->why, sizeof(a->why), fmt, args);
	va_end(args);
}
