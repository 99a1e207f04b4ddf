// prometheus-cpp with many series, as bench/series.c: rival_series FAMILIES LOOPS
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

static double resident_bytes()
{
	long pages = 0;
	std::FILE *f = std::fopen("/proc/self/statm", "re");
	if (!f || std::fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	if (f)
		std::fclose(f);
	return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

int main(int argc, char **argv)
{
	const int families = argc > 1 ? std::atoi(argv[1]) : 0;
	const int loops = argc > 2 ? std::atoi(argv[2]) : 0;
	if (families < 1 || loops < 1)
		return 64;
	prometheus::Registry registry;
	const double before = resident_bytes();
	for (int f = 0; f < families; f++) {
		auto &family = prometheus::BuildCounter()
				       .Name("requests_of_" + std::to_string(f) + "_total")
				       .Help("Requests answered.")
				       .Register(registry);
		for (int i = 0; i < 1000; i++)
			family.Add({ { "method", "GET" },
					   { "path", "/item/" + std::to_string(i) },
					   { "status", "200" } })
				.Increment(i + 1);
	}
	const double memory = resident_bytes() - before;
	const auto from = std::chrono::steady_clock::now();
	std::size_t len = 0;
	for (int i = 0; i < loops; i++)
		len = prometheus::TextSerializer().Serialize(registry.Collect()).size();
	const std::chrono::duration<double, std::milli> took =
		std::chrono::steady_clock::now() - from;
	std::printf("%.3f %zu %.1f\n", took.count() / loops, len, memory / (families * 1000));
	return 0;
}
