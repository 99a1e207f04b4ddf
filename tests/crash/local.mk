# The queue against kill -9. `make check` runs 100 kills, `make check-crash` 5,000.
program_tests += tests/crash/kill tests/crash/life tests/crash/storm
shell_tests   += tests/crash/points.sh

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

CRASH_KILLS = 5000
check-crash: all tests/crash/kill
	tests/crash/kill random $(CRASH_KILLS)
	tests/crash/kill points
.PHONY: check-crash
