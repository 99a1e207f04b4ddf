#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "stack/chain.h"

/* What holds where no file says otherwise. In set-user-ID programs stderr is the caller's:
 * only the system's own log is used. */
void tell_default_text(struct tell_buf *out, unsigned flags)
{
	bool own = !getauxval(AT_SECURE);
	bool terminal = own && !(flags & TELL_STACK_NO_TERMINAL) && isatty(STDERR_FILENO);

	tell_buf_puts(out, "filter required level min=info\n"
			   "redact requisite keys\n"
			   "redact requisite detect\n");
	if (terminal) {
		tell_buf_puts(out, "sink required stderr format=text\n");
		return;
	}
	tell_buf_puts(out, "sink sufficient journald\n"
			   "sink sufficient syslog\n");
	if (own)
		tell_buf_puts(out, "sink sufficient stderr format=json\n");
}
