/* The whole call as a service makes it, in a loop: `call N [WHAT]` sends N records of the
 * bench's form through the stack `bench` of $TELLTALE_CONFDIR; `bound` those whose three ids
 * a scope around all of them has; `off` makes N calls that are switched off; `RssAnon` or `RssShmem` (proc(5)) prints these
 * KiB then. Prints ns a call. Linked with the shared library, as a service is. */
#define TELL_LOGGER "shop.checkout"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include "bench/ids.h"

static uint64_t now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

__attribute__((noinline)) static void call_off(long n)
{
	for (long i = 0; i < n; i++)
		tell_debug("never", tell_kv("i", i));
}

/* The same loop without the call: what is subtracted. */
__attribute__((noinline)) static void call_none(long n)
{
	for (long i = 0; i < n; i++)
		__asm__ volatile("" ::"r"(i) : "memory");
}

__attribute__((noinline, noclone)) static void call_on(
	const struct bench_ids *ids, long n)
{
	for (long i = 0; i < n; i++) {
		const struct bench_ids *id = &ids[i % BENCH_SETS];
		tell_info("request handled", tell_kv("request_id", id->request),
			tell_kv("trace_id", id->trace), tell_kv("tenant_id", id->tenant),
			tell_kv("status", 200 + i % 300),
			tell_kv("ms", (double)(i * 7 % 90000) / 1000 + 0.125));
	}
}

__attribute__((noinline, noclone)) static void call_bound(
	const struct bench_ids *id, long n)
{
	TELL_SCOPE(tell_kv("request_id", id->request), tell_kv("trace_id", id->trace),
		tell_kv("tenant_id", id->tenant));
	for (long i = 0; i < n; i++)
		tell_info("request handled", tell_kv("status", 200 + i % 300),
			tell_kv("ms", (double)(i * 7 % 90000) / 1000 + 0.125));
}

/* KiB of this kind in memory. */
static long resident(const char *kind)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, kind, strlen(kind)) == 0)
			kib = atol(line + strlen(kind) + 1);
	if (f)
		(void)fclose(f);
	return kib;
}

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	long n = argc > 1 ? atol(argv[1]) : 1000000;
	const char *what = argc > 2 ? argv[2] : "on";
	bench_ids_make(ids);
	if (tell_init("bench") < 0)
		return 78;
	call_on(ids, 1); /* sites, keys, memory */
	call_bound(ids, 1);
	call_off(1);

	uint64_t begin = now_ns();
	if (strcmp(what, "off") == 0)
		call_off(n);
	else if (strcmp(what, "none") == 0)
		call_none(n);
	else if (strcmp(what, "bound") == 0)
		call_bound(ids, n);
	else
		call_on(ids, n);
	(void)tell_flush(1000);
	if (strncmp(what, "Rss", 3) == 0)
		return printf("%ld\n", resident(what)) < 0;
	(void)printf("%.1f\n", n ? (double)(now_ns() - begin) / (double)n : 0);
	return 0;
}
