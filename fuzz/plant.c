#include "fuzz/plant.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "support/unit.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define ALNUM DIGIT UPPER LOWER

uint64_t plant_seed(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h ? h : 1;
}

/* ---- secrets ---- */

/* Append n characters of the set; a digit, and letters of both cases that the set has, are
 * among them, as chance alone would nearly always have it. */
static void draw(char *to, const char *set, size_t n, uint64_t *seed)
{
	static const char *const some[] = { DIGIT, UPPER, LOWER };
	to += strlen(to);
	for (size_t i = 0; i < n; i++)
		to[i] = set[tell_unit_random(seed) % strlen(set)];
	for (size_t i = 0; i < 3 && n > 3; i++)
		if (strchr(set, some[i][3]))
			to[n / 2 + i - 1] =
				some[i][tell_unit_random(seed) % strlen(some[i])];
	to[n] = 0;
}

static void card(char *to, uint64_t *seed)
{
	unsigned sum = 0;
	(void)snprintf(to, 20, "%d", 4);
	for (size_t i = 1; i < 15; i++)
		to[i] = DIGIT[tell_unit_random(seed) % 10];
	for (size_t i = 0; i < 15; i++) { /* ISO/IEC 7812-1 annex B */
		unsigned d = (unsigned)(to[i] - '0');
		sum += i % 2 ? d : d > 4 ? 2 * d - 9 : 2 * d;
	}
	to[15] = DIGIT[(10 - sum % 10) % 10];
	to[16] = 0;
}

static const struct {
	const char *kind, *prefix[2], *set;
	size_t len;
} issued[] = {
	{ "AWS key id", { "AK", "IA" }, UPPER "234567", 16 },
	{ "GitHub", { "gh", "p_" }, ALNUM, 36 },
	{ "Slack", { "xo", "xb-" }, DIGIT LOWER UPPER, 48 },
	{ "Stripe", { "sk_", "live_" }, ALNUM, 24 },
	{ "Google", { "AI", "za" }, ALNUM, 35 },
	{ "JWT", { "ey", "JhbGciOiJIUzI1NiJ9." }, ALNUM, 80 },
};
#define N_ISSUED (sizeof(issued) / sizeof(issued[0]))

static void make_shaped(struct plant *p, uint64_t *seed)
{
	size_t k = tell_unit_random(seed) % (N_ISSUED + 1);
	if (k == N_ISSUED) {
		p->kind = "card";
		card(p->secret, seed);
		return;
	}
	p->kind = issued[k].kind;
	(void)snprintf(p->secret, sizeof(p->secret), "%s%s", issued[k].prefix[0],
		issued[k].prefix[1]);
	draw(p->secret, issued[k].set, issued[k].len, seed);
	if (strcmp(p->kind, "JWT") == 0) {
		(void)strncat(p->secret, ".", 2);
		draw(p->secret, ALNUM, 43, seed);
	}
}

static void make_password(struct plant *p, uint64_t *seed)
{
	p->kind = "password";
	draw(p->secret, ALNUM, 12 + tell_unit_random(seed) % 20, seed);
}

/* ---- settings: the secret stands for the %s ---- */

static const char *const shaped[] = { "%s", "using %s now", "key is %s.", "id=%s, n=1",
	"[%s]", "'%s'", "GET /x?a=1&b=%s&c=2 HTTP/1.1", "X-Some: %s", "| %s |",
	"fetch('%s')", "a -> %s; b" };
static const char *const named[] = { "password=%s", "password: %s", "PASSWORD=%s",
	"user=ann&password=%s&go=1", "GET /login?user=ann&token=%s HTTP/1.1",
	"Authorization: Bearer %s", "<password>%s</password>",
	"run --password %s --verbose", "run --token=%s", "password%%3D%s&x=1",
	"Cookie: session_token=%s; lang=en", "Set-Cookie: auth_token=%s; Path=/",
	"{password=%s, n=1}" };
/* What is read with its quotes, its columns or its authority: signs in front that open one
 * and never close it may say that this is the inside of another. Among words these go. */
