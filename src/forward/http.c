#include "forward/http.h"
#include "forward/target.h"
#include <errno.h>
#include <string.h>
#include "stack/foreign.h"

static int check_url(const char *url, struct tell_refusal *why)
{
	const char *rest = strstr(url, "://");
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return tell_refuse(why, -EINVAL, "url",
			"write it with http:// or https:// in front", "\"%s\" is no url",
			strchr(url, '@') ? "...@..." : url); /* it may have a password */
	rest += 3;
	size_t host = strcspn(rest, "/?#");
	if (host == 0 || strlen(url) > TELL_HTTP_URL)
		return tell_refuse(why, -EINVAL, "url",
			"write https://HOST[:PORT][/PATH]", "it names no host");
	if (memchr(rest, '@', host))
		return tell_refuse(why, -EINVAL, "url",
			"write user= and password_file= instead",
			"the url has a password in it, which others could read");
	return 0;
}

/* Who asks for an authority wants no plain text. */
static int check_tls(const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const names[] = { "ca", "cert", "key" };
	bool plain = strncmp(tell_args_text(args, "url"), "http://", 7) == 0;
	for (size_t i = 0; plain && i < sizeof(names) / sizeof(names[0]); i++)
		if (tell_args_text(args, names[i]))
			return tell_refuse(why, -EINVAL, names[i], "write https://",
				"an url with http:// has no TLS");
	return 0;
}

int tell_http_allowed(const struct tell_args *args, struct tell_refusal *why)
{
	int r = tell_target_allowed(args, why);
	if (r == 0)
		r = check_url(tell_args_text(args, "url"), why);
	if (r == 0)
		r = check_tls(args, why);
	if (r == 0 && tell_args_text(args, "user") &&
		!tell_args_text(args, "password_file"))
		return tell_refuse(why, -EINVAL, "user",
			"add password_file=", "a user without a password");
	return r;
}

int tell_http_module_open(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)ret;
	return tell_http_allowed(args, why);
}

int tell_http_line_open(struct tell_http_line *l, const struct tell_args *args,
	const char *path, struct tell_refusal *why)
{
	l->http = tell_foreign_part("tell_forward_http", "http", why);
	return l->http ? l->http->open(&l->connection, args, path, why) : -ENOSYS;
}

void tell_http_line_close(struct tell_http_line *l)
{
	if (l->connection)
		l->http->close(l->connection);
	l->connection = NULL;
}

void tell_http_line_post(struct tell_http_line *l, const char *type, const char *header,
	const void *body, size_t len)
{
	l->http->post(l->connection, type, header, body, len, &l->answer);
}

void tell_http_line_watch(struct tell_http_line *l, void (*alive)(void *arg), void *arg)
{
	l->http->watch(l->connection, alive, arg);
}

void tell_http_words(const struct tell_http_answer *a, char *ret, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < a->len && n + 1 < size; i++) {
		unsigned char c = (unsigned char)a->text[i];
		if (c > ' ' && c < 0x7f)
			ret[n++] = (char)c;
		else if (n && ret[n - 1] != ' ')
			ret[n++] = ' ';
	}
	while (n && ret[n - 1] == ' ')
		n--;
	ret[n] = '\0';
}

bool tell_http_judge(const struct tell_http_answer *a, struct tell_answer *ret)
{
	char words[240];
	tell_http_words(a, words, sizeof(words));
	enum tell_answer_kind kind = TELL_ANSWER_LATER;
	ret->bytes = a->sent;
	if (a->status >= 200 && a->status < 300) {
		ret->kind = TELL_ANSWER_TAKEN;
		return true;
	}
	if (a->status == 0) {
		tell_answer_set(ret, kind, "%s", words);
		return true;
	}
	ret->wait_ms = a->retry_after_s < 3600 ? a->retry_after_s * 1000 : 3600000;
	bool told = true;
	if (a->status == 413) {
		kind = TELL_ANSWER_LARGE;
	} else if (a->status == 400 || a->status == 422) {
		kind = TELL_ANSWER_BAD;
		told = false;
	} else if (a->status == 429 || a->status == 408 || a->status >= 500) {
		told = false;
	} else { /* moved, not allowed, not there */
		kind = TELL_ANSWER_FORBIDDEN;
	}
	tell_answer_set(
		ret, kind, "it answers %u%s%s", a->status, *words ? ": " : "", words);
	return told;
}
