# What a test is linked with, where its environment comes from, and the suites' targets.

noinst_LTLIBRARIES    += libsupport.la
libsupport_la_SOURCES  =

include tests/support/local.mk
if HAVE_CHECK
include tests/unit/base/local.mk
include tests/unit/meter/local.mk
include tests/unit/record/local.mk
include tests/unit/encode/local.mk
include tests/unit/service/local.mk
include tests/unit/enrich/local.mk
include tests/unit/filter/local.mk
include tests/unit/health/local.mk
include tests/unit/metric/local.mk
include tests/unit/queue/local.mk
include tests/unit/spool/local.mk
include tests/unit/redact/local.mk
include tests/unit/sink/local.mk
include tests/unit/stack/local.mk
include tests/unit/api/local.mk
include tests/unit/preload/local.mk
include tests/unit/tool/local.mk
include tests/unit/decode/local.mk
include tests/unit/source/local.mk
include tests/unit/forward/local.mk
include tests/golden/local.mk
include tests/stack/local.mk
include tests/flow/local.mk
include tests/preload/local.mk
endif
include tests/bridges/local.mk
include tests/compat/local.mk
include tests/compile/local.mk
include tests/cxx/local.mk
include tests/weak/local.mk
include tests/tool/local.mk
include tests/corpora/local.mk
include tests/lint/local.mk
include tests/dist/local.mk
include tests/live/local.mk
include tests/fault/local.mk
include tests/crash/local.mk
include tests/release/local.mk

# With --enable-fuzz nothing but the fuzz targets is for running.
if FUZZ
check_PROGRAMS += $(fuzz_programs)
else
check_PROGRAMS += $(unit_tests) $(program_tests) $(test_programs) $(fuzz_programs)
endif
TESTS           = $(unit_tests) $(program_tests) $(shell_tests)
EXTRA_DIST     += $(shell_tests) $(live_tests) $(release_tests)

# ---- TAP -------------------------------------------------------------------------------
TEST_EXTENSIONS = .sh
LOG_DRIVER      = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER   = $(LOG_DRIVER)
LIMIT           = bash $(top_srcdir)/tests/support/limit.sh
LOG_COMPILER    = $(LIMIT)
SH_LOG_COMPILER = $(LIMIT) bash

# A test sees the trees, the compiler and the command; never the host's stacks or settings.
AM_TESTS_ENVIRONMENT = \
	unset TELLTALE_CONFDIR TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_DEBUG \
		LOG_LEVEL DEBUG JOURNAL_STREAM NOTIFY_SOCKET; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	TELLTALE='$(abs_top_builddir)/telltale'; export TELLTALE; \
	PROMTOOL='$(PROMTOOL)'; export PROMTOOL; \
	CC='$(CC)'; export CC; CXX='$(CXX)'; export CXX; \
	fuzz_programs='$(fuzz_programs)'; export fuzz_programs; \
	FUZZ_SECONDS='$(FUZZ_SECONDS)'; export FUZZ_SECONDS; \
	TELL_SANITIZE='$(MODE_CFLAGS)'; export TELL_SANITIZE; \
	: "$${CK_DEFAULT_TIMEOUT:=120}"; export CK_DEFAULT_TIMEOUT; \
	LC_ALL=C; export LC_ALL; TZ=UTC; export TZ; \
	MALLOC_PERTURB_=165; export MALLOC_PERTURB_;

# ---- suites beside `make check` ----------------------------------------------------------
# A configured build of its own below this one: $(call in_build,DIR,configure arguments)
in_build = $(MKDIR_P) $(1) && cd $(1) && \
	{ test -f Makefile || $(abs_top_srcdir)/configure -q --disable-static --enable-assert $(2); }

# Real daemons, full disks, dead peers: as root; without, each test skips itself.
check-live: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS="$(live_tests)"

# Receivers that Debian has not: LOKI=PROGRAM, LUMBER=PROGRAM; without, a test skips itself.
check-release: all
	TEST_LIMIT=3600 $(MAKE) $(AM_MAKEFLAGS) check TESTS="$(release_tests)"

