#include "decode/field_arg.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/level.h"

int tell_field_args_add(struct tell_field_args *a, const char *text)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text)
		return -EINVAL;
	if (a->n == TELL_FIELDS_ARG_MAX)
		return -E2BIG;
	char *copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	char *value = copy + (equals - text) + 1;
	value[-1] = '\0';
	a->fields[a->n] = tell_field_typed(copy, value, strlen(value));
	a->copies[a->n++] = copy;
	return 0;
}

void tell_field_arg_hide(char *text)
{
	char *equals = strchr(text, '=');
	if (equals)
		tell_arg_hide(equals + 1);
}

void tell_arg_hide(char *text)
{
	memset(text, '*', strlen(text));
}

void tell_field_args_done(struct tell_field_args *a)
{
	while (a->n > 0)
		free(a->copies[--a->n]);
}

/* RFC 5424 table 1 by the names of syslog(3) and logger(1). */
static int facility_of(const char *word, size_t n)
{
	static const char *const names[] = { "kern", "user", "mail", "daemon", "auth",
		"syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
		"audit", "alert", "clock", "local0", "local1", "local2", "local3",
		"local4", "local5", "local6", "local7" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && strncasecmp(names[i], word, n) == 0)
			return (int)i;
	return n == 8 && strncasecmp(word, "security", 8) == 0 ? 4 : -EINVAL;
}

int tell_level_arg(const char *text, int *ret_facility)
{
	const char *dot = strchr(text, '.');
	int facility = -1;
	if (dot) {
		facility = facility_of(text, (size_t)(dot - text));
		if (facility < 0)
			return -EINVAL;
		text = dot + 1;
	}
	int level = tell_level_parse(text, strlen(text));
	if (level >= 0)
		*ret_facility = facility;
	return level;
}
