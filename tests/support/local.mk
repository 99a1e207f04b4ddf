# Helpers of the tests; every test program is linked with libsupport.la.
EXTRA_DIST += tests/support/tap.sh tests/support/tally.sh
if HAVE_CHECK
libsupport_la_SOURCES += tests/support/check_main.c tests/support/check_main.h tests/support/unit.h
endif
if !FUZZ
libsupport_la_SOURCES += tests/support/fuzz_main.c
endif
