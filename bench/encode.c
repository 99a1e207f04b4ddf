/* Encoding alone: `encode FORMAT N` encodes the bench record N times (more: ns a record;
 * under callgrind: instructions, see bench/encode_cost.sh). N 0 only prepares. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "bench/record.h"

/* The function that the instructions are counted in, callees included. */
__attribute__((noinline)) static void encode_one(tell_encoder *encode,
	struct tell_buf *out, const struct tell_record *r, const struct tell_layout *l)
{
	tell_buf_clear(out);
	encode(out, r, l);
}

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	static struct tell_record records[BENCH_SETS];
	static struct tell_site site = { .line = 142,
		.file = "src/checkout.c",
		.func = "handle_request",
		.logger = "shop.checkout" };
	tell_encoder *encode = tell_encoder_of(argc > 1 ? argv[1] : "json");
	long n = argc > 2 ? atol(argv[2]) : 1000000;
	if (!encode) {
		(void)fprintf(stderr, "encode: no such format: %s\n", argv[1]);
		return 64;
	}

	bench_ids_make(ids);
	uint32_t place = tell_place_add(&site);
	for (int i = 0; i < BENCH_SETS; i++)
		bench_record_make(&records[i], &ids[i], i, place);

	struct tell_identity who = { "checkout", "host1", 4711, 3 };
	struct tell_buf out, work;
	struct tell_stamp stamp = { 0 };
	struct tell_layout l = { .who = &who, .work = &work, .stamp = &stamp };
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	encode_one(encode, &out, &records[0], &l); /* memory and the stamp are there */
	if (n == 0)
		return 0;

	uint64_t begin = tell_clock_monotonic_ns();
	for (long i = 0; i < n; i++)
		encode_one(encode, &out, &records[i % BENCH_SETS], &l);
	uint64_t ns = tell_clock_monotonic_ns() - begin;
	(void)fprintf(stderr, "%.*s\n", (int)out.len, out.data);
	(void)printf("encode %s: %.1f ns a record\n", argv[1], (double)ns / (double)n);
	return 0;
}
