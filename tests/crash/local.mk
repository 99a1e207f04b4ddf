# The queue against kill -9. `make check` runs 100 kills, ./quickstart check 500, `make check-crash`
# 5,000.
program_tests += tests/crash/kill tests/crash/drained tests/crash/life \
	tests/crash/places tests/crash/spooled tests/crash/storm
shell_tests   += tests/crash/points.sh
tests_crash_kill_SOURCES    = tests/crash/kill.c tests/crash/numbered.c tests/crash/numbered.h
tests_crash_life_SOURCES    = tests/crash/life.c tests/crash/lives.c tests/crash/lives.h
tests_crash_places_SOURCES  = tests/crash/places.c tests/crash/lives.c
tests_crash_drained_SOURCES = tests/crash/drained.c tests/crash/numbered.c

# 10,000 damaged rings, for who starts and for the command.
if HAVE_CHECK
program_tests += tests/crash/flips
endif

# With the shared library, as plugins have it.
if HAVE_CHECK
program_tests += tests/crash/unload
tests_crash_unload_LDADD    = libtelltale.la -ldl
tests_crash_unload_CPPFLAGS = $(AM_CPPFLAGS) \
	-DTELL_TEST_PLUGIN_PATH='"$(abs_builddir)/tests/flow/.libs/plugin.so"'
endif

# Rings that somebody left, for the command.
if HAVE_CHECK
test_programs += tests/crash/left
shell_tests   += tests/tool/recover.sh
endif

# The named points are in a build of its own, with assertions.
CRASH_KILLS = 5000
check-crash: all
	TEST_LIMIT=3600 TELL_KILLS=$(CRASH_KILLS) $(MAKE) $(AM_MAKEFLAGS) check \
		TESTS="tests/crash/kill tests/crash/drained"
	$(call in_build,crash,) && $(MAKE) tests/crash/kill tests/crash/spooled && \
		$(MAKE) check-TESTS TESTS="tests/crash/points.sh tests/crash/spooled"
.PHONY: check-crash
