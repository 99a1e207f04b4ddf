#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"
#include "unit/health/asked.h"
#include "unit/health/page.h"

/* health http, loaded from its object, against a server that answers what it is told to. */

#define LONG_MS	 20000
#define SHORT_MS 100

static void set_up(void)
{
	tell_scratch_make();
	listen_tcp();
}

static void tear_down(void)
{
	done_asking();
	(void)close(listener);
	listener = -1;
	tell_scratch_remove();
}

static enum tell_verdict ask(const char *path, const char *more, uint64_t ms)
{
	char line[400];
	(void)snprintf(line, sizeof(line), "http url=http://127.0.0.1:%d%s %s", port,
		path, more);
	return ask_line(line, ms);
}

static enum tell_verdict ask_for(const char *more, const char *says)
{
	listen_tcp();
	begin(1, &says);
	enum tell_verdict v = ask("/health", more, LONG_MS);
	end();
	return v;
}

/* "http://127.0.0.1:PORT/health REST" */
static bool reason_is(const char *rest)
{
	char want[200];
	(void)snprintf(want, sizeof(want), "http://127.0.0.1:%d/health%s", port, rest);
	if (strcmp(field("reason"), want) == 0)
		return true;
	fprintf(stderr, "reason: %s\nwanted: %s\n", field("reason"), want);
	return false;
}

#define ANSWER(status, body) "HTTP/1.1 " status " Word\r\nConnection: close\r\n\r\n" body

START_TEST(a_page_that_answers_is_up)
{
	ck_assert_int_eq(ask_for("", ANSWER("200", "hello")), TELL_SUCCESS);
	ck_assert_double_eq(number("http_status"), 200);
	ck_assert_int_eq(strncmp(heard[0], "GET /health HTTP/1.1\r\n", 22), 0);
	ck_assert_int_eq(ask_for("", ANSWER("204", "")), TELL_SUCCESS);
}
END_TEST

START_TEST(another_status_is_said_with_the_one_that_was_wanted)
{
	ck_assert_int_eq(ask_for("", ANSWER("503", "a secret")), TELL_UNAVAILABLE);
	ck_assert(reason_is(" answered 503, wanted 200-299"));
	ck_assert_double_eq(number("http_status"), 503);
	ck_assert_int_eq(ask_for("", ANSWER("403", "")), TELL_DENIED);
	ck_assert_int_eq(ask_for("status=200", ANSWER("204", "")), TELL_UNAVAILABLE);
	ck_assert(reason_is(" answered 204, wanted 200"));
	ck_assert_int_eq(
		ask_for("status=200,404,500-599", ANSWER("503", "")), TELL_SUCCESS);
	ck_assert_int_eq(
		ask_for("status=200,404,500-599", ANSWER("404", "")), TELL_SUCCESS);
	ck_assert_int_eq(
		ask_for("status=200,404,500-599", ANSWER("403", "")), TELL_DENIED);
}
END_TEST

START_TEST(the_body_is_looked_at)
{
	static char much[100000], fine[100];
	ck_assert_int_eq(
		ask_for("body=ready", ANSWER("200", "{\"is\":\"ready\"}")), TELL_SUCCESS);
	ck_assert_int_eq(ask_for("body=ready", ANSWER("200", "a secret")), TELL_INVALID);
	ck_assert(reason_is(" answered 200 without \"ready\""));
	ck_assert_int_eq(ask_for("body=ready", ANSWER("204", "")), TELL_INVALID);
	/* More than 64 KiB: what is behind it is not read. */
	(void)snprintf(fine, sizeof(fine), "%s", ANSWER("200", ""));
	memset(much, 'x', sizeof(much) - 1);
	memcpy(much, fine, strlen(fine));
	ck_assert_int_eq(ask_for("", much), TELL_SUCCESS);
	memcpy(much + 90000, "ready", 5);
	ck_assert_int_eq(ask_for("body=ready", much), TELL_INVALID);
	memcpy(much + 60000, "ready", 5);
	ck_assert_int_eq(ask_for("body=ready", much), TELL_SUCCESS);
}
END_TEST

START_TEST(endless_headers_come_to_an_end)
{
	static char much[200000];
	int n = snprintf(much, sizeof(much), "HTTP/1.1 200 OK\r\n");
	while (n < 190000)
		n += snprintf(
			much + n, sizeof(much) - (size_t)n, "X-%d: %060d\r\n", n, n);
	ck_assert_int_eq(ask_for("", much), TELL_INVALID);
	ck_assert(reason_is(": more than 64 KiB of headers"));
}
END_TEST

