#pragma once
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server that answers what it is told to: after begin(), a connection for each text. */

#define ANSWERS 8

static int listener = -1, port;
static pthread_t thread;
static const char
	*answers[ANSWERS]; /* a connection each; NULL: none, until the test ends */
static size_t n_answers;
static char heard[ANSWERS][2048];
static int hold[2];

static inline void send_all(int fd, const char *text)
{
	for (size_t at = 0, n = strlen(text); at < n;) {
		ssize_t k = send(fd, text + at, n - at, MSG_NOSIGNAL);
		if (k < 0)
			return; /* it has heard enough */
		at += (size_t)k;
	}
}

static inline void serve_one(int fd, size_t i)
{
	size_t n = 0;
	char c;
	for (ssize_t k; !strstr(heard[i], "\r\n\r\n") && n < sizeof(heard[i]) - 1 &&
		(k = recv(fd, heard[i] + n, sizeof(heard[i]) - 1 - n, 0)) > 0;)
		n += (size_t)k;
	if (answers[i])
		send_all(fd, answers[i]);
	else
		(void)!read(hold[0], &c, 1);
	(void)close(fd);
}

static inline void *serve(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < n_answers; i++) {
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			break;
		serve_one(fd, i);
	}
	return NULL;
}

static inline void begin(size_t n, const char *const *says)
{
	n_answers = n;
	for (size_t i = 0; i < n; i++)
		answers[i] = says[i];
	memset(heard, 0, sizeof(heard));
	ck_assert_int_eq(pipe(hold), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
}

static inline void end(void)
{
	(void)close(hold[1]);
	(void)shutdown(listener, SHUT_RDWR); /* who was not asked waits no more */
	(void)pthread_join(thread, NULL);
	(void)close(hold[0]);
}

static inline void listen_tcp(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	(void)close(listener);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, len), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	port = ntohs(a.sin_port);
}
