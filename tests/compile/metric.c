/* Metrics that must compile, in C and C++, and with CASE=n a mistake that must not. */
#include <telltale.h>
#include <telltale/metric.h>

TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
TELL_COUNTER(starts, "starts_total", "Starts.");
TELL_GAUGE(load, "load", "Load.", "a", "b", "c", "d", "e", "f", "g", "h");
TELL_HISTOGRAM(latency, TELL_SECONDS, "latency_seconds", "How long.", "path");
TELL_HISTOGRAM(sizes, TELL_BOUNDS(1, 2.5, 1e6), "sizes_bytes", "How large.");

#if CASE == 1
TELL_COUNTER(nameless, "x_total");
#elif CASE == 2
TELL_GAUGE(many, "x", "Too many labels.", "a", "b", "c", "d", "e", "f", "g", "h", "i");
#elif CASE == 3
TELL_COUNTER(number, "x_total", "A number.", 7);
#endif

static int next(void)
{
	static int n;
	return ++n;
}

void use(const char *method);
void use(const char *method)
{
	const char *const methods[] = { method, method };
	tell_counter_add(starts, 1);
	tell_counter_add(tell_counter_with(requests, methods[next() % 2], "200"), 1);
	tell_gauge_set(
		tell_gauge_with(load, "1", "2", "3", "4", "5", "6", "7", "8"), 0.5);
	tell_histogram_observe(tell_histogram_with(latency, method), 0.25);
	tell_histogram_observe(sizes, 1024);
	tell_count("mails_total", 1);
	tell_count_with("mails_total", 1, "queue", method);
	tell_count_with("eight_total", 1, "a", "1", "b", "2", "c", "3", "d", "4", "e",
		"5", "f", "6", "g", "7", "h", "8");
#if CASE == 4
	tell_counter_add(tell_counter_with(requests, method, next()), 1);
#elif CASE == 5
	tell_count_with("mails_total", 1, "queue", next());
#endif
}
