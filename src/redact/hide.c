#include "redact/hide.h"
#include "redact/mask.h"

bool tell_hide(struct tell_buf *out, const char *s, size_t n)
{
	struct tell_buf masked = { 0 }, work = { 0 };
	struct tell_mask m;
	bool whole;
	tell_mask_init(&m, &masked, &work);
	int found = tell_mask_text(&m, s, n, &whole);
	if (found < 0)
		tell_buf_puts(out, "[REDACTED:error]");
	else if (found)
		tell_buf_put(out, masked.data, masked.len);
	else
		tell_buf_put(out, s, n);
	tell_mask_done(&m);
	tell_buf_done(&masked);
	tell_buf_done(&work);
	return found != 0;
}
