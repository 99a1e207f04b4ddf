# Benchmarks: `make bench`. Ratios in one run on one machine, and instruction counts.
bench_programs += bench/async bench/commit bench/discard bench/spawn bench/start bench/start_plain \
	bench/tcp
bench_async_LDADD       = libtelltale.la
bench_tcp_LDADD         = libtelltale.la
bench_call_LDADD        = libtelltale.la
bench_commit_LDADD      = libtelltale.la -lpthread
bench_start_LDADD       = libtelltale.la
bench_discard_LDADD     =
bench_spawn_LDADD       =
bench_start_plain_LDADD =
if HAVE_SYSTEMD
bench_programs += bench/raw
bench_raw_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
bench_raw_LDADD  = $(SYSTEMD_LIBS)
endif
if HAVE_LTTNG
bench_programs += bench/rival_lttng
bench_rival_lttng_SOURCES = bench/rival_lttng.c bench/rival_lttng_event.h
bench_rival_lttng_CFLAGS  = -O2 -Wall -Wextra $(LTTNG_CFLAGS)
bench_rival_lttng_LDADD   = $(LTTNG_LIBS) -ldl
endif
if HAVE_SPDLOG
bench_programs += bench/rival_spdlog bench/rival_spdlog_async
bench_rival_spdlog_async_SOURCES  = bench/rival_spdlog_async.cc
bench_rival_spdlog_async_CXXFLAGS = -std=c++17 -O2 $(SPDLOG_CFLAGS)
bench_rival_spdlog_async_LDADD    = $(SPDLOG_LIBS) -lpthread
bench_rival_spdlog_SOURCES  = bench/rival_spdlog.cc
bench_rival_spdlog_CXXFLAGS = -std=c++17 -O2 $(SPDLOG_CFLAGS)
bench_rival_spdlog_LDADD    = $(SPDLOG_LIBS) -lpthread
endif
bench_programs += bench/counter bench/series
bench_counter_LDADD = libtelltale.la
bench_series_LDADD  = libtelltale.la
if HAVE_PROMETHEUS
bench_programs += bench/rival_prometheus bench/rival_series
bench_rival_series_SOURCES  = bench/rival_series.cc
bench_rival_series_CXXFLAGS = -std=c++17 -O2 $(PROMETHEUS_CFLAGS)
bench_rival_series_LDADD    = $(PROMETHEUS_LIBS) -lpthread
bench_rival_prometheus_SOURCES  = bench/rival_prometheus.cc
bench_rival_prometheus_CXXFLAGS = -std=c++17 -O2 $(PROMETHEUS_CFLAGS)
bench_rival_prometheus_LDADD    = $(PROMETHEUS_LIBS) -lpthread
endif
bench_histogram_LDADD = libtelltale.la
if HAVE_PROMETHEUS
bench_programs += bench/rival_prometheus_histogram
bench_rival_prometheus_histogram_SOURCES  = bench/rival_prometheus_histogram.cc
bench_rival_prometheus_histogram_CXXFLAGS = -std=c++17 -O2 $(PROMETHEUS_CFLAGS)
bench_rival_prometheus_histogram_LDADD    = $(PROMETHEUS_LIBS) -lpthread
endif
bench_programs += bench/spool
bench_programs += bench/redact
bench_redact_SOURCES = bench/redact.c bench/scan.h
bench_redact_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_simd
if HAVE_PCRE2
bench_programs += bench/rival_pcre2
bench_rival_pcre2_SOURCES = bench/rival_pcre2.c bench/scan.h
bench_rival_pcre2_CFLAGS  = $(AM_CFLAGS) $(PCRE2_CFLAGS)
bench_rival_pcre2_LDADD   = $(PCRE2_LIBS)
endif
if HAVE_HYPERSCAN
bench_programs += bench/rival_hyperscan
bench_rival_hyperscan_SOURCES = bench/rival_hyperscan.c bench/scan.h
bench_rival_hyperscan_CFLAGS  = $(AM_CFLAGS) $(HYPERSCAN_CFLAGS)
bench_rival_hyperscan_LDADD   = $(HYPERSCAN_LIBS)
endif
EXTRA_DIST += bench/forward.sh bench/imjournal.sh bench/measured.py bench/sink.py
EXTRA_DIST += bench/async.sh bench/frozen.sh bench/cat.sh bench/cat_journald.sh bench/cost.sh bench/ids.h bench/paced.h bench/record.h \
	bench/redact.sh bench/run.sh

# `make check` counts their instructions.
test_programs += bench/call bench/encode bench/histogram
shell_tests += bench/call_cost.sh bench/encode_cost.sh bench/histogram_cost.sh
