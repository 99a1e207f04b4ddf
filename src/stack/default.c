#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "stack/chain.h"

#define JOURNALD "/run/systemd/journal/socket"
#define SYSLOG	 "/dev/log"

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* What holds where no file says otherwise. In set-user-ID programs stderr is the caller's,
 * and in those we were put into it is theirs: only the system's own log is used. A daemon
 * that is not there when the stack is loaded is left out: in a container nobody wants to be
 * told that it has no journald. Without any other line both stay, as they may still come. */
static void put_sinks(struct tell_buf *out, unsigned flags)
{
	bool secure = getauxval(AT_SECURE);
	bool own = !secure && !(flags & (TELL_STACK_NO_STDERR | TELL_STACK_FORWARDER));
	bool terminal = own && !(flags & TELL_STACK_NO_TERMINAL) && isatty(STDERR_FILENO);

	if (terminal) {
		tell_buf_puts(out, "sink required stderr format=text\n");
		return;
	}
	bool journald = is_there(JOURNALD), syslog = is_there(SYSLOG);
	bool both = secure || (!own && !journald && !syslog);
	if (journald || both)
		tell_buf_puts(out, "sink sufficient journald\n");
	if (syslog || both)
		tell_buf_puts(out, "sink sufficient syslog\n");
	if (own)
		tell_buf_puts(out, "sink sufficient stderr format=json\n");
}

void tell_default_text(struct tell_buf *out, unsigned flags, bool sinks)
{
	tell_buf_puts(out,
		"filter required level min=info\n"
		"redact requisite keys\n"
		"redact requisite detect\n");
	if (flags & TELL_STACK_FORWARDER)
		tell_buf_puts(out, "health required forward\n");
	if (sinks)
		put_sinks(out, flags);
}
