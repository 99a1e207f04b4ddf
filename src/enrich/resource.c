#include "enrich/resource.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "base/cleanup.h"
#include "enrich/module.h"

/* enrich resource: who produces these records, in OpenTelemetry's words: service_version,
 * service_namespace, service_instance_id, deployment_environment_name; from the stack's
 * line, else from OTEL_RESOURCE_ATTRIBUTES, which may bring any others (k8s.pod.name is
 * k8s_pod_name). service_name only when OTEL_SERVICE_NAME or those say one: the record's
 * `service` is ours. In set-user-ID programs the environment is not read. */
struct resource {
	struct tell_fixed *fixed;
	atomic_bool bad; /* attributes were wrong, and nobody was told yet */
};

static const struct tell_option options[] = {
	{ "version", TELL_OPTION_TEXT, NULL, NULL, "service_version", false },
	{ "environment", TELL_OPTION_TEXT, NULL, NULL,
		"deployment_environment_name: production, staging", false },
	{ "namespace", TELL_OPTION_TEXT, NULL, NULL, "service_namespace", false },
	{ "instance", TELL_OPTION_TEXT, NULL, NULL, "service_instance_id", false },
	{ 0 },
};

/* ---- OTEL_RESOURCE_ATTRIBUTES ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode n bytes of s in place. The new length, or -EBADMSG. */
static ssize_t decode(char *s, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] != '%') {
			s[to++] = s[i];
			continue;
		}
		int high = n - i > 2 ? hex_digit(s[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
		if (low < 0)
			return -EBADMSG;
		s[to++] = (char)(high << 4 | low);
		i += 2;
	}
	return (ssize_t)to;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The text without blanks around it, NUL-terminated in place. */
static char *trim(char *from, char *end)
{
	while (from < end && is_blank(*from))
		from++;
	while (end > from && is_blank(end[-1]))
		end--;
	*end = '\0';
	return from;
}

/* One pair, cut out of the list; f NULL: only look whether it is one. */
static int take_pair(struct tell_fixed *f, char *pair, char *end)
{
	char *equals = memchr(pair, '=', (size_t)(end - pair));
	if (!equals)
		return -EBADMSG;
	char *name = trim(pair, equals);
	char *value = trim(equals + 1, end);
	if (*name == '\0' || strpbrk(name, " \t\"%;\\"))
		return -EBADMSG;
	ssize_t n = decode(value, strlen(value));
	if (n < 0 || !f)
		return n < 0 ? (int)n : 0;
	return tell_fixed_text(f, name, value, (size_t)n, TELL_FIXED_FOREIGN);
}

static int take_pairs(struct tell_fixed *f, const char *attributes)
{
	TELL_CLEANUP(tell_freep) char *copy = strdup(attributes);
	if (!copy)
		return -ENOMEM;
	char *end;
	for (char *s = copy;; s = end + 1) {
		end = s + strcspn(s, ",");
		bool last = *end == '\0';
		bool empty = s + strspn(s, " \t") ==
			end; /* a comma too many is no harm */
		int r = empty ? 0 : take_pair(f, s, end);
		if (r < 0 || last)
			return r;
	}
}

int tell_resource_parse(struct tell_fixed *f, const char *attributes)
{
	int r = take_pairs(NULL, attributes);
	return r < 0 ? r : take_pairs(f, attributes);
}

/* ---- the module ---- */

static int add_text(struct tell_fixed *f, const char *name, const char *text)
{
	if (!text || !*text)
		return 0; /* an empty variable is an unset one, as OpenTelemetry has it */
	return tell_fixed_text(f, name, text, strlen(text), TELL_FIXED_FOREIGN);
}

/* The first of a name stays: the line, then OTEL_SERVICE_NAME, then the attributes. */
static int fill(struct tell_fixed *f, const struct tell_args *args)
{
	static const char *const fields[][2] = { { "version", "service_version" },
		{ "environment", "deployment_environment_name" },
		{ "namespace", "service_namespace" },
		{ "instance", "service_instance_id" } };
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		int r = add_text(f, fields[i][1], tell_args_text(args, fields[i][0]));
		if (r < 0)
			return r;
	}
	int r = add_text(f, "service_name", secure_getenv("OTEL_SERVICE_NAME"));
	const char *attributes = secure_getenv("OTEL_RESOURCE_ATTRIBUTES");
	return r < 0 || !attributes ? r : tell_resource_parse(f, attributes);
}

static void close_resource(void *state)
{
	struct resource *s = state;
	tell_fixed_free(s->fixed);
	free(s);
}

static int open_resource(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct resource *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	int r = tell_fixed_new(&s->fixed);
	if (r == 0)
		r = fill(s->fixed, args);
	if (r == -EBADMSG || r == -E2BIG) { /* the environment is not the stack's fault */
		atomic_init(&s->bad, true);
		r = 0;
	}
	if (r < 0) {
		close_resource(s);
		return tell_fixed_refuse(why, r, NULL);
	}
	*ret = s;
	return 0;
}

static enum tell_verdict run_resource(void *state, struct tell_run *run)
{
	struct resource *s = state;
	if (__builtin_expect(atomic_load_explicit(&s->bad, memory_order_relaxed), 0) &&
		atomic_exchange(&s->bad, false))
		tell_note(run, TELL_WARNING, "resource-attributes",
			"OTEL_RESOURCE_ATTRIBUTES is not name=value,name=value "
			"with percent-encoded values, or has over 64: not taken");
	return tell_fixed_run(s->fixed, run);
}

const struct tell_module tell_enrich_resource = {
	TELL_MODULE_ABI,
	"enrich",
	"resource",
	"adds the service's version, environment, namespace and instance",
	.options = options,
	.open = open_resource,
	.run = run_resource,
	.close = close_resource,
};
