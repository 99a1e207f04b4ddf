# The queue against kill -9. `make check` runs 100 kills, `make check-crash` 5,000.
program_tests += tests/crash/kill tests/crash/life
shell_tests   += tests/crash/points.sh

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
