#include <string.h>

#include "record/record.h"
#include "stack/chain.h"

/* What the lines together say about the stack itself. */

static void take_threshold(struct tell_stack *s)
{
	s->threshold = -1;
	const struct tell_chain *filters = &s->chains[TELL_CHAIN_FILTER];
	for (size_t i = 0; i < filters->n; i++) {
		const struct tell_link *link = &filters->links[i];
		if (!link->args || strcmp(link->line.module, "level") != 0)
			continue;
		int min = (int)tell_args_u64(link->args, "min");
		if (min > s->threshold)
			s->threshold = min;
	}
}

static void take_settings(struct tell_stack *s, struct tell_report *report)
{
	const struct tell_chain *service = &s->chains[TELL_CHAIN_SERVICE];
	const struct tell_link *seen = NULL;
	s->limit = TELL_RECORD_LIMIT;
	for (size_t i = 0; i < service->n; i++) {
		const struct tell_link *link = &service->links[i];
		/* A limit that was refused does not hold: it may be far too large. */
		if (!link->module || strcmp(link->line.module, "settings") != 0)
			continue;
		if (seen)
			tell_report_warning(report, &link->line.at, "write one line",
				"a second `service settings`: this one holds");
		seen = link;
		s->limit = (size_t)tell_args_u64(link->args, "limit");
		s->env_legacy = tell_args_choice(link->args, "env") == 1;
		s->control_given = tell_args_given(link->args, "control");
		s->control = tell_args_bool(link->args, "control");
		s->reload_given = tell_args_given(link->args, "reload");
		s->reload_no = tell_args_choice(link->args, "reload") == 1;
		s->sighup = tell_args_bool(link->args, "sighup");
	}
}

/* The line that keeps records for the service thread, and what runs before it. */
static void take_queue(struct tell_stack *s, struct tell_report *report)
{
	const struct tell_chain *queues = &s->chains[TELL_CHAIN_QUEUE];
	struct tell_chain *redact = &s->chains[TELL_CHAIN_REDACT];
	for (size_t i = 0; i < queues->n; i++) {
		const struct tell_link *link = &queues->links[i];
		if (!link->run || !link->module->queue)
			continue;
		if (s->queue)
			tell_report_warning(report, &link->line.at, "write one line",
				"a second queue: records go through the first");
		else
			s->queue = link;
	}
	for (size_t i = 0; s->queue && i < redact->n; i++) {
		struct tell_link *link = &redact->links[i];
		link->early = link->run && link->module->in_call;
	}
	tell_stack_quick_renew(s);
}

void tell_stack_settle(struct tell_stack *s, struct tell_report *report)
{
	take_threshold(s);
	take_settings(s, report);
	take_queue(s, report);
}
