#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"
#include "unit/health/asked.h"

/* tcp, unix, postgres and redis against a peer that says what it is told to. */

#define LONG_MS	 20000
#define SHORT_MS 50

static int listener = -1, port;
static pthread_t thread;
static const char *answer; /* NULL: none, until the test ends */
static size_t answer_len;
static char heard[1024];
static int hold[2];

/* One connection: says at once what it is to say, and hears what it is told. */
static void *serve(void *arg)
{
	(void)arg;
	int fd = accept(listener, NULL, NULL);
	size_t n = 0;
	char c;
	if (answer)
		ck_assert_int_eq(
			send(fd, answer, answer_len, MSG_NOSIGNAL), (ssize_t)answer_len);
	if (answer)
		(void)shutdown(fd, SHUT_WR);
	for (ssize_t k; n < sizeof(heard) - 1 &&
		(k = recv(fd, heard + n, sizeof(heard) - 1 - n, 0)) > 0;)
		n += (size_t)k;
	heard[n] = '\0';
	if (!answer)
		(void)!read(hold[0], &c, 1);
	(void)close(fd);
	return NULL;
}

static void begin(const char *says, size_t n)
{
	answer = says;
	answer_len = n;
	memset(heard, 0, sizeof(heard));
	ck_assert_int_eq(pipe(hold), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
}

static void end(void)
{
	(void)close(hold[1]);
	(void)pthread_join(thread, NULL);
	(void)close(hold[0]);
}

static void listen_tcp(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, len), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	port = ntohs(a.sin_port);
}

static size_t descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;
	while (readdir(d))
		n++;
	(void)closedir(d);
	return n;
}

static size_t n_before;

static void set_up(void)
{
	tell_scratch_make();
	listen_tcp();
	n_before = descriptors();
}

static void tear_down(void)
{
	ck_assert_uint_eq(descriptors(), n_before); /* nothing leaks */
	done_asking();
	(void)close(listener);
	tell_scratch_remove();
}

static enum tell_verdict ask(const char *module, const char *more, uint64_t ms)
{
	char line[256];
	(void)snprintf(
		line, sizeof(line), "%s host=127.0.0.1 port=%d %s", module, port, more);
	return ask_line(line, ms);
}

static enum tell_verdict ask_for(
	const char *module, const char *more, const char *says, size_t n)
{
	begin(says, n);
	enum tell_verdict v = ask(module, more, LONG_MS);
	end();
	return v;
}
#define ASK_FOR(module, more, says) ask_for(module, more, says, sizeof(says) - 1)

START_TEST(who_listens_is_up_and_who_does_not_is_unavailable)
{
	ck_assert_int_eq(ask("tcp", "", LONG_MS), TELL_SUCCESS);
	(void)close(listener);
	ck_assert_int_eq(ask("tcp", "", LONG_MS), TELL_UNAVAILABLE);
	char want[64];
	(void)snprintf(want, sizeof(want),
		"cannot connect to 127.0.0.1:%d: Connection refused", port);
	ck_assert_str_eq(field("reason"), want);
	listen_tcp();
}
END_TEST

START_TEST(a_name_that_nobody_knows_is_unavailable)
{
	ck_assert_int_eq(ask_line("tcp host=no.such.host.invalid port=1", LONG_MS),
		TELL_UNAVAILABLE);
	ck_assert_int_eq(
		strncmp(field("reason"), "cannot look up no.such.host.invalid: ", 37), 0);
}
END_TEST

START_TEST(a_greeting_is_looked_at)
{
	ck_assert_int_eq(
		ASK_FOR("tcp", "expect=SSH-2.0", "SSH-2.0-it\r\n"), TELL_SUCCESS);
	ck_assert_int_eq(ASK_FOR("tcp", "expect=SSH-2.0", "220 hello\r\n"),
		TELL_UNAVAILABLE); /* it hung up without it */
	static char much[5000];
	memset(much, 'x', sizeof(much));
	ck_assert_int_eq(ASK_FOR("tcp", "expect=SSH-2.0", much), TELL_INVALID);
	ck_assert_ptr_nonnull(strstr(field("reason"), "greets otherwise"));
	ck_assert_ptr_null(strstr(field("reason"), "xxx"));
}
END_TEST

START_TEST(who_says_nothing_times_out)
{
	static const char *const modules[] = { "tcp", "postgres", "redis" };
	for (size_t i = 0; i < 3; i++) {
		begin(NULL, 0);
		ck_assert_int_eq(ask(modules[i], i == 0 ? "expect=hello" : "", SHORT_MS),
			TELL_TIMEOUT);
		ck_assert_ptr_nonnull(strstr(field("reason"), "no answer in time"));
		end();
	}
}
END_TEST

START_TEST(sockets_have_paths_and_names)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char line[256];
	for (int abstract = 0; abstract < 2; abstract++) {
		(void)close(listener);
		listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		const char *name = abstract ? "telltale-check-peers"
					    : tell_scratch_path("s");
		(void)snprintf(a.sun_path + abstract, sizeof(a.sun_path) - 1, "%s.%d",
			name, getpid());
		(void)snprintf(line, sizeof(line), "unix socket=%s%s",
			abstract ? "@" : "", a.sun_path + abstract);
		if (abstract)
			a.sun_path[0] = '\0';
		socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			strlen(a.sun_path + 1));
		ck_assert_int_eq(ask_line(line, LONG_MS), TELL_UNAVAILABLE);
		ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, len), 0);
		ck_assert_int_eq(listen(listener, 8), 0);
		ck_assert_int_eq(ask_line(line, LONG_MS), TELL_SUCCESS);
	}
}
END_TEST

