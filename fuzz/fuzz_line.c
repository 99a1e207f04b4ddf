/* A line for /dev/log: its parts lie in it, in their order, whatever its bytes are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "preload/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tell_line l;
	char *bytes = malloc(len ? len : 1); /* its end is the end of memory */
	if (!bytes)
		return 0;
	if (len)
		memcpy(bytes, data, len);
	tell_line_read(&l, bytes, len);
	if (l.pri < 0 || l.pri > 191 || l.text < bytes || l.text + l.len > bytes + len)
		abort();
	if (l.ident &&
		(l.ident < bytes || !l.ident_len || l.ident + l.ident_len > l.text))
		abort();
	if (l.pid && !l.ident)
		abort();
	free(bytes);
	return 0;
}
