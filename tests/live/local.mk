live_tests += \
	tests/live/control.sh \
	tests/live/journald_faults.sh \
	tests/live/journald_values.sh \
	tests/live/migrating.sh \
	tests/live/receivers.sh \
	tests/live/syslog_faults.sh \
	tests/live/syslog_vanished.sh \
	tests/live/three_sinks.sh
EXTRA_DIST += tests/support/live.sh

# The service that live and fault tests drive; it reads the ledger by internal names.
test_programs += tests/live/driver
tests_live_driver_SOURCES = tests/live/driver.c
tests_live_driver_LDADD   = libtelltale-core.la

if HAVE_SYSTEMD
test_programs += tests/live/journal_values
tests_live_journal_values_SOURCES = tests/live/journal_values.c
tests_live_journal_values_CFLAGS  = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
tests_live_journal_values_LDADD   = libtelltale.la $(SYSTEMD_LIBS)
endif