START_TEST(who_says_nothing_times_out)
{
	static const char *const none[] = { NULL };
	begin(1, none);
	uint64_t begun_ns = tell_clock_monotonic_ns();
	ck_assert_int_eq(ask("/health", "", SHORT_MS), TELL_TIMEOUT);
	ck_assert_uint_ge(
		tell_clock_monotonic_ns() - begun_ns, (SHORT_MS - 2) * TELL_NS_PER_MS);
	ck_assert(reason_is(": no answer in time"));
	end();
}
END_TEST

START_TEST(what_is_no_answer_is_none)
{
	ck_assert_int_eq(ask_for("", ""), TELL_UNAVAILABLE);
	ck_assert(reason_is(" hung up before it answered"));
	ck_assert_int_eq(ask_for("", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
		TELL_UNAVAILABLE);
	ck_assert_int_eq(ask_for("", "SSH-2.0-it with secrets\r\n"), TELL_INVALID);
	ck_assert_ptr_null(strstr(field("reason"), "secrets"));
	(void)close(listener);
	listener = -1;
	ck_assert_int_eq(ask("/health", "", LONG_MS), TELL_UNAVAILABLE);
	char want[100];
	(void)snprintf(want, sizeof(want),
		"cannot connect to http://127.0.0.1:%d/health: Connection refused", port);
	ck_assert_str_eq(field("reason"), want);
	ck_assert_int_eq(ask_line("http url=http://no.such.host.invalid/", LONG_MS),
		TELL_UNAVAILABLE);
}
END_TEST

static char sent_to[100];

START_TEST(redirects_are_answers_unless_told)
{
	(void)snprintf(sent_to, sizeof(sent_to),
		"HTTP/1.1 302 F\r\nConnection: close\r\nLocation: "
		"http://127.0.0.1:%d/there\r\n\r\n",
		port);
	const char *const both[] = { sent_to, ANSWER("200", "here") };
	begin(2, both);
	ck_assert_int_eq(ask("/health", "", LONG_MS), TELL_UNAVAILABLE);
	ck_assert(reason_is(" answered 302, wanted 200-299"));
	end();
	listen_tcp();
	(void)snprintf(sent_to, sizeof(sent_to),
		"HTTP/1.1 302 F\r\nConnection: close\r\nLocation: "
		"http://127.0.0.1:%d/there\r\n\r\n",
		port);
	begin(2, both);
	ck_assert_int_eq(
		ask("/health", "redirects=yes body=here", LONG_MS), TELL_SUCCESS);
	ck_assert_int_eq(strncmp(heard[1], "GET /there ", 11), 0);
	end();
	/* In a circle, and to what is no page. */
	listen_tcp();
	(void)snprintf(sent_to, sizeof(sent_to),
		"HTTP/1.1 302 F\r\nConnection: close\r\nLocation: /health\r\n\r\n");
	const char *const circle[] = { sent_to, sent_to, sent_to, sent_to, sent_to,
		sent_to, sent_to, sent_to };
	begin(8, circle);
	ck_assert_int_eq(ask("/health", "redirects=yes", LONG_MS), TELL_INVALID);
	ck_assert_str_ne(heard[5], "");
	ck_assert_str_eq(heard[6], "");
	end();
	ck_assert_int_eq(
		ask_for("redirects=yes",
			"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n"),
		TELL_INVALID);
}
END_TEST

START_TEST(passwords_are_sent_and_never_said)
{
	char line[300];
	static const char *const no[] = { ANSWER("401", "") };
	begin(1, no);
	(void)snprintf(line, sizeof(line),
		"http url=http://me:%s%s@127.0.0.1:%d/health?key=%s%s#frag", "hush",
		"hush", port, "quiet", "quiet");
	ck_assert_int_eq(ask_line(line, LONG_MS), TELL_DENIED);
	ck_assert_ptr_nonnull(strstr(heard[0], "Authorization: Basic "));
	ck_assert_ptr_nonnull(strstr(heard[0], "GET /health?key=quietquiet HTTP"));
	ck_assert(reason_is(" answered 401, wanted 200-299"));
	end();
}
END_TEST

START_TEST(a_proxy_is_used_when_told_and_only_then)
{
	char more[160], url[64];
	static const char *const yes[] = { ANSWER("200", "") };
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", port);
	ck_assert_int_eq(setenv("http_proxy", url, 1), 0);
	ck_assert_int_eq(setenv("all_proxy", url, 1), 0);
	begin(1, yes);
	ck_assert_int_eq(ask_line("http url=http://no.such.host.invalid/x", LONG_MS),
		TELL_UNAVAILABLE);
	ck_assert_str_eq(heard[0], "");
	(void)snprintf(more, sizeof(more),
		"http url=http://no.such.host.invalid/x proxy=%s", url);
	ck_assert_int_eq(ask_line(more, LONG_MS), TELL_SUCCESS);
	ck_assert_int_eq(
		strncmp(heard[0], "GET http://no.such.host.invalid/x HTTP", 38), 0);
	end();
	(void)unsetenv("http_proxy");
	(void)unsetenv("all_proxy");
}
END_TEST

START_TEST(a_socket_has_a_path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char line[300];
	static const char *const yes[] = { ANSWER("200", "") };
	(void)close(listener);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", tell_scratch_path("s"));
	(void)snprintf(
		line, sizeof(line), "http url=http://any/ping socket=%s", a.sun_path);
	ck_assert_int_eq(ask_line(line, LONG_MS), TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(field("reason"), a.sun_path));
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	begin(1, yes);
	ck_assert_int_eq(ask_line(line, LONG_MS), TELL_SUCCESS);
	ck_assert_int_eq(strncmp(heard[0], "GET /ping ", 10), 0);
	end();
}
END_TEST

static bool refused(const char *line, const char *sentence)
{
	struct tell_stack *s = NULL;
	struct tell_report report = { 0 };
	char text[300], all[2000] = "";
	(void)snprintf(text, sizeof(text), "health required http %s\n", line);
	(void)tell_stack_load_text(&s, &who, "(test)", text, strlen(text), 0, &report);
	for (size_t i = 0; i < report.n; i++)
		(void)snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s; %s\n",
			report.faults[i].message,
			report.faults[i].fix ? report.faults[i].fix : "");
	tell_report_done(&report);
	tell_stack_free(s);
	if (strstr(all, sentence))
		return true;
	fprintf(stderr, "%s: %s\n", line, all);
	return false;
}

