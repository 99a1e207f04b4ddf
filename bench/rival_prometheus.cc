// prometheus-cpp's counters, as bench/counter.c: rival_prometheus N THREADS add|with
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

int main(int argc, char **argv)
{
	if (argc < 4)
		return 64;
	const unsigned long n = std::strtoul(argv[1], nullptr, 10);
	const int threads = std::atoi(argv[2]);
	const bool with = std::strcmp(argv[3], "with") == 0;
	prometheus::Registry registry;
	auto &family = prometheus::BuildCounter().Name("requests_total").Help("R.").Register(
		registry);
	auto &series = family.Add({ { "method", "GET" }, { "path", "/cart" }, { "status", "200" } });
	const auto from = std::chrono::steady_clock::now();
	std::vector<std::thread> all;
	for (int i = 0; i < threads; i++)
		all.emplace_back([&] {
			for (unsigned long k = 0; k < n; k++) {
				if (with)
					family.Add({ { "method", "GET" }, { "path", "/cart" },
						     { "status", "200" } })
						.Increment();
				else
					series.Increment();
			}
		});
	for (auto &t : all)
		t.join();
	const std::chrono::duration<double, std::nano> took =
		std::chrono::steady_clock::now() - from;
	std::printf("%.3f\n", took.count() / static_cast<double>(n));
	return 0;
}
