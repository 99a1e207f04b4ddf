/* health http: does a page answer as it should? A module of its own, so that services without
 * such a line have nothing of libcurl. Each check is a connection of its own, which a child or a
 * change of the certificates cannot upset. What it says names the page without user, password
 * and query, and holds nothing that the peer sent but the status. */
#define CURL_DISABLE_DEPRECATION /* CURLOPT_PROTOCOLS_STR is only in 7.85 and later */
#define TELL_MODULE_LOADED
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <telltale/module.h>
#include <time.h>
#include <unistd.h>

#define ABOVE		200 /* where hosts have few files of their own */
#define HEAD_BYTES	65536
#define BODY_BYTES	65536
#define REDIRECTS	5
#define RANGES		16
#define NS_PER_SEC	UINT64_C(1000000000)
#define NS_PER_MS	UINT64_C(1000000)
#define STATUS_LEAST	100
#define STATUS_GREATEST 599

TELL_MODULE_API;

static const struct tell_option options[] = {
	{ "url", TELL_OPTION_TEXT, NULL, NULL,
		"the page: url=https://api.example.net/health", true },
	{ "status", TELL_OPTION_TEXT, "200-299", NULL,
		"what it should answer: a status, a range, or some with commas: 200,204",
		false },
	{ "body", TELL_OPTION_TEXT, NULL, NULL,
		"the answer has this in its first 64 KiB: body=ready", false },
	{ "redirects", TELL_OPTION_BOOL, "no", NULL,
		"go where it sends, 5 times at most; else that is its answer", false },
	{ "ca", TELL_OPTION_TEXT, NULL, NULL,
		"a file of certificates that are trusted instead of the system's",
		false },
	{ "socket", TELL_OPTION_TEXT, NULL, NULL,
		"connect to this path, whatever the host is: socket=/run/docker.sock",
		false },
	{ "proxy", TELL_OPTION_TEXT, NULL, NULL,
		"by way of it: proxy=http://proxy.example.net:3128", false },
	TELL_OPTION_CHECK,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

struct http {
	const char *url, *wanted;
	const char *body, *ca, *socket, *proxy; /* or NULL */
	bool redirects;
	char name[160]; /* the page, as far as anybody may read it */
	size_t n;
	struct {
		unsigned from, to;
	} range[RANGES];
};

/* ---- the line ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin_curl(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT); /* each handle would say so */
}

/* What is not secret of the address, which is one of http or https. */
static int name_page(struct http *h)
{
	static const CURLUPart secret[] = { CURLUPART_USER, CURLUPART_PASSWORD,
		CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT };
	char *text = NULL;
	CURLU *u = curl_url();
	bool fine = u && curl_url_set(u, CURLUPART_URL, h->url, 0) == CURLUE_OK &&
		curl_url_get(u, CURLUPART_SCHEME, &text, 0) == CURLUE_OK &&
		(strcmp(text, "http") == 0 || strcmp(text, "https") == 0);
	curl_free(text);
	text = NULL;
	for (size_t i = 0; fine && i < sizeof(secret) / sizeof(secret[0]); i++)
		fine = curl_url_set(u, secret[i], NULL, 0) == CURLUE_OK;
	fine = fine && curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK;
	if (fine)
		(void)snprintf(h->name, sizeof(h->name), "%s", text); /* cut is fine */
	curl_free(text);
	curl_url_cleanup(u);
	return fine ? 0 : -EINVAL;
}

static bool take_number(const char **at, unsigned *ret)
{
	char *end = NULL;
	unsigned long n = strtoul(*at, &end, 10);
	if (**at < '1' || **at > '9' || n < STATUS_LEAST || n > STATUS_GREATEST)
		return false;
	*at = end;
	*ret = (unsigned)n;
	return true;
}

/* 200,204,300-399 */
static bool take_wanted(struct http *h)
{
	const char *at = h->wanted;
	for (h->n = 0; h->n < RANGES; at++) {
		unsigned from, to;
		if (!take_number(&at, &from))
			return false;
		to = from;
		if (*at == '-' && (at++, !take_number(&at, &to) || to < from))
			return false;
		h->range[h->n].from = from;
		h->range[h->n++].to = to;
		if (*at != ',')
			return *at == '\0';
	}
	return false;
}