/* 'R', 12 bytes: AuthenticationMD5Password. */
#define WANTS_PASSWORD "R\0\0\0\14\0\0\0\5salt"

START_TEST(postgres_takes_connections_or_says_why_not)
{
	ck_assert_int_eq(ASK_FOR("postgres", "", WANTS_PASSWORD), TELL_SUCCESS);
	ck_assert_mem_eq(heard + 4, "\0\3\0\0user\0telltale\0database\0postgres", 36);
	ck_assert_int_eq(heard[3], 67);
	ck_assert_int_eq(
		ASK_FOR("postgres", "", "E\0\0\0\23SFATAL\0C28000\0\0"), TELL_SUCCESS);
	ck_assert_str_eq(field("sqlstate"), "28000");
	ck_assert_int_eq(ASK_FOR("postgres", "", "E\0\0\0\23SFATAL\0C57P03\0\0"),
		TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(field("reason"), "SQLSTATE 57P03"));
	ck_assert_int_eq(ASK_FOR("postgres", "", "E\0\0\0\23SFATAL\0C53300\0\0"),
		TELL_UNAVAILABLE);
}
END_TEST

START_TEST(what_is_no_postgres_is_not_taken_for_one)
{
	ck_assert_int_eq(
		ASK_FOR("postgres", "", "HTTP/1.1 400 Bad Request\r\n"), TELL_INVALID);
	ck_assert_int_eq(ASK_FOR("postgres", "", "R\0\0\0\4"), TELL_INVALID);
	ck_assert_int_eq(ASK_FOR("postgres", "", "R\xff\xff\xff\xff"), TELL_INVALID);
	ck_assert_int_eq(ASK_FOR("postgres", "", "E\0\0\0\10abcd"), TELL_INVALID);
	ck_assert_int_eq(
		ASK_FOR("postgres", "", "ERROR\r\n"), TELL_INVALID); /* memcached */
	ck_assert_int_eq(ASK_FOR("postgres", "", "E\0\0\0\20SFA"), TELL_UNAVAILABLE);
	ck_assert_int_eq(ASK_FOR("postgres", "", "R"), TELL_UNAVAILABLE);
	ck_assert_int_eq(ASK_FOR("postgres", "", ""), TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(field("reason"), "hung up"));
}
END_TEST

START_TEST(redis_answers_a_ping)
{
	ck_assert_int_eq(ASK_FOR("redis", "", "+PONG\r\n"), TELL_SUCCESS);
	ck_assert_str_eq(heard, "*1\r\n$4\r\nPING\r\n");
	ck_assert_int_eq(
		ASK_FOR("redis", "", "-LOADING secret words\r\n"), TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(field("reason"), "answers LOADING"));
	ck_assert_ptr_null(strstr(field("reason"), "secret"));
	ck_assert_int_eq(ASK_FOR("redis", "", "-NOAUTH need it\r\n"), TELL_DENIED);
	ck_assert_int_eq(ASK_FOR("redis", "", "HTTP/1.1 400\r\n"), TELL_INVALID);
}
END_TEST

START_TEST(redis_logs_in_with_the_words_of_a_file)
{
	char more[256];
	const char *path = tell_scratch_path("word");
	tell_scratch_write(path, "open\n");
	(void)snprintf(more, sizeof(more), "password_file=%s", path);
	ck_assert_int_eq(ASK_FOR("redis", more, "+OK\r\n+PONG\r\n"), TELL_SUCCESS);
	ck_assert_str_eq(heard, "*2\r\n$4\r\nAUTH\r\n$4\r\nopen\r\n*1\r\n$4\r\nPING\r\n");
	(void)snprintf(more, sizeof(more), "user=me password_file=%s", path);
	ck_assert_int_eq(ASK_FOR("redis", more, "-WRONGPASS no\r\n"), TELL_DENIED);
	ck_assert_str_eq(heard, "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$4\r\nopen\r\n");
	ck_assert_ptr_null(strstr(field("reason"), "open"));
	ck_assert_int_eq(ask("redis", "password_file=/no/such", LONG_MS), TELL_DENIED);
}
END_TEST

static Suite *peers_suite(void)
{
	Suite *s = suite_create("health/peers");
	TCase *tc = tcase_create("peers");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, who_listens_is_up_and_who_does_not_is_unavailable);
	tcase_add_test(tc, a_name_that_nobody_knows_is_unavailable);
	tcase_add_test(tc, a_greeting_is_looked_at);
	tcase_add_test(tc, who_says_nothing_times_out);
	tcase_add_test(tc, sockets_have_paths_and_names);
	tcase_add_test(tc, postgres_takes_connections_or_says_why_not);
	tcase_add_test(tc, what_is_no_postgres_is_not_taken_for_one);
	tcase_add_test(tc, redis_answers_a_ping);
	tcase_add_test(tc, redis_logs_in_with_the_words_of_a_file);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(peers_suite)
