#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/ascii.h"
#include "health/module.h"
#include "health/probe.h"
#include "record/record.h"

/* health postgres: does a PostgreSQL server take connections? It is asked to begin a session and
 * says what it wants for it: that is enough, no password is needed and none is sent. An error
 * whose SQLSTATE is of class 57 or 53 means that it takes none now: it starts, it stops, it has
 * too many. Any other is an answer of a server that works.
 *
 * Source: PostgreSQL documentation, "Frontend/Backend Protocol", 55.2.1 and 55.7. */
static const struct tell_option options[] = {
	{ "host", TELL_OPTION_TEXT, "localhost", NULL, "a name or an address", false },
	{ "port", TELL_OPTION_PORT, "5432", NULL, "the port", false },
	{ "socket", TELL_OPTION_TEXT, NULL, NULL,
		"instead: /run/postgresql/.s.PGSQL.5432", false },
	{ "user", TELL_OPTION_TEXT, "telltale", NULL,
		"the role that is named; it need not exist", false },
	{ "database", TELL_OPTION_TEXT, "postgres", NULL, "the database that is named",
		false },
	TELL_OPTION_CHECK,
	{ 0 },
};

#define STARTUP_BYTES 512
#define ERROR_BYTES   4096  /* that are read: the SQLSTATE is among the first */
#define ERROR_MAX     30000 /* libpq, too, takes a longer one for no server's */
#define VERSION_3_0   UINT32_C(196608)
#define SQLSTATE      5 /* characters */

struct postgres {
	struct tell_probe_to to;
	size_t n;
	char startup[STARTUP_BYTES]; /* the whole message */
};

static void put_u32(char *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(n >> (24 - 8 * i));
}

static uint32_t get_u32(const char *p)
{
	uint32_t n = 0;
	for (int i = 0; i < 4; i++)
		n = n << 8 | (uint8_t)p[i];
	return n;
}

static bool put_text(struct postgres *g, const char *text)
{
	size_t n = strlen(text) + 1;
	if (n > sizeof(g->startup) - 1 - g->n)
		return false;
	memcpy(g->startup + g->n, text, n);
	g->n += n;
	return true;
}

static bool make_startup(struct postgres *g, const struct tell_args *args)
{
	g->n = 8;
	put_u32(g->startup + 4, VERSION_3_0);
	if (!put_text(g, "user") || !put_text(g, tell_args_text(args, "user")) ||
		!put_text(g, "database") ||
		!put_text(g, tell_args_text(args, "database")) ||
		!put_text(g, "application_name") || !put_text(g, "telltale"))
		return false;
	g->startup[g->n++] = '\0';
	put_u32(g->startup, (uint32_t)g->n);
	return true;
}

static int open_postgres(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct postgres *g = calloc(1, sizeof(*g));
	if (!g)
		return -ENOMEM;
	int r = tell_probe_take(&g->to, args, why);
	if (r == 0 && !make_startup(g, args))
		r = tell_refuse(why, -EINVAL, "user", "write shorter names",
			"user= and database= have more than 400 characters");
	if (r < 0)
		free(g);
	else
		*ret = g;
	return r;
}

/* Five digits or capitals (ISO/IEC 9075-2, SQLSTATE); what a peer sends instead is not shown. */
static bool is_state(const char *text)
{
	for (size_t i = 0; i < SQLSTATE; i++)
		if (!tell_is_digit(text[i]) && !tell_is_upper(text[i]))
			return false;
	return true;
}

/* The SQLSTATE of an error: fields of one letter and a text, then a zero. */
static const char *sqlstate_of(const char *body, size_t n)
{
	for (size_t at = 0; at < n && body[at];) {
		size_t len = strnlen(body + at + 1, n - at - 1);
		if (body[at] == 'C' && len == SQLSTATE && is_state(body + at + 1))
			return body + at + 1;
		at += len + 2;
	}
	return NULL;
}

static enum tell_verdict take_error(struct tell_probe *p, uint32_t len)
{
	char body[ERROR_BYTES], name[160];
	size_t n = len - 4 < sizeof(body) ? len - 4 : sizeof(body);
	enum tell_verdict v = tell_probe_read(p, body, n);
	if (v != TELL_SUCCESS)
		return v;
	const char *state = sqlstate_of(body, n);
	if (!state)
		return tell_probe_say(p->run, TELL_INVALID, "%s is no PostgreSQL server",
			tell_probe_name(p->to, name, sizeof(name)));
	const struct tell_field f = tell_strn("sqlstate", state, SQLSTATE);
	tell_record_add(p->run->record, &f, 1, 0, NULL);
	if (strncmp(state, "57", 2) != 0 && strncmp(state, "53", 2) != 0)
		return TELL_SUCCESS;
	return tell_probe_say(p->run, TELL_UNAVAILABLE,
		"%s takes no connections now: SQLSTATE %.5s",
		tell_probe_name(p->to, name, sizeof(name)), state);
}

/* 'R': it wants to know who we are, 'E': an error. */
static enum tell_verdict take_answer(struct tell_probe *p)
{
	char head[5], name[160];
	enum tell_verdict v = tell_probe_read(p, head, sizeof(head));
	if (v != TELL_SUCCESS)
		return v;
	uint32_t len = get_u32(head + 1);
	if (head[0] == 'R' && len >= 8 && len < ERROR_BYTES)
		return TELL_SUCCESS;
	if (head[0] == 'E' && len >= 4 && len <= ERROR_MAX)
		return take_error(p, len);
	return tell_probe_say(p->run, TELL_INVALID, "%s is no PostgreSQL server",
		tell_probe_name(p->to, name, sizeof(name)));
}

static enum tell_verdict run_postgres(void *state, struct tell_run *run)
{
	const struct postgres *g = state;
	struct tell_probe p;
	enum tell_verdict v = tell_probe_open(&p, &g->to, run);
	if (v == TELL_SUCCESS)
		v = tell_probe_send(&p, g->startup, g->n);
	if (v == TELL_SUCCESS)
		v = take_answer(&p);
	tell_probe_close(&p);
	return v;
}

const struct tell_module tell_health_postgres = {
	TELL_MODULE_ABI,
	"health",
	"postgres",
	"asks whether a PostgreSQL server takes connections",
	.options = options,
	.open = open_postgres,
	.run = run_postgres,
	.close = free,
};
