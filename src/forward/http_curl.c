/* tell_forward_http.so: requests by libcurl. It links nothing of ours. */
#define TELL_MODULE_LOADED
#include <telltale/module.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "forward/gzip.h"
#include "forward/http.h"

TELL_MODULE_API;
#define SECRET_MAX 8192
#define PATH_BYTES 4096

struct state {
	CURL *curl;
	const char *user, *password_file, *token_file;
	char url[2 * TELL_HTTP_URL];
	char error[CURL_ERROR_SIZE];
	struct tell_http_answer *answer; /* of the request under way */
	void (*alive)(void *arg);
	void *alive_arg;
	struct tell_gzip *gzip; /* NULL: bodies go as they are */
	void *packed;
	size_t packed_size;
};

/* ---- secrets ---- */

/* A file's first line; a plain name is in $CREDENTIALS_DIRECTORY (systemd.exec(5)). */
static int read_secret(const char *name, char secret[SECRET_MAX])
{
	char path[PATH_BYTES];
	const char *dir = secure_getenv("CREDENTIALS_DIRECTORY");
	bool plain = !strchr(name, '/');
	int n = plain ? snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", name)
		      : snprintf(path, sizeof(path), "%s", name);
	if (n < 0 || (size_t)n >= sizeof(path) || (plain && !dir))
		return -ENOENT;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t len = fd < 0 ? -1 : read(fd, secret, SECRET_MAX - 1);
	int error = len < 0 ? errno : len == SECRET_MAX - 1 ? EFBIG : 0;
	if (fd >= 0)
		(void)close(fd); /* only read */
	if (error)
		return -error;
	secret[len] = '\0';
	secret[strcspn(secret, "\r\n")] = '\0';
	return *secret ? 0 : -ENODATA;
}

/* Hand the line's secret to libcurl, which copies it. 0 or -errno. */
static int give_secret(struct state *s)
{
	char secret[SECRET_MAX];
	const char *file = s->token_file ? s->token_file : s->password_file;
	if (!file)
		return 0;
	int r = read_secret(file, secret);
	if (r == 0 && s->token_file)
		(void)curl_easy_setopt(s->curl, CURLOPT_XOAUTH2_BEARER, secret);
	else if (r == 0)
		(void)curl_easy_setopt(s->curl, CURLOPT_PASSWORD, secret);
	explicit_bzero(secret, sizeof(secret));
	return r;
}

/* ---- opening ---- */

static void set_url(struct state *s, const char *url, const char *path)
{
	const char *rest = strstr(url, "://") + 3;
	const char *own = rest + strcspn(rest, "/?#");
	bool bare = !*own || strcmp(own, "/") == 0;
	(void)snprintf(s->url, sizeof(s->url), "%.*s%s", (int)(own - url), url,
		bare ? path : own);
}

static size_t take_answer(char *data, size_t one, size_t n, void *arg)
{
	struct tell_http_answer *a = ((struct state *)arg)->answer;
	size_t room = sizeof(a->text) - a->len, len = one * n;
	memcpy(a->text + a->len, data, len < room ? len : room);
	a->len += len < room ? len : room;
	return len; /* the rest is read and forgotten */
}

static void set_tls(CURL *c, const struct tell_args *args)
{
	const char *ca = tell_args_text(args, "ca");
	if (ca)
		(void)curl_easy_setopt(c, CURLOPT_CAINFO, ca);
	if (tell_args_text(args, "cert"))
		(void)curl_easy_setopt(c, CURLOPT_SSLCERT, tell_args_text(args, "cert"));
	if (tell_args_text(args, "key"))
		(void)curl_easy_setopt(c, CURLOPT_SSLKEY, tell_args_text(args, "key"));
}

/* libcurl refuses only what it was built without; a request then says so. */
static void set_all(struct state *s, const struct tell_args *args)
{
	CURL *c = s->curl;
	const char *proxy = tell_args_text(args, "proxy");
	long ms = (long)(tell_args_u64(args, "timeout") / 1000000);
	(void)curl_easy_setopt(c, CURLOPT_URL, s->url);
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ms);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, ms < 10000 ? ms : 10000);
	(void)curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, "telltale/" TELL_VERSION);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->error);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	if (proxy)
		(void)curl_easy_setopt(
			c, CURLOPT_PROXY, strcmp(proxy, "none") == 0 ? "" : proxy);
	if (s->user)
		(void)curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
	if (s->token_file)
		(void)curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
	set_tls(c, args);
}

static void close_state(void *state)
{
	struct state *s = state;
	if (!s)
		return;
	curl_easy_cleanup(s->curl);
	tell_gzip_free(s->gzip);
	free(s->packed);
	free(s);
}

