live_tests += tests/fault/disk_full.sh tests/fault/descriptors.sh tests/fault/rotation_disk.sh \
	tests/fault/forward_disk.sh

# The rows that have a script of their own; doc/faults.md has all.
live_tests += \
	tests/fault/row_19_clock.sh \
	tests/fault/row_20_killed.sh \
	tests/fault/row_21_directory.sh \
	tests/fault/row_23_signals.sh \
	tests/fault/row_25_hostile.sh \
	tests/fault/row_29_trust.sh \
	tests/fault/row_30_swaps.sh \
	tests/fault/row_24_forward.sh \
	tests/fault/row_34_http.sh \
	tests/fault/row_35_scrape.sh
EXTRA_DIST += tests/fault/hostile.py tests/fault/scrape.py tests/fault/swaps.py

# FAULTS row 14; the linker hands every allocation of ours to the program first.
program_tests += tests/fault/malloc
tests_fault_malloc_SOURCES = tests/fault/malloc.c
tests_fault_malloc_LDADD   = libtelltale-core.la
tests_fault_malloc_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	-Wl,--wrap=reallocarray,--wrap=aligned_alloc,--wrap=strdup,--wrap=strndup,--wrap=socket

# FAULTS row 31; linked without a shared library of ours, which its caller could not read.
live_tests    += tests/fault/setuid.sh tests/fault/preload_setuid.sh
test_programs += tests/fault/setuid_helper
tests_fault_setuid_helper_SOURCES = tests/fault/setuid_helper.c
tests_fault_setuid_helper_LDADD   = libtelltale-core.la

# What a queue costs when nothing is said: 5 s here, a minute in check-live.
if HAVE_CHECK
program_tests += tests/fault/idle
live_tests    += tests/fault/idle.sh
endif

# FAULTS row 20: several processes, one file.
test_programs += tests/fault/writers
shell_tests   += tests/fault/rotation.sh tests/fault/logrotate.sh tests/fault/forward_broken.sh
EXTRA_DIST    += tests/fault/forward_broken.c
tests_fault_writers_SOURCES = tests/fault/writers.c
tests_fault_writers_LDADD   = libtelltale.la
