#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>

/* Requests over HTTP, by libcurl, in an object of its own (tell_forward_http.so): only who sends
 * them has the library in memory.
 *
 * Safety:  the peer's certificate is verified, redirects are not followed, at most
 *          TELL_HTTP_ANSWER bytes of an answer are read. Secrets come from files and are read
 *          for each request, so that they can be changed while it runs.
 * Threads: one owner a state.
 * Source:  RFC 9110; curl_easy_setopt(3). */
#define TELL_HTTP_ANSWER                                                                 \
	((size_t)1 << 20) /* Loki says a line for each entry it refuses */

/* Options of a line that sends over HTTP. */
#define TELL_HTTP_OPTIONS_PLAIN                                                          \
	{ "url", TELL_OPTION_TEXT, NULL, NULL, "http:// or https://", true },            \
		{ "user", TELL_OPTION_TEXT, NULL, NULL, "basic authentication", false }, \
		{ "password_file", TELL_OPTION_TEXT, NULL, NULL,                         \
			"a path, or a name in $CREDENTIALS_DIRECTORY", false },          \
		{ "token_file", TELL_OPTION_TEXT, NULL, NULL,                            \
			"the same, of a bearer token", false },                          \
		{ "ca", TELL_OPTION_TEXT, NULL, NULL,                                    \
			"trust these authorities instead of the system's", false },      \
		{ "cert", TELL_OPTION_TEXT, NULL, NULL, "our certificate, PEM", false }, \
		{ "key", TELL_OPTION_TEXT, NULL, NULL, "its key, PEM", false },          \
		{ "proxy", TELL_OPTION_TEXT, NULL, NULL,                                 \
			"instead of $https_proxy and $http_proxy; \"none\": none",       \
			false },                                                         \
	{                                                                                \
		"timeout", TELL_OPTION_DURATION, "30s", NULL,                            \
			"for a request and its answer", false                            \
	}

/* The same, of a receiver that unpacks it. */
#define TELL_HTTP_OPTIONS                                                                \
	TELL_HTTP_OPTIONS_PLAIN,                                                         \
	{                                                                                \
		"compress", TELL_OPTION_CHOICE, "gzip", "gzip none", "the request",      \
			false                                                            \
	}

struct tell_http_answer {
	unsigned status; /* 0: there was none; text says why */
	uint64_t retry_after_s;
	uint64_t sent; /* bytes of the request's body that went out */
	size_t len;
	char text[TELL_HTTP_ANSWER];
};

struct tell_http {
	uint32_t abi;
	/* path: put behind an url that has none. */
	int (*open)(void **ret, const struct tell_args *args, const char *path,
		struct tell_refusal *why);
	void (*close)(void *state);
	/* POST it; header: "Name: value" or NULL. */
	void (*post)(void *state, const char *type, const char *header, const void *body,
		size_t len, struct tell_http_answer *ret);
	/* Call alive about each second while a request is under way. */
	void (*watch)(void *state, void (*alive)(void *arg), void *arg);
};

/* Is a line's url one, and has its user a password? 0, or a negative errno and *why; what no
 * connection is needed for. Each line with TELL_HTTP_OPTIONS asks it as it is loaded. */
#define TELL_HTTP_URL 1024 /* bytes of it, at most */
int tell_http_allowed(const struct tell_args *args, struct tell_refusal *why);
int tell_http_module_open(
	void **ret, const struct tell_args *args, struct tell_refusal *why);

/* What a target keeps of it. */
struct tell_http_line {
	const struct tell_http *http;
	void *connection;
	struct tell_http_answer answer; /* to the last request */
};
int tell_http_line_open(struct tell_http_line *l, const struct tell_args *args,
	const char *path, struct tell_refusal *why);
void tell_http_line_close(struct tell_http_line *l);
void tell_http_line_post(struct tell_http_line *l, const char *type, const char *header,
	const void *body, size_t len);

void tell_http_line_watch(struct tell_http_line *l, void (*alive)(void *arg), void *arg);

/* The first words of what the peer says, on one line. */
void tell_http_words(const struct tell_http_answer *a, char *ret, size_t size);

struct tell_answer;
/* What statuses mean that mean the same everywhere; false: it is the target's to say. */
bool tell_http_judge(const struct tell_http_answer *a, struct tell_answer *ret);
