/* A printf form up to the first NUL and any bytes as the arguments that were kept for it: some
 * text comes out, and no form that is refused crashes either. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "record/deferred.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
	if (!nul)
		return 0;
	const char *form = (const char *)data;
	size_t n = (size_t)(data + size - nul) - 1;
	char *kept = malloc(n + 1); /* its end is where ASan looks */
	struct tell_buf out = { 0 };
	struct tell_deferred d;
	if (!kept)
		return 0;
	memcpy(kept, nul + 1, n);
	if (tell_deferred_parse(&d, form) && d.n > TELL_DEFERRED_ARGS)
		abort();
	tell_deferred_text(&out, form, kept, n);
	tell_buf_done(&out);
	free(kept);
	return 0;
}
