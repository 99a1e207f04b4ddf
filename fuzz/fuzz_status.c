#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tool/status.h"

/* Any bytes as what a process says of itself: root's `telltale status` reads those of every
 * user. Shown as text there is no control byte; as metrics each line is a comment or a sample
 * that begins with a name. */
static void expect(bool yes)
{
	if (!yes)
		abort();
}

static void check_text(const struct tell_status *s)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	expect(out != NULL);
	tell_status_text(out, s, false);
	(void)fclose(out);
	for (size_t i = 0; i < len; i++)
		expect(text[i] == '\n' ||
			((unsigned char)text[i] >= 0x20 && text[i] != 0x7f));
	free(text);
}

static void check_metrics(const struct tell_status *s, enum tell_expose_format format)
{
	struct tell_status twice[] = { *s, *s };
	struct tell_buf out = { 0 };
	(void)tell_status_metrics(&out, twice, 2, format);
	const char *line = tell_buf_cstr(&out);
	expect(out.cut || strlen(line) == out.len);
	for (const char *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		expect(end != NULL);
		bool comment = strncmp(line, "# HELP ", 7) == 0 ||
			strncmp(line, "# TYPE ", 7) == 0 ||
			strncmp(line, "# UNIT ", 7) == 0 ||
			strncmp(line, "# EOF\n", 6) == 0;
		size_t name = strspn(line,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789");
		expect(comment ||
			(name > 0 &&
				strncmp(line + name, "{service=\"s\",pid=\"7\"", 20) ==
					0));
	}
	tell_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char service[] = "s";
	static const struct tell_running of = { .service = service, .pid = 7 };
	struct tell_status s = { .of = &of };
	if (len == 0 || !tell_json_check((const char *)data, len, &s.all) ||
		s.all.kind != TELL_JSON_OBJECT)
		return 0;
	check_text(&s);
	check_metrics(&s, TELL_EXPOSE_PROMETHEUS);
	check_metrics(&s, TELL_EXPOSE_OPENMETRICS);
	return 0;
}
