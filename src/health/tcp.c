#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "health/module.h"
#include "health/probe.h"

/* health tcp, health unix: does something listen there, and, with expect=, does it say so? */
static const struct tell_option tcp_options[] = {
	{ "host", TELL_OPTION_TEXT, "localhost", NULL, "a name or an address", false },
	{ "port", TELL_OPTION_PORT, NULL, NULL, "the port", true },
	{ "expect", TELL_OPTION_TEXT, NULL, NULL,
		"the greeting has this in its first 4 KiB: expect=SSH-2.0", false },
	TELL_OPTION_CHECK,
	{ 0 },
};

static const struct tell_option unix_options[] = {
	{ "socket", TELL_OPTION_TEXT, NULL, NULL,
		"the socket's path; @name: an abstract one", true },
	{ "expect", TELL_OPTION_TEXT, NULL, NULL,
		"the greeting has this in its first 4 KiB", false },
	TELL_OPTION_CHECK,
	{ 0 },
};

#define GREETING_BYTES 4096

struct listener {
	struct tell_probe_to to;
	const char *expect; /* or NULL */
};

static int open_listener(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct listener *l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->expect = tell_args_text(args, "expect");
	int r = tell_probe_take(&l->to, args, why);
	if (r < 0)
		free(l);
	else
		*ret = l;
	return r;
}

static enum tell_verdict greet(struct tell_probe *p, const char *expect)
{
	char text[GREETING_BYTES], name[160];
	size_t n;
	if (!expect)
		return TELL_SUCCESS;
	enum tell_verdict v = tell_probe_until(p, text, sizeof(text), expect, &n);
	if (v != TELL_SUCCESS || memmem(text, n, expect, strlen(expect)))
		return v;
	return tell_probe_say(p->run, TELL_INVALID, "%s greets otherwise",
		tell_probe_name(p->to, name, sizeof(name)));
}

static enum tell_verdict run_listener(void *state, struct tell_run *run)
{
	const struct listener *l = state;
	struct tell_probe p;
	enum tell_verdict v = tell_probe_open(&p, &l->to, run);
	if (v == TELL_SUCCESS)
		v = greet(&p, l->expect);
	tell_probe_close(&p);
	return v;
}

const struct tell_module tell_health_tcp = {
	TELL_MODULE_ABI,
	"health",
	"tcp",
	"asks whether something listens at a host and port",
	.options = tcp_options,
	.open = open_listener,
	.run = run_listener,
	.close = free,
};

const struct tell_module tell_health_unix = {
	TELL_MODULE_ABI,
	"health",
	"unix",
	"asks whether something listens at a socket's path",
	.options = unix_options,
	.open = open_listener,
	.run = run_listener,
	.close = free,
};
