/* The doctor on what takes records: journald, syslog, their settings. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "record/level.h"
#include "tool/check.h"

/* Can a datagram be sent there? Nothing is sent. 0 or a negative errno. */
static int knock(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(un.sun_path))
		return -ENAMETOOLONG;
	memcpy(un.sun_path, path, strlen(path) + 1);
	TELL_CLEANUP(tell_closep)
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	return connect(fd, (const struct sockaddr *)&un, sizeof(un)) < 0 ? -errno : 0;
}

static void check_journal_socket(struct tell_check *c)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/run/systemd/journal/socket", c->root);
	int r = knock(path);
	if (r == 0)
		tell_check_say(c, TELL_FINDING_OK, NULL, "journald listens at %s", path);
	else if (r == -ECONNREFUSED)
		tell_check_say(c, TELL_FINDING_ERROR, "systemctl start systemd-journald",
			"nobody listens at %s: journald has ended", path);
	else if (r == -EACCES)
		tell_check_say(c, TELL_FINDING_ERROR, "is this process sandboxed?",
			"%s may not be used by this user", path);
	else
		tell_check_say(c, TELL_FINDING_WARN,
			"without journald the default goes to /dev/log, else to stderr",
			"no journald here: %s: %s", path, strerror(-r));
}

static void check_syslog_socket(struct tell_check *c)
{
	char path[4096], target[256];
	(void)snprintf(path, sizeof(path), "%s/dev/log", c->root);
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	int r = knock(path);
	target[n > 0 ? n : 0] = '\0';
	if (r < 0)
		tell_check_say(c, TELL_FINDING_NOTE, NULL, "no syslog daemon at %s: %s",
			path, strerror(-r));
	else if (strstr(target, "systemd/journal"))
		tell_check_say(c, TELL_FINDING_OK, NULL,
			"%s is journald's as well: a stack needs only one of the two",
			path);
	else
		tell_check_say(
			c, TELL_FINDING_OK, NULL, "a syslog daemon listens at %s", path);
}

/* ---- journald.conf(5) ---- */

struct setting {
	const char *name;
	char value[128], file[512];
};

static struct setting settings[] = {
	{ .name = "Storage" },
	{ .name = "MaxLevelStore" },
	{ .name = "RateLimitIntervalSec" },
	{ .name = "RateLimitBurst" },
};

/* "Name = value" of a line into text; false when it is another. */
static bool is_setting(const char *line, const char *name, char *value, size_t size)
{
	line += strspn(line, " \t");
	size_t n = strlen(name);
	if (strncmp(line, name, n) != 0)
		return false;
	line += n + strspn(line + n, " \t");
	if (*line++ != '=')
		return false;
	line += strspn(line, " \t");
	(void)snprintf(value, size, "%.*s", (int)strcspn(line, "\n"), line);
	return true;
}

static void read_settings(const char *path)
{
	FILE *in = fopen(path, "re");
	char line[512], value[128];
	while (in && fgets(line, sizeof(line), in))
		for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
			struct setting *s = &settings[i];
			if (!is_setting(line, s->name, value, sizeof(value)))
				continue;
			memcpy(s->value, value, sizeof(value));
			(void)snprintf(s->file, sizeof(s->file), "%s", path);
		}
	if (in)
		(void)fclose(in); /* only read */
}

static void for_each(const char *root, const char *pattern, void (*fn)(const char *))
{
	char text[4096];
	glob_t found = { 0 };
	(void)snprintf(text, sizeof(text), "%s%s", root, pattern);
	if (glob(text, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			fn(found.gl_pathv[i]);
	globfree(&found);
}

static void say_setting(struct tell_check *c, const struct setting *s)
{
	if (strcmp(s->name, "Storage") == 0 && strcmp(s->value, "none") == 0) {
		tell_check_say(c, TELL_FINDING_ERROR,
			"set Storage=auto and restart journald",
			"%s: Storage=none: journald keeps nothing", s->file);
		return;
	}
	int level = strcmp(s->name, "MaxLevelStore") == 0
		? tell_level_parse(s->value, strlen(s->value))
		: -1;
	if (level >= 0 && level < 6)
		tell_check_say(c, TELL_FINDING_WARN, "set MaxLevelStore=debug",
			"%s: MaxLevelStore=%s: journald drops what is less grave",
			s->file, s->value);
	else if (*s->value)
		tell_check_say(c, TELL_FINDING_NOTE, NULL, "%s: %s=%s", s->file, s->name,
			s->value);
}

static void check_settings(struct tell_check *c)
{
	/* Weakest first; within a directory by name (journald.conf(5)). */
	static const char *const patterns[] = { "/usr/lib/systemd/journald.conf",
		"/etc/systemd/journald.conf", "/usr/lib/systemd/journald.conf.d/*.conf",
		"/run/systemd/journald.conf.d/*.conf",
		"/etc/systemd/journald.conf.d/*.conf" };
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for_each(c->root, patterns[i], read_settings);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		say_setting(c, &settings[i]);
	if (!*settings[2].value && !*settings[3].value)
		tell_check_say(c, TELL_FINDING_NOTE, NULL,
			"journald's own limit stands: 10000 records in 30 s from a unit, more "
			"with free disk (RateLimitBurst=, RateLimitIntervalSec=)");
}

/* ---- LogLevelMax= of systemd.exec(5): drops before journald is asked ---- */

static struct tell_check *asking; /* glob's callback takes no argument */

static void look_for_level_max(const char *path)
{
	FILE *in = fopen(path, "re");
	char line[512], value[128];
	while (in && fgets(line, sizeof(line), in))
		if (is_setting(line, "LogLevelMax", value, sizeof(value)) && *value)
			tell_check_say(asking, TELL_FINDING_WARN,
				"remove it there; a stack's `filter level` decides better",
				"%s: LogLevelMax=%s: journald drops what is less grave",
				path, value);
	if (in)
		(void)fclose(in); /* only read */
}

static void check_units(struct tell_check *c)
{
	static const char *const patterns[] = { "/etc/systemd/system/*.service",
		"/etc/systemd/system/*.service.d/*.conf", "/run/systemd/system/*.service",
		"/run/systemd/system/*.service.d/*.conf",
		"/usr/lib/systemd/system/*.service" };
	asking = c;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for_each(c->root, patterns[i], look_for_level_max);
}

void tell_check_journald(struct tell_check *c)
{
	tell_check_title(c, "Who takes records");
	check_journal_socket(c);
	check_syslog_socket(c);
	check_settings(c);
	check_units(c);
}
