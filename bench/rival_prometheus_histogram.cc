// prometheus-cpp's histograms, as bench/histogram.c: rival_prometheus_histogram N THREADS
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	const unsigned long n = std::strtoul(argv[1], nullptr, 10);
	const int threads = std::atoi(argv[2]);
	prometheus::Registry registry;
	auto &took =
		prometheus::BuildHistogram().Name("took_seconds").Help("T.").Register(registry).Add(
			{}, prometheus::Histogram::BucketBoundaries{ 0.005, 0.01, 0.025, 0.05,
				    0.1, 0.25, 0.5, 1, 2.5, 5, 10 });
	std::vector<double> values(1024);
	for (int i = 0; i < 1024; i++)
		values[i] = 0.001 * (1 + i * 7919 % 1000);
	const auto from = std::chrono::steady_clock::now();
	std::vector<std::thread> all;
	for (int i = 0; i < threads; i++)
		all.emplace_back([&] {
			for (unsigned long k = 0; k < n; k++)
				took.Observe(values[k % 1024]);
		});
	for (auto &t : all)
		t.join();
	const std::chrono::duration<double, std::nano> spent =
		std::chrono::steady_clock::now() - from;
	std::printf("%.3f\n", spent.count() / static_cast<double>(n));
	return 0;
}
