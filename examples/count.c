/* A service that counts what it does: one line of stdin, "METHOD STATUS", is one request.
 * `telltale status -o prometheus count` shows the numbers, where its stack says
 * `service required settings control=yes`; `count FILE` writes them there at its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <telltale/snapshot.h>

TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
TELL_GAUGE(longest, "longest_line_bytes", "The longest line so far.");
TELL_HISTOGRAM(lengths, TELL_BOUNDS(8, 16, 64), "line_bytes", "How long lines are.");
TELL_GAUGE(got_share, "got_ratio", "GET 200 among all lines.");

static unsigned long n_lines;

/* Asked whenever somebody wants the metrics; 0 / 0 is NaN: not shown. */
static double share(void *arg)
{
	return (double)tell_counter_get(arg) /
		(double)__atomic_load_n(&n_lines, __ATOMIC_RELAXED);
}

static void write_metrics(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = fopen(path, "we");
	if (out && tell_metrics_text(&text, TELL_METRICS_PROMETHEUS, &len) == 0)
		fwrite(text, 1, len, out);
	free(text);
	if (!out || fclose(out) != 0)
		tell_error("cannot write the metrics", tell_kv("path", path));
}

int main(int argc, char **argv)
{
	char line[100], method[20], status[20];
	struct tell_callback *asked = NULL;

	tell_init("count");
	struct tell_counter *got = tell_counter_with(
		requests, "GET", "200"); /* kept: the fast way */
	tell_gauge_callback(&asked, got_share, share, got);
	tell_info("ready");
	while (fgets(line, sizeof(line), stdin)) {
		double length = (double)strlen(line);
		tell_histogram_observe(lengths, length);
		if (length > tell_gauge_get(longest))
			tell_gauge_set(longest, length);
		__atomic_fetch_add(&n_lines, 1, __ATOMIC_RELAXED);
		if (sscanf(line, "%19s %19s", method, status) == 2)
			tell_counter_add(tell_counter_with(requests, method, status), 1);
		else
			tell_count_with(
				"odd_lines_total", 1, "from", "stdin"); /* seldom */
	}
	if (argc > 1)
		write_metrics(argv[1]);
	tell_gauge_callback_remove(asked);
	tell_info("done", tell_kv("got", tell_counter_get(got)));
	return 0;
}
