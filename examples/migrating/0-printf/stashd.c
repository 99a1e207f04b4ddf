/* stashd: keeps small texts, over TCP on 127.0.0.1. A line is a command:
 *
 *	login USER PASSWORD	put KEY TEXT	get KEY	   quit
 *
 * Licence: MIT. */
#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#define MAX 64

static struct {
	char key[64], text[256];
} stash[MAX];
static int n_stash, verbose;

static int find(const char *key)
{
	for (int i = 0; i < n_stash; i++)
		if (strcmp(stash[i].key, key) == 0)
			return i;
	return -1;
}

static void put(FILE *peer, const char *key, const char *text)
{
	int i = find(key);
	if (i < 0 && n_stash == MAX) {
		fprintf(stderr, "stash is full, %s not stored\n", key);
		fprintf(peer, "full\n");
		return;
	}
	if (i < 0)
		i = n_stash++;
	snprintf(stash[i].key, sizeof(stash[i].key), "%s", key);
	snprintf(stash[i].text, sizeof(stash[i].text), "%s", text);
	printf("stored %s, %zu bytes\n", key, strlen(stash[i].text));
	fprintf(peer, "ok\n");
}

static void get(FILE *peer, const char *key)
{
	int i = find(key);
	if (i < 0)
		printf("no such key: %s\n", key);
	else
		printf("found %s\n", key);
	fprintf(peer, "%s\n", i < 0 ? "none" : stash[i].text);
}

static void login(FILE *peer, const char *user, const char *password)
{
	if (strlen(password) < 8) {
		syslog(LOG_AUTHPRIV | LOG_WARNING, "login of %s refused, password=%s",
			user, password);
		fprintf(peer, "refused\n");
		return;
	}
	syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s logged in", user);
	fprintf(peer, "welcome\n");
}

static void command(FILE *peer, const char *line)
{
	char a[64], b[256];
	if (verbose)
		printf("command: %s", line);
	if (sscanf(line, "login %63s %255s", a, b) == 2)
		login(peer, a, b);
	else if (sscanf(line, "put %63s %255[^\n]", a, b) == 2)
		put(peer, a, b);
	else if (sscanf(line, "get %63s", a) == 1)
		get(peer, a);
	else
		fprintf(peer, "what?\n");
	fflush(peer);
}

static void serve(int fd, const char *from)
{
	char line[512];
	FILE *in = fdopen(fd, "r"), *peer = fdopen(dup(fd), "w");
	if (!in || !peer) {
		perror("fdopen");
		exit(1);
	}
	printf("%s connected\n", from);
	while (fgets(line, sizeof(line), in) && strcmp(line, "quit\n") != 0)
		command(peer, line);
	printf("%s is gone\n", from);
	fclose(in);
	fclose(peer);
}

static int listen_on(int port)
{
	int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		err(1, "cannot bind port %d", port);
	if (listen(fd, 5) != 0)
		err(1, "listen");
	return fd;
}

int main(int argc, char **argv)
{
	verbose = argc > 2 && strcmp(argv[2], "-v") == 0;
	if (argc < 2)
		errx(64, "usage: stashd PORT [-v]");
	openlog("stashd", LOG_PID, LOG_DAEMON);
	signal(SIGPIPE, SIG_IGN);
	int listener = listen_on(atoi(argv[1]));
	printf("listening on port %s\n", argv[1]);
	for (;;) {
		struct sockaddr_in sa;
		socklen_t len = sizeof(sa);
		char from[64];
		int fd = accept(listener, (struct sockaddr *)&sa, &len);
		if (fd < 0) {
			perror("accept");
			continue;
		}
		snprintf(from, sizeof(from), "%s:%d", inet_ntoa(sa.sin_addr),
			ntohs(sa.sin_port));
		serve(fd, from);
	}
}
