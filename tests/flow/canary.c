/* canary HOW SECRET: pushes a secret into the library by every door; tests/flow/canary.sh
 * searches all that comes out.
 *
 *	canary log SECRET       all kinds of calls
 *	canary die SECRET       the same, and no end: what is left is in the queue
 *	canary name SECRET      as a field's name
 *	canary syslog SECRET    syslog(3)
 *	canary capture SECRET   all kinds of calls; prints what was captured */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <telltale.h>
#include <telltale/capture.h>

static char pair[256], url[256], json[256], name[256];

static void messages(const char *secret)
{
	struct tell_field none = tell_kv("n", 1);
	tell_log(TELL_INFO, pair, &none, 1);
	tell_infof("login with password=%s for ann", secret);
	tell_info(tell_fmt("fetched %s", url));
	tell_infof("request %s", json);
}

static void values(const char *secret)
{
	tell_info("by name", tell_kv("password", secret), tell_kv("apiKey", secret));
	tell_info("by value", tell_kv("note", pair), tell_kv("link", url));
	tell_info("declared", tell_secret("note", secret));
	tell_info("bytes", tell_bytes("note", pair, strlen(pair)));
	tell_info("part", tell_strn("note", pair, strlen(pair)));
	tell_info("list", tell_list("notes", "a", pair, url));
	tell_info("json", tell_kv("n", 1), tell__json("body", json));
	tell_error("failed", tell_errno(ENOENT), tell_kv("path", url));
}

static void contexts(const char *secret)
{
	struct tell_context *c = tell_context_new(
		tell_kv("session_token", secret), tell_kv("link", url));
	struct tell *handle = tell_with(
		NULL, tell_kv("db_password", secret), tell_kv("dsn", url));
	{
		TELL_SCOPE(tell_kv("access_token", secret), tell_kv("note", pair));
		tell_info("in a scope");
		TELL_ENTER(c);
		tell_info("in a context");
		tell_to(handle, TELL_INFO, "by a handle");
	}
	tell_free(handle);
	tell_context_free(c);
}

static void all(const char *secret)
{
	messages(secret);
	values(secret);
	contexts(secret);
	tell_info("the end");
}

static void show(void)
{
	for (size_t i = 0; tell_capture_json(i); i++)
		puts(tell_capture_json(i));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 64;
	const char *how = argv[1], *secret = argv[2];
	(void)snprintf(pair, sizeof(pair), "retry with token=%s now", secret);
	(void)snprintf(url, sizeof(url), "postgres://app:%s@db/shop", secret);
	(void)snprintf(
		json, sizeof(json), "{\"user\":\"ann\",\"password\":\"%s\"}", secret);
	(void)snprintf(name, sizeof(name), "login?password=%s", secret);
	if (strcmp(how, "syslog") == 0) {
		openlog("canary", LOG_PID, LOG_USER);
		syslog(LOG_INFO, "login with password=%s for ann", secret);
		syslog(LOG_INFO, "the end");
		closelog();
		return 0;
	}
	if (strcmp(how, "capture") == 0) {
		if (tell_capture_start("canary") != 0)
			return 1;
		all(secret);
		show();
		return 0;
	}
	if (tell_init("canary") != 0)
		return 1;
	if (strcmp(how, "name") == 0) /* anybody's text: of a header, of a form */
		tell_info("the end", tell_str(name, "x"));
	else
		all(secret);
	if (strcmp(how, "die") == 0)
		(void)raise(SIGKILL);
	tell_close();
	return 0;
}
