/* A service that counts what it does: one line of stdin, "METHOD STATUS", is one request.
 * `telltale status -o prometheus count` shows the numbers, where its stack says
 * `service required settings control=yes`. */
#include <stdio.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>

int main(void)
{
	struct tell_counter *requests = NULL, *got = NULL;
	struct tell_gauge *longest = NULL;
	struct tell_histogram *lengths = NULL;
	char line[100], method[20], status[20];

	tell_init("count");
	tell_counter_new(
		&requests, "requests_total", "Requests answered.", "method status");
	tell_gauge_new(&longest, "longest_line_bytes", "The longest line so far.", NULL);
	tell_histogram_new(&lengths, "line_bytes", "How long lines are.", NULL,
		TELL_BOUNDS(8, 16, 64));
	got = tell_counter_with(requests, "GET", "200"); /* kept: the fast way */
	tell_info("ready");
	while (fgets(line, sizeof(line), stdin)) {
		double length = (double)strlen(line);
		tell_histogram_observe(lengths, length);
		if (length > tell_gauge_get(longest))
			tell_gauge_set(longest, length);
		if (sscanf(line, "%19s %19s", method, status) == 2)
			tell_counter_add(tell_counter_with(requests, method, status), 1);
	}
	tell_info("done", tell_kv("got", tell_counter_get(got)));
	return 0;
}