check-layers:
	top_srcdir='$(abs_top_srcdir)' bash $(srcdir)/tests/lint/layers.sh

check-asan:
	$(call in_build,asan,--enable-sanitize=address$(comma)undefined CFLAGS='-g -O1') && \
	UBSAN_OPTIONS=print_stacktrace=1 \
	LSAN_OPTIONS=suppressions=$(abs_top_srcdir)/tests/support/lsan.supp:print_suppressions=0 \
		$(MAKE) check

# A log call in a signal handler may allocate (telltale/log.h says when it is dropped): no
# report of that. Randomised addresses beyond 28 bits are more than gcc 12's TSan can map: setarch -R.
check-tsan:
	$(call in_build,tsan,--enable-sanitize=thread CFLAGS='-g -O1') && \
	$(MAKE) $(thread_tests) && \
	TSAN_OPTIONS='halt_on_error=1 report_signal_unsafe=0' $$(setarch -R true 2>/dev/null && echo setarch -R) \
		$(MAKE) check-TESTS TESTS="$(thread_tests)"

# Threads take turns in valgrind, and deadlines pass while one waits: TSan and ASan have those.
check-valgrind:
if HAVE_VALGRIND
	CK_DEFAULT_TIMEOUT=600 $(MAKE) $(AM_MAKEFLAGS) check LOG_COMPILER="$(LIMIT) $(VALGRIND) -q \
		--error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite" \
		TESTS="$(filter-out $(thread_tests),$(unit_tests))"
else
	@echo "check-valgrind: valgrind is missing"
endif

# Every libFuzzer target for FUZZ_SECONDS each, two at a time, from its committed corpus.
FUZZ_SECONDS = 60
in_fuzz_build = $(call in_build,fuzzing,--enable-fuzz --disable-shared --enable-static CC=clang \
	CXX=clang++ CFLAGS='-g -O1') && $(MAKE) $(fuzz_programs)
fuzz-smoke:
	$(in_fuzz_build) && $(MAKE) fuzz-run FUZZ_SECONDS=$(FUZZ_SECONDS)

# The same for long: 10 minutes each unless said, with a corpus that is kept, also over a clean.
FUZZ_CORPUS = $(abs_top_builddir)/fuzz-kept
fuzz-long: FUZZ_SECONDS = 600
fuzz-long:
	$(in_fuzz_build) && top_srcdir='$(abs_top_srcdir)' top_builddir=. \
		fuzz_programs='$(fuzz_programs)' FUZZ_SECONDS='$(FUZZ_SECONDS)' \
		FUZZ_CORPUS='$(FUZZ_CORPUS)' bash $(abs_top_srcdir)/fuzz/long.sh

# Not by check-TESTS, which would build every test with the fuzzer's compiler.
fuzz-run: $(fuzz_programs)
	$(MKDIR_P) fuzz; $(AM_TESTS_ENVIRONMENT) fuzz_programs='$(fuzz_programs)' \
	TEST_LIMIT=3600 FUZZ_SECONDS='$(FUZZ_SECONDS)' $(LOG_DRIVER) --test-name fuzz/smoke.sh \
		--log-file fuzz/smoke.log --trs-file fuzz/smoke.trs -- $(LIMIT) bash $(srcdir)/fuzz/smoke.sh
	! grep -E '^:test-result: (FAIL|ERROR)' fuzz/smoke.trs

check-format:
if HAVE_CLANG_FORMAT
	cd $(srcdir) && find src include tests examples bench fuzz -name '*.[ch]' -print0 | \
		xargs -0 $(CLANG_FORMAT) --style=file -n -Werror
else
	@echo "check-format: clang-format is missing"
endif

comma = ,
.PHONY: check-live check-release check-layers check-asan check-tsan check-valgrind fuzz-smoke fuzz-long fuzz-run check-format

clean-local:
	rm -rf asan tsan fuzzing crash
