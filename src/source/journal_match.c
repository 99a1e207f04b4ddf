#include "source/journal_match.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include "base/buf.h"

int tell_journal_match(sd_journal *j, const char *name, const char *value)
{
	struct tell_buf text = { 0 };
	tell_buf_puts(&text, name);
	tell_buf_putc(&text, '=');
	tell_buf_puts(&text, value);
	int r = text.cut ? -ENOMEM : sd_journal_add_match(j, text.data, text.len);
	tell_buf_done(&text);
	return r;
}

int tell_journal_match_unit(sd_journal *j, const char *unit)
{
	char whole[256]; /* a unit's name has at most 255 */
	int n = snprintf(
		whole, sizeof(whole), "%s%s", unit, strchr(unit, '.') ? "" : ".service");
	if (n < 0 || (size_t)n >= sizeof(whole))
		return -EINVAL;
	int r = tell_journal_match(j, "_SYSTEMD_UNIT", whole);
	if (r >= 0)
		r = sd_journal_add_disjunction(j);
	if (r >= 0)
		r = tell_journal_match(j, "_PID", "1");
	if (r >= 0)
		r = tell_journal_match(j, "UNIT", whole);
	return r < 0 ? r : sd_journal_add_disjunction(j);
}
