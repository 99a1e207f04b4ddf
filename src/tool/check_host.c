/* telltale check without a service, the doctor: why do I see no logs on this host? */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "api/rule.h"
#include "api/service.h"
#include "sink/module.h"
#include "stack/args.h"
#include "tool/check.h"
#include "tool/journals.h"
#include "tool/option.h"

/* ---- stacks ---- */

static void check_one(struct tell_check *c, const char *dir, const char *name)
{
	char path[4096], host[256];
	struct tell_identity who;
	struct tell_report report;
	struct tell_stack *s = NULL;
	struct tell_buf text = { 0 };
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name); /* cut: not found, said */
	tell_check_identity(&who, name, host);
	tell_report_init(&report);
	int r = tell_stack_load_file(&s, &who, path, TELL_STACK_NO_SINKS, &report);
	if (r == 0)
		tell_stack_lint(s, &report);
	for (size_t i = 0; i < report.n && text.len == 0; i++) {
		const struct tell_fault *f = &report.faults[i];
		if (f->warning && report.n_errors)
			continue;
		if (strcmp(f->file, path) != 0) /* of an included one */
			tell_buf_printf(&text, "%s: ", path);
		tell_fault_line(&text, f);
	}

	if (report.n_errors || r < 0)
		tell_check_say(c, TELL_FINDING_ERROR,
			"the default is in force for it; telltale check FILE shows all",
			"%s", text.len ? tell_buf_cstr(&text) : strerror(-r));
	else if (report.n_warnings)
		tell_check_say(c, TELL_FINDING_WARN, "telltale check FILE shows all",
			"%s", tell_buf_cstr(&text));
	else
		tell_check_say(c, TELL_FINDING_OK, NULL, "%s", path);
	tell_stack_free(s);
	tell_report_done(&report);
	tell_buf_done(&text);
}

static int is_stack(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return tell_service_name_ok(d->d_name) && d->d_name[n - 1] != '~';
}

/* True when the directory is there. */
static bool check_directory(struct tell_check *c, const char *dir)
{
	struct dirent **list;
	int n = scandir(dir, &list, is_stack, alphasort);
	if (n < 0 && errno == ENOENT)
		return false;
	if (n < 0) {
		tell_check_say(c, TELL_FINDING_ERROR, "telltale cannot look there either",
			"cannot read %s: %s", dir, strerror(errno));
		return true;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct stat st;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
			check_one(c, dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	if (n == 0)
		tell_check_say(c, TELL_FINDING_NOTE, NULL, "%s is empty", dir);
	return true;
}

static void check_stacks(struct tell_check *c)
{
	const char *own = secure_getenv("TELLTALE_CONFDIR");
	char dir[4096];
	bool any = false;
	tell_check_title(c, "Stacks");
	if (own && *own && !*c->root) {
		any = check_directory(c, own);
		if (!any)
			tell_check_say(c, TELL_FINDING_ERROR,
				"make it, or unset the variable",
				"$TELLTALE_CONFDIR is %s, which is not there", own);
		return;
	}
	static const char *const dirs[] = { TELL_CONFDIR, TELL_VENDORDIR };
	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(dir, sizeof(dir), "%s%s", c->root, dirs[i]);
		any |= check_directory(c, dir);
	}
	if (!any)
		tell_check_say(c, TELL_FINDING_NOTE, NULL,
			"no stacks in " TELL_CONFDIR " or " TELL_VENDORDIR
			": every service has the built-in default (level info)");
}

/* ---- environment ---- */

/* Would a service understand it? Else what it makes of it. */
static const char *misread(const char *name, const char *value)
{
	const char *bad;
	size_t n;
	if (strcmp(name, "TELLTALE_LEVEL") == 0 && tell_rules_check(value, &bad, &n) < 0)
		return TELL_RULES_FIX;
	if (strcmp(name, "TELLTALE_SERVICE") == 0 && !tell_service_name_ok(value))
		return "write 1 to 64 letters, digits, _ . or -";
	if (strcmp(name, "TELLTALE_FORMAT") != 0)
		return NULL;
	for (const struct tell_option *o = tell_sink_stderr.options; o->name; o++) {
		struct tell_arg_value ignored;
		struct tell_option_fault fault;
		if (strcmp(o->name, "format") == 0 &&
			tell_option_read(o, value, &ignored, &fault) < 0)
			return "write one of: auto text json logfmt";
	}
	return NULL;
}

static void check_environment(struct tell_check *c)
{
	static const char *const names[] = { "TELLTALE_CONFDIR", "TELLTALE_LEVEL",
		"TELLTALE_FORMAT", "TELLTALE_SERVICE", "TELLTALE_DEBUG" };
	bool any = false;
	tell_check_title(c, "Environment of this shell (a service has its own)");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		if (!value || !*value)
			continue;
		any = true;
		const char *fix = misread(names[i], value);
		if (fix)
			tell_check_say(c, TELL_FINDING_WARN, fix,
				"%s=%s cannot be understood", names[i], value);
		else
			tell_check_say(c, TELL_FINDING_NOTE, NULL,
				"%s=%s overrides the stacks", names[i], value);
	}
	if (!any)
		tell_check_say(c, TELL_FINDING_OK, NULL, "no overrides");
}

/* ---- reading ---- */

static void check_reading(struct tell_check *c)
{
	static const char *const where[] = { "/var/log/journal", "/run/log/journal" };
	struct tell_journals all = { .any = true };
	char dir[4096];
	tell_check_title(c, "Reading the journal");
	for (int i = 0; i < 2; i++) {
		struct tell_journals j = { .any = true };
		(void)snprintf(dir, sizeof(dir), "%s%s", c->root, where[i]);
		tell_journals_look(&j, dir);
		all.there += j.there;
		all.readable += j.readable;
		if (j.there)
			tell_check_say(c, TELL_FINDING_OK, NULL, "%s holds journals%s",
				dir, i ? "; they are gone after a reboot" : "");
	}
	if (all.there == 0)
		tell_check_say(c, TELL_FINDING_WARN,
			"is systemd-journald running, and Storage= not none?",
			"there are no journals in /var/log/journal or /run/log/journal");
	else if (all.readable == all.there)
		tell_check_say(
			c, TELL_FINDING_OK, NULL, "this user may read all of them");
	else
		tell_check_say(c, TELL_FINDING_WARN,
			"usermod -aG systemd-journal USER, then log in again",
			"this user sees its own records only");
}

int tell_check_host(struct tell_check *c)
{
	tell_check_journald(c);
	check_stacks(c);
	check_environment(c);
	check_reading(c);
	if (c->n_errors || c->n_warnings)
		printf("\n%u error%s, %u warning%s.\n", c->n_errors,
			c->n_errors == 1 ? "" : "s", c->n_warnings,
			c->n_warnings == 1 ? "" : "s");
	else
		printf("\nAll is well. A stack's own doings: telltale check SERVICE --explain\n");
	return c->n_errors ? EX_CONFIG : EX_OK;
}
