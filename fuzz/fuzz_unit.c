#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "tool/unit_exec.h"
#include "tool/unit_file.h"

/* Any bytes as a unit file of systemd: its command lines can be put behind another command,
 * one line each. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static int wrap(void *arg, const char *key, size_t key_len, const char *value, size_t len)
{
	static const char *const options[] = { "-t", "a \"b\" $c %d", NULL };
	static const struct tell_unit_wrap how = { "/usr/bin/telltale", options };
	struct tell_buf *out = arg;
	expect(key && key_len < 1 << 20 && !memchr(value, '\n', len));
	tell_buf_clear(out);
	int n = tell_unit_wrap(out, value, len, &how);
	const char *p = out->data, *end = n > 0 ? p + out->len : p;
	for (; n > 0 && p < end; n--) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		expect(feed && feed - p > 10 && memcmp(p, "ExecStart=", 10) == 0);
		p = feed + 1;
	}
	expect(n <= 0);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tell_buf out = { 0 };
	expect(tell_unit_walk((const char *)data, len, "Service", wrap, &out) == 0);
	tell_buf_done(&out);
	return 0;
}
