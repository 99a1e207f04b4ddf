// spdlog 1.x with a JSON pattern, one thread, as its users write it: `rival_spdlog FILE N
// buffered|each [rotate]`, with rotate into four files of 10 MiB. Its pattern escapes nothing. Prints ns a record.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>
#include "bench/ids.h"

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	if (argc < 4)
		return 64;
	long n = std::atol(argv[2]);
	bench_ids_make(ids);
	spdlog::sink_ptr sink;
	if (argc > 4)
		sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(
			argv[1], 10 << 20, 3);
	else
		sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(argv[1], true);
	spdlog::logger log("shop.checkout", sink);
	log.set_pattern(
		"{\"timestamp\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\",\"service\":"
		"\"bench\",\"logger\":\"%n\",%v,\"pid\":%P,\"caller\":{\"file\":\"%s\","
		"\"line\":%#,\"function\":\"%!\"}}",
		spdlog::pattern_time_type::utc);
	if (std::strcmp(argv[3], "each") == 0)
		log.flush_on(spdlog::level::info);
	auto begin = std::chrono::steady_clock::now();
	for (long i = 0; i < n; i++) {
		const struct bench_ids &id = ids[i % BENCH_SETS];
		log.log(spdlog::source_loc{ __FILE__, __LINE__, __func__ },
			spdlog::level::info,
			"\"message\":\"request handled\",\"request_id\":\"{}\",\"trace_id\":"
			"\"{}\",\"tenant_id\":\"{}\",\"status\":{},\"ms\":{}",
			id.request, id.trace, id.tenant, 200 + i % 300,
			static_cast<double>(i * 7 % 90000) / 1000 + 0.125);
	}
	log.flush();
	auto end = std::chrono::steady_clock::now();
	std::printf("%.1f\n",
		std::chrono::duration<double, std::nano>(end - begin).count() /
			static_cast<double>(n));
	return 0;
}
