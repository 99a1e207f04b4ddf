// spdlog 1.x asynchronous, its queue of 8,192 and one thread, as its users set it up:
// `rival_spdlog_async FILE PACE_NS N [THREADS]`, see bench/paced.h.
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include "bench/ids.h"
#include "bench/paced.h"

static std::shared_ptr<spdlog::logger> logger;

static void call(void *arg, long i)
{
	const struct bench_ids &id = static_cast<const struct bench_ids *>(arg)[i % BENCH_SETS];
	logger->log(spdlog::source_loc{ __FILE__, __LINE__, __func__ }, spdlog::level::info,
		"\"message\":\"request handled\",\"request_id\":\"{}\",\"trace_id\":"
		"\"{}\",\"tenant_id\":\"{}\",\"status\":{},\"ms\":{}",
		id.request, id.trace, id.tenant, 200 + i % 300,
		static_cast<double>(i * 7 % 90000) / 1000 + 0.125);
}

int main(int argc, char **argv)
{
	static struct bench_ids ids[BENCH_SETS];
	if (argc < 4)
		return 64;
	bench_ids_make(ids);
	spdlog::init_thread_pool(8192, 1);
	logger = spdlog::basic_logger_mt<spdlog::async_factory>("shop.checkout", argv[1], true);
	logger->set_pattern("{\"timestamp\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\","
			    "\"service\":\"bench\",\"logger\":\"%n\",%v,\"pid\":%P}",
		spdlog::pattern_time_type::utc);
	double before_ns = paced_others_ns();
	long n = std::atol(argv[3]);
	int r = paced_run(
		call, ids, std::atol(argv[2]), n, argc > 4 ? std::atoi(argv[4]) : 1);
	logger.reset();
	spdlog::shutdown(); // its queue is empty then
	paced_end_of_run(before_ns, n);
	return r;
}