static const char *const calm[] = { "export DB_PASSWORD='%s'", "db.password = \"%s\"",
	"postgres://svc:%s@db.example/shop", "api_key => '%s'", "[('password', '%s')]",
	"| password | %s |", "client-secret: \"%s\"", "ALTER USER a IDENTIFIED BY '%s'" };
static const char *const json_named[] = { "\"password\":\"%s\"",
	"\"client_secret\": \"%s\"", "\"a\":{\"apiKey\":\"%s\"}", "\"token\":[\"%s\"]",
	"\"m\":\"login password=%s failed\"",
	"\"m\":\"{\\\"password\\\":\\\"%s\\\",\\\"n\\\":1}\"" };
static const char *const json_shaped[] = { "\"note\":\"%s\"", "\"note\":\"with %s at\"",
	"\"a\":[1,\"%s\",null]", "\"m\":\"{\\\"x\\\":\\\"%s\\\"}\"" };
#define OF(list, seed) list[tell_unit_random(seed) % (sizeof(list) / sizeof(list[0]))]

/* Any bytes within a string of JSON: each as the character of its number. */
static void put_escaped(struct tell_buf *to, const char *data, size_t n)
{
	char escape[8];
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)data[i];
		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
			tell_buf_putc(to, data[i]);
			continue;
		}
		(void)snprintf(escape, sizeof(escape), "\\u%04x", c);
		tell_buf_puts(to, escape);
	}
}

static void put_raw(struct tell_buf *to, const char *data, size_t n)
{
	tell_buf_put(to, data, n);
}

static void put_words(struct tell_buf *to, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tell_buf_putc(
			to, data[i] && strchr(ALNUM " \n_.,", data[i]) ? data[i] : ' ');
}

static void put_planted(struct plant *p, struct tell_buf *to)
{
	const char *hole = strstr(p->setting, "%s");
	for (const char *c = p->setting; c < hole; c++) {
		tell_buf_putc(to, *c);
		if (c[0] == '%' && c[1] == '%')
			c++;
	}
	p->from = to->len;
	tell_buf_puts(to, p->secret);
	p->to = to->len;
	tell_buf_puts(to, hole + 2);
}

void plant_make(struct plant *ret, struct tell_buf *text, const char *data, size_t n,
	uint64_t *seed)
{
	*ret = (struct plant){ .json = tell_unit_random(seed) % 3 == 0 };
	bool by_name = tell_unit_random(seed) % 2;
	size_t cut = n ? tell_unit_random(seed) % (n + 1) : 0;
	if (by_name)
		make_password(ret, seed);
	else
		make_shaped(ret, seed);
	tell_buf_clear(text);
	if (ret->json) {
		ret->setting = by_name ? OF(json_named, seed) : OF(json_shaped, seed);
		tell_buf_puts(text, "{\"before\":\"");
		put_escaped(text, data, cut);
		tell_buf_puts(text, "\",");
		put_planted(ret, text);
		tell_buf_puts(text, ",\"behind\":\"");
		put_escaped(text, data + cut, n - cut);
		tell_buf_puts(text, "\"}");
		return;
	}
	bool words = by_name && tell_unit_random(seed) % 2;
	void (*put)(struct tell_buf *, const char *, size_t) = words ? put_words
								     : put_raw;
	ret->setting = words ? OF(calm, seed)
		: by_name    ? OF(named, seed)
			     : OF(shaped, seed);
	put(text, data, cut);
	tell_buf_putc(text, '\n');
	put_planted(ret, text);
	tell_buf_putc(text, '\n');
	put(text, data + cut, n - cut);
}

void plant_must_be_gone(const struct plant *p, const char *out, size_t n)
{
	size_t len = strlen(p->secret), half = len / 2;
	if (!memmem(out, n, p->secret, half) &&
		!memmem(out, n, p->secret + half, len - half))
		return;
	(void)fprintf(stderr, "a secret (%s) survives in: %s\n", p->kind, p->setting);
	(void)fwrite(out, 1, n, stderr); /* about to abort */
	abort();
}