START_TEST(a_wrong_line_has_the_fix)
{
	ck_assert(refused("", "url"));
	ck_assert(refused("url=ftp://a.example/", "write http://HOST/PATH"));
	ck_assert(refused("url=nonsense:nonsense", "write http://HOST/PATH"));
	static const char *const wrong[] = { "", "99", "600", "200-", "200,", ",200",
		"300-200", "2xx", "+200", "200 ", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char line[200];
		(void)snprintf(line, sizeof(line), "url=http://a.example/ [status=%s]",
			wrong[i]);
		ck_assert(refused(line, "is no list of statuses"));
	}
	ck_assert(refused("url=http://a/ body=", "write what the answer has"));
	ck_assert(refused("url=http://a/ socket=s", "begin it with /"));
	ck_assert(refused("url=http://a/ socket=/s proxy=http://b/", "two ways"));
}
END_TEST

static Suite *http_suite(void)
{
	Suite *s = suite_create("health/http");
	TCase *tc = tcase_create("http");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_page_that_answers_is_up);
	tcase_add_test(tc, another_status_is_said_with_the_one_that_was_wanted);
	tcase_add_test(tc, the_body_is_looked_at);
	tcase_add_test(tc, endless_headers_come_to_an_end);
	tcase_add_test(tc, who_says_nothing_times_out);
	tcase_add_test(tc, what_is_no_answer_is_none);
	tcase_add_test(tc, redirects_are_answers_unless_told);
	tcase_add_test(tc, passwords_are_sent_and_never_said);
	tcase_add_test(tc, a_proxy_is_used_when_told_and_only_then);
	tcase_add_test(tc, a_socket_has_a_path);
	tcase_add_test(tc, a_wrong_line_has_the_fix);
	suite_add_tcase(s, tc);
	return s;
}

static char modules[] = "/tmp/telltale-http-XXXXXX";

/* A directory with the object alone, whatever the umask of the build. False: it was not built, or
 * cannot be loaded beside a sanitizer. */
static bool find_module(void)
{
	const char *top = getenv("top_builddir");
	const char *flags = getenv("TELL_SANITIZE");
	char path[PATH_MAX], copy[2 * PATH_MAX];
	(void)snprintf(
		path, sizeof(path), "%s/.libs/tell_health_http.so", top ? top : ".");
	if (access(path, R_OK) < 0 || (flags && strstr(flags, "-fsanitize")) ||
		!mkdtemp(modules))
		return false;
	(void)setenv("TELLTALE_MODULEDIR", modules, 1);
	(void)snprintf(copy, sizeof(copy), "install -m 644 '%s' '%s'", path, modules);
	return system(copy) == 0;
}

int main(void)
{
	char file[sizeof(modules) + 32];
	if (!find_module()) {
		puts("1..0 # SKIP tell_health_http.so was not built, or a sanitizer build");
		return 0;
	}
	int r = tell_check_run(http_suite());
	(void)snprintf(file, sizeof(file), "%s/tell_health_http.so", modules);
	(void)unlink(file);
	(void)rmdir(modules);
	return r;
}
