#define TELL_MODULE_LOADED
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/module.h>
#include <unistd.h>
#include "metric/expose_server.h"

/* metric expose listen=… public=… mode=… layout=… timeout=…: the service's metrics and health over
 * HTTP. In an object of its own, as it needs libmicrohttpd.
 *
 * Nothing listens before the line is first asked, by the helper of a running service: tools that
 * load the stack do not take the service's port. */

#define TIMEOUT_MAX_NS (UINT64_C(3600) * 1000000000)

TELL_MODULE_API;

static const struct tell_option options[] = {
	{ "listen", TELL_OPTION_TEXT, "127.0.0.1:9464", NULL,
		"ADDRESS:PORT, unix:PATH, or fd:NAME of systemd", false },
	{ "public", TELL_OPTION_BOOL, "no", NULL,
		"an address that other machines reach is allowed", false },
	{ "mode", TELL_OPTION_MODE, "0660", NULL, "of the socket at PATH", false },
	{ "layout", TELL_OPTION_CHOICE, "checks", "checks components health+json",
		"how /health is written", false },
	{ "timeout", TELL_OPTION_DURATION, "10s", NULL,
		"a connection, from its beginning to its end", false },
	TELL_OPTION_EACH("10s"),
	{ 0 },
};

struct expose {
	struct tell_place place;
	struct tell_server_settings settings;
	struct tell_server *server; /* its lock's; NULL: none is held */
	pid_t self;		    /* who opened the line */
	pid_t parent;		    /* of a forked child, the same; 0: it is none */
	bool ended;
};

static int read_line(
	struct expose *e, const struct tell_args *args, struct tell_refusal *why)
{
	static const enum tell_show layouts[] = { TELL_SHOW_CHECKS, TELL_SHOW_COMPONENTS,
		TELL_SHOW_HEALTH_JSON };
	int r = tell_place_read(&e->place, args, why);
	if (r < 0)
		return r;
	e->settings = (struct tell_server_settings){
		.service = tell_args_service(args),
		.layout = layouts[tell_args_choice(args, "layout")],
		.timeout_ns = tell_args_u64(args, "timeout"),
		.mode = (mode_t)tell_args_u64(args, "mode"),
	};
	if (e->settings.timeout_ns == 0 || e->settings.timeout_ns > TIMEOUT_MAX_NS)
		return tell_refuse(why, -EINVAL, "timeout", "write 10s, or up to 1h",
			"a connection must come to an end");
	return 0;
}

static int check_path(const char *path, struct tell_refusal *why)
{
	struct stat st;
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	size_t n = (size_t)(strrchr(path, '/') - path);
	if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		(void)tell_refuse(why, -ENOTSOCK, "listen",
			"remove it, or name another path",
			"what stands at %.107s is no socket", path);
		return 1;
	}
	memcpy(dir, path, n); /* the whole path fits */
	dir[n] = '\0';
	if (n == 0 || stat(dir, &st) == 0)
		return 0;
	(void)tell_refuse(why, -ENOENT, "listen",
		"make it, or let RuntimeDirectory= of the unit do so",
		"there is no directory %.107s", dir);
	return 1;
}

static int check(const struct tell_args *args, struct tell_refusal *why)
{
	struct expose e = { 0 };
	int r = read_line(&e, args, why);
	if (r < 0 || e.place.kind != TELL_PLACE_PATH)
		return r;
	return check_path(e.place.name, why);
}

static int open_expose(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct expose *e = calloc(1, sizeof(*e));
	if (!e)
		return tell_refuse(why, -ENOMEM, NULL, NULL, "memory is out");
	int r = tell_api->size < sizeof(*tell_api)
		? tell_refuse(why, -EINVAL, NULL, "install telltale's own again",
			  "it was built for a later version of telltale")
		: read_line(e, args, why);
	if (r < 0) {
		free(e);
		return r;
	}
	e->self = getpid();
	tell_server_hold(&e->server, &e->place, e->settings.service);
	*ret = e;
	return 0;
}

static const char *reason(const struct expose *e, int error)
{
	bool given = e->place.kind == TELL_PLACE_GIVEN;
	switch (-error) {
	case EADDRINUSE:
		return "a process serves there already: end it, or name another place";
	case ENOTSOCK:
		return given
			? "systemd's descriptor does not listen: it wants Accept=no"
			: "what stands there is no socket: remove it, or name another path";
	case ENOENT:
		return given ? "systemd gave no descriptor of that name: write "
			       "FileDescriptorName= in its .socket unit"
			     : "there is no such directory: RuntimeDirectory= makes one";
	case EADDRNOTAVAIL:
		return "this host has no such address";
	default:
		return strerror(-error);
	}
}

/* A child that logs is asked, too. It leaves the place to its parent, and takes it when that is
 * gone: then it is the daemon. */
static bool is_parents(const struct expose *e)
{
	return e->parent && getppid() == e->parent;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct expose *e = state;
	if (__atomic_load_n(&e->ended, __ATOMIC_ACQUIRE) || is_parents(e))
		return TELL_IGNORE;
	int r = tell_server_serve(&e->server, &e->place, &e->settings);
	if (r == 0 || (e->parent && r == -EADDRINUSE)) /* by another child */
		return TELL_IGNORE;
	tell_note(run, TELL_WARNING, "metric-expose", "cannot serve metrics at %s: %s",
		e->place.text, reason(e, r));
	return TELL_UNAVAILABLE;
}

/* The stack ends, perhaps with the process, which then closes nothing. */
static int flush(void *state, struct tell_run *run)
{
	struct expose *e = state;
	if (!run->last)
		return 0;
	__atomic_store_n(&e->ended, true, __ATOMIC_RELEASE);
	tell_server_leave(&e->server);
	return 0;
}

static void close_expose(void *state)
{
	struct expose *e = state;
	tell_server_leave(&e->server);
	free(e);
}

static void child(void *state)
{
	struct expose *e = state;
	tell_servers_child(); /* for those that _Fork(3) made */
	e->server = NULL;
	e->parent = e->self; /* which may be gone by now */
	e->self = getpid();
}

TELL_MODULE_PUBLIC const struct tell_module tell_metric_expose = {
	TELL_MODULE_ABI,
	"metric",
	"expose",
	"serves the metrics and the health over HTTP",
	.options = options,
	.open = open_expose,
	.check = check,
	.run = run,
	.close = close_expose,
	.flush = flush,
	.child = child,
};
