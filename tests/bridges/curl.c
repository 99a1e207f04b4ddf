/* examples/bridges/from_curl.c, read back: one request to a server of our own. Prints TAP. */
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../examples/bridges/from_curl.h"
#include "support/tap.h"
#include <telltale.h>

static const char answer[] =
	"HTTP/1.0 200 OK\r\nSet-Cookie: session=c0ffeec0ffee\r\n\r\nhello";

static void *serve(void *arg)
{
	char request[4096];
	int fd = accept(*(int *)arg, NULL, NULL);
	if (fd < 0 || read(fd, request, sizeof(request)) < 0 ||
		write(fd, answer, sizeof(answer) - 1) < 0)
		perror("serve");
	(void)close(fd);
	return NULL;
}

static size_t ignore(char *data, size_t size, size_t n, void *unused)
{
	(void)data, (void)unused;
	return size * n;
}

static int request(const char *url, const char *authorization)
{
	CURL *handle = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, authorization);
	log_from_curl(handle);
	(void)curl_easy_setopt(handle, CURLOPT_URL, url);
	(void)curl_easy_setopt(handle, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore);
	CURLcode r = curl_easy_perform(handle);
	curl_slist_free_all(headers);
	curl_easy_cleanup(handle);
	return (int)r;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
		listen(listener, 1) != 0 ||
		getsockname(listener, (struct sockaddr *)&sa, &len) != 0) {
		puts("1..0 # SKIP no loopback");
		return 0;
	}
	char url[64], authorization[128] = "Authorization: Bearer ";
	for (int i = 0; i < 32; i++)
		strncat(authorization, i % 2 ? "7" : "q", 2);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", ntohs(sa.sin_port));

	pthread_t server;
	tap_is(tell_capture_start("curl"), 0, "starts");
	tap_is(pthread_create(&server, NULL, serve, &listener), 0, "a server");
	TELL_SCOPE(tell_kv("request_id", "r-1"));
	tap_is(request(url, authorization), 0, "a transfer");
	(void)pthread_join(server, NULL);
	tap_ok(tell_capture_count("logger=curl and curl=text") > 0, "libcurl's remarks");
	tap_is(tell_capture_count(
		       "curl=header_out and message~\"GET /x\" and request_id=r-1"),
		1, "the headers that went out, with the scope's fields");
	tap_ok(tell_capture_count("curl=header_in and message~\"200 OK\"") > 0,
		"that came in");
	tap_is(tell_capture_count("message=transfer and curl=data_in and bytes=5"), 1,
		"of the body the length");
	tap_is(tell_capture_count("message~\"q7q7q7\""), 0, "the token is masked");
	tap_is(tell_capture_count("message~\"c0ffee\""), 0, "so is the cookie");
	tap_is(tell_capture_count("message~hello"), 0, "the body stays in");
	tell_capture_stop();
	return tap_done();
}
