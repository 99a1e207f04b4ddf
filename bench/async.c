/* What a call costs its caller when the queue takes the record: `async ours|raw PACE_NS N
 * [THREADS]`, see bench/paced.h. `raw` is the floor: a time stamp, three strlen, copies and a release
 * store into a private ring of 64 KiB that nobody reads. */
#define TELL_LOGGER "shop.checkout"
#include <string.h>
#include <telltale.h>
#include "bench/ids.h"
#include "bench/paced.h"

#define RING	 (64 << 10)
#define RING_ONE 512 /* more than one record takes */

static __thread char ring[RING] __attribute__((aligned(64)));
static __thread uint64_t head;

static inline char *put(char *p, const char *s)
{
	size_t n = strlen(s);
	memcpy(p, s, n);
	return p + n;
}

static void raw(void *arg, long i)
{
	const struct bench_ids *id = (const struct bench_ids *)arg + i % BENCH_SETS;
	uint64_t at = head & (RING - 1);
	if (at > RING - RING_ONE)
		at = 0;
	uint64_t t = __rdtsc(), n;
	int64_t status = 200 + i % 300;
	double ms = (double)(i * 7 % 90000) / 1000 + 0.125;
	char *p = ring + at + 8;
	memcpy(p, &t, 8);
	p = put(p + 8, id->request);
	p = put(p, id->trace);
	p = put(p, id->tenant);
	memcpy(p, &status, 8);
	memcpy(p + 8, &ms, 8);
	n = ((uint64_t)(p + 16 - ring) - at + 7) & ~UINT64_C(7);
	memcpy(ring + at, &n, 8);
	__atomic_store_n(&head, at + n, __ATOMIC_RELEASE);
}

static void ours(void *arg, long i)
{
	const struct bench_ids *id = (const struct bench_ids *)arg + i % BENCH_SETS;
	tell_info("request handled", tell_kv("request_id", id->request),
		tell_kv("trace_id", id->trace), tell_kv("tenant_id", id->tenant),
		tell_kv("status", 200 + i % 300),
		tell_kv("ms", (double)(i * 7 % 90000) / 1000 + 0.125));
}

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	bool is_raw = argc > 1 && strcmp(argv[1], "raw") == 0;
	long pace_ns = argc > 2 ? atol(argv[2]) : 2000,
	     n = argc > 3 ? atol(argv[3]) : 200000;
	int threads = argc > 4 ? atoi(argv[4]) : 1;
	bench_ids_make(ids);
	if (tell_init("bench") < 0)
		return 78;
	for (int i = 0; i < 3; i++)
		ours(ids,
			i); /* the site, and the service thread, not pinned as we will be */
	(void)tell_flush(1000);
	double before_ns = paced_others_ns();
	int r = paced_run(is_raw ? raw : ours, ids, pace_ns, n, threads);
	(void)tell_flush(5000);
	paced_end_of_run(before_ns, n);
	return r;
}
