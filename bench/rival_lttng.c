/* LTTng-UST 2.13, the same five values as an event: `rival_lttng PACE_NS N [THREADS]`, see
 * bench/paced.h. Without a session that has it on nothing is recorded: bench/async.sh. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "bench/rival_lttng_event.h"
#include "bench/ids.h"
#include "bench/paced.h"

static void call(void *arg, long i)
{
	const struct bench_ids *id = (const struct bench_ids *)arg + i % BENCH_SETS;
	lttng_ust_tracepoint(telltale_bench, handled, id->request, id->trace, id->tenant,
		200 + i % 300, (double)(i * 7 % 90000) / 1000 + 0.125);
}

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	if (argc < 3)
		return 64;
	bench_ids_make(ids);
	double before_ns = paced_others_ns();
	long n = atol(argv[2]);
	int r = paced_run(call, ids, atol(argv[1]), n, argc > 3 ? atoi(argv[3]) : 1);
	paced_end_of_run(before_ns, n);
	return r;
}