static int take_socket(const struct http *h, struct tell_refusal *why)
{
	const size_t max = sizeof(((struct sockaddr_un *)0)->sun_path);
	if (!h->socket)
		return 0;
	if (h->proxy)
		return tell_refuse(why, -EINVAL, "socket", "keep one of them",
			"socket= and proxy= are two ways");
	if (*h->socket != '/')
		return tell_refuse(why, -EINVAL, "socket", "begin it with /",
			"a relative path depends on where the service is started");
	if (strlen(h->socket) >= max)
		return tell_refuse(why, -ENAMETOOLONG, "socket", "choose a shorter path",
			"the path has more than %zu bytes", max - 1);
	return 0;
}

/* The address itself is not said: there may be a password in it. */
static int take(struct http *h, const struct tell_args *args, struct tell_refusal *why)
{
	h->url = tell_args_text(args, "url");
	h->wanted = tell_args_text(args, "status");
	h->body = tell_args_text(args, "body");
	h->ca = tell_args_text(args, "ca");
	h->socket = tell_args_text(args, "socket");
	h->proxy = tell_args_text(args, "proxy");
	h->redirects = tell_args_bool(args, "redirects");
	if (name_page(h) < 0)
		return tell_refuse(why, -EINVAL, "url",
			"write http://HOST/PATH or https://HOST/PATH",
			"that is no address of a page");
	if (!take_wanted(h))
		return tell_refuse(why, -EINVAL, "status",
			"write 200, 200-299 or 200,204: 100 to 599, at most 16 of them",
			"status=%s is no list of statuses", h->wanted);
	if (h->body && (!*h->body || strlen(h->body) > BODY_BYTES))
		return tell_refuse(why, -EINVAL, "body", "write what the answer has",
			"no answer could be without it, or none have it");
	return take_socket(h, why);
}

static int open_http(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct http *h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	(void)pthread_once(&once, begin_curl);
	int r = take(h, args, why);
	if (r < 0)
		free(h);
	else
		*ret = h;
	return r;
}

/* ---- a check ---- */

struct answer {
	size_t head_n, n;
	char error[CURL_ERROR_SIZE];
	char text[BODY_BYTES];
};

static enum tell_verdict say(struct tell_run *run, enum tell_verdict v, const char *fmt,
	...) __attribute__((format(printf, 3, 4)));

static enum tell_verdict say(
	struct tell_run *run, enum tell_verdict v, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	const struct tell_field f = tell_str("reason", text);
	tell_record_add(run->record, &f, 1, 0, NULL);
	return v;
}

/* High, and not for programs that the host starts. */
static curl_socket_t open_socket(
	void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)arg;
	(void)purpose;
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
	if (high < 0)
		return fd < 0 ? CURL_SOCKET_BAD : fd;
	(void)close(fd); /* Linux closes it whatever it says */
	return high;
}

/* Less than all of it ends the transfer. */
static size_t take_head(char *bytes, size_t size, size_t n, void *arg)
{
	struct answer *a = arg;
	(void)bytes;
	a->head_n += n * size;
	return a->head_n > HEAD_BYTES ? 0 : n * size;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct answer *a = arg;
	size_t room = sizeof(a->text) - a->n, len = n * size < room ? n * size : room;
	memcpy(a->text + a->n, bytes, len);
	a->n += len;
	return a->n == sizeof(a->text) ? 0 : len;
}

static long left_ms(const struct tell_run *run)
{
	struct timespec now = { 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	uint64_t now_ns = (uint64_t)now.tv_sec * NS_PER_SEC + (uint64_t)now.tv_nsec;
	return run->deadline_ns > now_ns + NS_PER_MS
		? (long)((run->deadline_ns - now_ns) / NS_PER_MS)
		: 1; /* 0 would be for ever */
}

/* How far it goes, and with whom. */
static void bound(CURL *c, const struct http *h, const struct tell_run *run)
{
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, left_ms(run));
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
	(void)curl_easy_setopt(
		c, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, h->redirects ? 1L : 0L);
	(void)curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	(void)curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
}

/* The whole request: CURLE_OK, or the first that did not take. Without proxy= "" keeps $http_proxy
 * out; certificates are verified, as libcurl does unless it is told. */
