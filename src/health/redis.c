#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "health/module.h"
#include "health/probe.h"

/* health redis: does a Redis or Valkey server answer PING?
 *
 * Source: "Redis serialization protocol specification" (RESP2), commands AUTH and PING. */
static const struct tell_option options[] = {
	{ "host", TELL_OPTION_TEXT, "localhost", NULL, "a name or an address", false },
	{ "port", TELL_OPTION_PORT, "6379", NULL, "the port", false },
	{ "socket", TELL_OPTION_TEXT, NULL, NULL, "instead: a socket's path", false },
	{ "user", TELL_OPTION_TEXT, NULL, NULL, "who asks, with password_file=", false },
	{ "password_file", TELL_OPTION_TEXT, NULL, NULL,
		"a file with the password in it, read at each check", false },
	TELL_OPTION_CHECK,
	{ 0 },
};

#define PASSWORD_BYTES 512
#define REPLY_BYTES    256

static const char ping[] = "*1\r\n$4\r\nPING\r\n";

struct redis {
	struct tell_probe_to to;
	const char *user, *password_file; /* or NULL */
};

static int open_redis(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct redis *d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->user = tell_args_text(args, "user");
	d->password_file = tell_args_text(args, "password_file");
	int r = tell_probe_take(&d->to, args, why);
	if (r == 0 && d->user && (!d->password_file || strlen(d->user) > 128))
		r = tell_refuse(why, -EINVAL, "user", "give password_file= as well",
			"a user is asked for a password");
	if (r < 0)
		free(d);
	else
		*ret = d;
	return r;
}

/* One line of reply: SUCCESS when it is `good`. What else is in it stays here. */
static enum tell_verdict take_reply(struct tell_probe *p, const char *good)
{
	char text[REPLY_BYTES], name[160];
	size_t n;
	enum tell_verdict v = tell_probe_until(p, text, sizeof(text), "\r\n", &n);
	if (v != TELL_SUCCESS)
		return v;
	if (n >= strlen(good) && memcmp(text, good, strlen(good)) == 0)
		return TELL_SUCCESS;
	(void)tell_probe_name(p->to, name, sizeof(name));
	if (text[0] != '-')
		return tell_probe_say(
			p->run, TELL_INVALID, "%s is no Redis server", name);
	/* An error begins with a word of its kind: NOAUTH, LOADING, MASTERDOWN. */
	size_t word = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	word = word < n - 1 ? word : n - 1;
	bool refused = strncmp(text + 1, "NOAUTH", 6) == 0 ||
		strncmp(text + 1, "WRONGPASS", 9) == 0;
	return tell_probe_say(p->run, refused ? TELL_DENIED : TELL_UNAVAILABLE,
		"%s answers %.*s", name, (int)word, text + 1);
}

static enum tell_verdict log_in(struct tell_probe *p, const struct redis *d)
{
	char password[PASSWORD_BYTES], text[PASSWORD_BYTES + 256];
	int len = tell_probe_file(d->password_file, password, sizeof(password));
	if (len < 0)
		return tell_probe_say(p->run, TELL_DENIED, "cannot read %s: %s",
			d->password_file, strerrordesc_np(-len));
	int n = d->user ? snprintf(text, sizeof(text),
				  "*3\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n$%d\r\n%s\r\n",
				  strlen(d->user), d->user, len, password)
			: snprintf(text, sizeof(text),
				  "*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n", len, password);
	enum tell_verdict v = tell_probe_send(p, text, (size_t)n); /* it fits */
	explicit_bzero(text, sizeof(text));
	explicit_bzero(password, sizeof(password));
	return v == TELL_SUCCESS ? take_reply(p, "+OK\r\n") : v;
}

static enum tell_verdict run_redis(void *state, struct tell_run *run)
{
	const struct redis *d = state;
	struct tell_probe p;
	enum tell_verdict v = tell_probe_open(&p, &d->to, run);
	if (v == TELL_SUCCESS && d->password_file)
		v = log_in(&p, d);
	if (v == TELL_SUCCESS)
		v = tell_probe_send(&p, ping, sizeof(ping) - 1);
	if (v == TELL_SUCCESS)
		v = take_reply(&p, "+PONG\r\n");
	tell_probe_close(&p);
	return v;
}

const struct tell_module tell_health_redis = {
	TELL_MODULE_ABI,
	"health",
	"redis",
	"asks whether a Redis server answers",
	.options = options,
	.open = open_redis,
	.run = run_redis,
	.close = free,
};