static int open_state(void **ret, const struct tell_args *args, const char *path,
	struct tell_refusal *why)
{
	(void)why; /* tell_http_allowed() was asked */
	struct state *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->user = tell_args_text(args, "user");
	s->password_file = tell_args_text(args, "password_file");
	s->token_file = tell_args_text(args, "token_file");
	s->curl = curl_easy_init();
	if (tell_args_text(args, "compress") && tell_args_choice(args, "compress") == 0)
		s->gzip = tell_gzip_new();
	if (!s->curl) {
		close_state(s);
		return -ENOMEM;
	}
	set_url(s, tell_args_text(args, "url"), path);
	set_all(s, args);
	*ret = s;
	return 0;
}

/* ---- a request ---- */

/* The body packed; NULL: it goes as it is. */
static const void *pack(struct state *s, const void *body, size_t *len)
{
	if (!s->gzip)
		return NULL;
	size_t most = tell_gzip_most(s->gzip, *len);
	if (most > s->packed_size) {
		free(s->packed);
		s->packed = malloc(most);
		s->packed_size = s->packed ? most : 0;
	}
	size_t n = s->packed ? tell_gzip_pack(s->gzip, body, *len, s->packed, most) : 0;
	if (n)
		*len = n;
	return n ? s->packed : NULL;
}

/* All of them, or NULL for want of memory: without its tenant a request could go to another. */
static struct curl_slist *headers(const char *type, const char *header, bool packed)
{
	char text[160];
	const char *const all[] = { text, "Expect:", /* no pause before a body */
		packed ? "Content-Encoding: gzip" : NULL, header };
	struct curl_slist *list = NULL;
	(void)snprintf(text, sizeof(text), "Content-Type: %s", type);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct curl_slist *more = all[i] ? curl_slist_append(list, all[i]) : list;
		if (!more) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = more;
	}
	return list;
}

static void fail(struct tell_http_answer *a, const char *what, const char *why)
{
	int n = snprintf(a->text, sizeof(a->text), "%s%s", what, why);
	a->len = n > 0 ? (size_t)n : 0;
	a->status = 0;
}

static int on_progress(
	void *state, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct state *s = state;
	(void)a, (void)b, (void)c, (void)d;
	s->alive(s->alive_arg);
	return 0;
}

static void watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct state *s = state;
	s->alive = alive;
	s->alive_arg = arg;
	(void)curl_easy_setopt(s->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(s->curl, CURLOPT_XFERINFODATA, s);
	(void)curl_easy_setopt(s->curl, CURLOPT_NOPROGRESS, 0L);
}

static void take_status(const struct state *s, struct tell_http_answer *ret)
{
	long status = 0;
	curl_off_t after = 0;
	(void)curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(s->curl, CURLINFO_RETRY_AFTER, &after);
	ret->status = (unsigned)status;
	ret->retry_after_s = after > 0 ? (uint64_t)after : 0;
}

static void post(void *state, const char *type, const char *header, const void *body,
	size_t len, struct tell_http_answer *ret)
{
	struct state *s = state;
	ret->status = 0;
	ret->retry_after_s = ret->sent = 0;
	ret->len = 0;
	int r = give_secret(s);
	if (r < 0) {
		char text[512]; /* the path last: "token: ..." would be masked */
		(void)snprintf(text, sizeof(text), "%s (%.400s)", strerror(-r),
			s->token_file ? s->token_file : s->password_file);
		fail(ret, "its secret cannot be read: ", text);
		return;
	}
	size_t packed_len = len;
	const void *packed = pack(s, body, &packed_len);
	struct curl_slist *list = headers(type, header, packed != NULL);
	if (!list) {
		fail(ret, "no memory for a request", "");
		return;
	}
	s->answer = ret;
	*s->error = '\0';
	(void)curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, list);
	(void)curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, packed ? packed : body);
	(void)curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)(packed ? packed_len : len));
	CURLcode code = curl_easy_perform(s->curl);
	(void)curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(list);
	curl_off_t sent = 0;
	(void)curl_easy_getinfo(s->curl, CURLINFO_SIZE_UPLOAD_T, &sent);
	ret->sent = sent > 0 ? (uint64_t)sent : 0;
	if (code != CURLE_OK) {
		fail(ret, code == CURLE_SSL_CONNECT_ERROR ? "no TLS with it: " : "",
			*s->error ? s->error : curl_easy_strerror(code));
		return;
	}
	take_status(s, ret);
}

TELL_MODULE_PUBLIC const struct tell_http tell_http = {
	.abi = TELL_MODULE_ABI,
	.open = open_state,
	.close = close_state,
	.post = post,
	.watch = watch,
};
