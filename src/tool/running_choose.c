/* Which of the running services a command is about: tell_running_choose(). */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "base/nearest.h"
#include "base/number.h"
#include "tool/option.h"
#include "tool/running.h"

#define NAMES_MAX 1000 /* bytes of names that are listed */

int tell_running_pid(const char *verb, const char *text, pid_t *ret)
{
	uint64_t pid;
	if (!tell_parse_u64(text, strlen(text), &pid) || pid == 0 || pid > INT32_MAX)
		return tell_cli_error(EX_USAGE, verb, "no process number: \"%s\"", text);
	*ret = (pid_t)pid;
	return EX_OK;
}

/* "billing, shop (3)": those there are. */
static void put_names(struct tell_buf *out, const struct tell_running_list *l)
{
	tell_buf_init(out, NAMES_MAX);
	for (size_t i = 0; i < l->n;) {
		size_t same = i;
		while (same < l->n &&
			strcmp(l->list[same].service, l->list[i].service) == 0)
			same++;
		tell_buf_printf(out, "%s%s", i ? ", " : "", l->list[i].service);
		if (same - i > 1)
			tell_buf_printf(out, " (%zu)", same - i);
		i = same;
	}
}

static int say_none(const struct tell_running_list *all, const char *verb,
	const char *service, pid_t pid)
{
	struct tell_nearest best = { 0 };
	struct tell_buf names;
	for (size_t i = 0; service && i < all->n; i++)
		tell_nearest_offer(&best, service, all->list[i].service);
	if (best.word && strcmp(best.word, service) == 0)
		return tell_cli_error(EX_UNAVAILABLE, verb,
			"service %s has no process %d", service, (int)pid);
	if (!service)
		return tell_cli_error(EX_UNAVAILABLE, verb,
			"process %d is no service that can be asked. " TELL_RUNNING_HINT,
			(int)pid);
	if (best.word)
		return tell_cli_error(EX_UNAVAILABLE, verb,
			"no service %s runs here; did you mean %s?", service, best.word);
	if (all->n == 0)
		return tell_cli_error(EX_UNAVAILABLE, verb,
			"no service %s runs here, nor any other that can be asked. " TELL_RUNNING_HINT,
			service);
	put_names(&names, all);
	int code = tell_cli_error(EX_UNAVAILABLE, verb,
		"no service %s runs here; there are: %s", service, tell_buf_cstr(&names));
	tell_buf_done(&names);
	return code;
}

int tell_running_choose(
	struct tell_running_list *l, const char *verb, const char *service, pid_t pid)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct tell_running *r = &l->list[i];
		if ((service && strcmp(r->service, service) != 0) ||
			(pid && r->pid != pid))
			continue;
		tell_running_keep(l, service, pid);
		return EX_OK;
	}
	return say_none(l, verb, service, pid);
}