static CURLcode ask(CURL *c, const struct http *h, struct answer *a)
{
	const struct {
		CURLoption option;
		const void *value;
	} list[] = {
		{ CURLOPT_ERRORBUFFER, a->error },
		{ CURLOPT_HEADERDATA, a },
		{ CURLOPT_WRITEDATA, a },
		{ CURLOPT_USERAGENT, "telltale" },
		{ CURLOPT_URL, h->url },
		{ CURLOPT_PROXY, h->proxy ? h->proxy : "" },
		{ h->ca ? CURLOPT_CAINFO : CURLOPT_PRIVATE, h->ca },
		{ CURLOPT_UNIX_SOCKET_PATH, h->socket },
	};
	CURLcode r = curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_head);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	for (size_t i = 0; r == CURLE_OK && i < sizeof(list) / sizeof(list[0]); i++)
		r = curl_easy_setopt(c, list[i].option, list[i].value);
	return r == CURLE_OK ? curl_easy_perform(c) : r;
}

/* Why there is no answer. */
static enum tell_verdict explain(const struct http *h, CURL *c, CURLcode code,
	const struct answer *a, struct tell_run *run)
{
	long error = 0;
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return say(run, TELL_TIMEOUT, "%s: no answer in time", h->name);
	case CURLE_COULDNT_CONNECT:
		(void)curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &error);
		return say(run, TELL_UNAVAILABLE, "cannot connect to %s: %s",
			h->socket ? h->socket : h->name,
			error ? strerrordesc_np((int)error) : curl_easy_strerror(code));
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return say(
			run, TELL_UNAVAILABLE, "%s hung up before it answered", h->name);
	case CURLE_SSL_CACERT_BADFILE:
		return say(run, TELL_DENIED, "cannot read certificates of %s",
			h->ca ? h->ca : "the system");
	case CURLE_PEER_FAILED_VERIFICATION: /* libcurl's words on a certificate */
		return say(run, TELL_INVALID, "%s: %s", h->name, a->error);
	case CURLE_WRITE_ERROR: /* ours, in its head */
	case CURLE_TOO_MANY_REDIRECTS:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_HTTP2:
	case CURLE_SSL_CONNECT_ERROR:
		return say(run, TELL_INVALID, "%s: %s", h->name,
			code == CURLE_WRITE_ERROR ? "more than 64 KiB of headers"
						  : curl_easy_strerror(code));
	case CURLE_OUT_OF_MEMORY:
	case CURLE_FAILED_INIT:
		return say(run, TELL_FAILED, "%s", curl_easy_strerror(code));
	default: /* libcurl has a hundred, and will have more */
		return say(run, TELL_UNAVAILABLE, "%s: %s", h->name,
			curl_easy_strerror(code));
	}
}

static enum tell_verdict judge(
	const struct http *h, CURL *c, const struct answer *a, struct tell_run *run)
{
	long status = 0;
	bool wanted = false;
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	const struct tell_field f = tell_i64("http_status", status);
	tell_record_add(run->record, &f, 1, 0, NULL);
	for (size_t i = 0; i < h->n; i++)
		wanted |= status >= (long)h->range[i].from &&
			status <= (long)h->range[i].to;
	if (!wanted)
		return say(run,
			status == 401 || status == 403 ? TELL_DENIED : TELL_UNAVAILABLE,
			"%s answered %ld, wanted %s", h->name, status, h->wanted);
	if (h->body && !memmem(a->text, a->n, h->body, strlen(h->body)))
		return say(run, TELL_INVALID, "%s answered %ld without \"%s\"", h->name,
			status, h->body);
	return TELL_SUCCESS;
}

static enum tell_verdict run_http(void *state, struct tell_run *run)
{
	const struct http *h = state;
	struct answer *a = malloc(sizeof(*a));
	CURL *c = a ? curl_easy_init() : NULL;
	enum tell_verdict v = TELL_FAILED;
	if (c) {
		a->head_n = a->n = 0;
		a->error[0] = '\0';
		bound(c, h, run);
		CURLcode code = ask(c, h, a);
		bool full = code == CURLE_WRITE_ERROR && a->n == sizeof(a->text);
		v = code == CURLE_OK || full ? judge(h, c, a, run)
					     : explain(h, c, code, a, run);
	}
	curl_easy_cleanup(c);
	free(a);
	return v;
}

TELL_MODULE_PUBLIC const struct tell_module tell_health_http = {
	TELL_MODULE_ABI,
	"health",
	"http",
	"asks whether a page answers as it should",
	.options = options,
	.open = open_http,
	.run = run_http,
	.close = free,
};
