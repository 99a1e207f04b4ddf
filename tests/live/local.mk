live_tests += \
	tests/live/cat.sh \
	tests/live/catalog.sh \
	tests/live/collectors.sh \
	tests/live/control.sh \
	tests/live/forward_follow.sh \
	tests/live/forward_loki.sh \
	tests/live/forward_soak.sh \
	tests/live/forward_syslog.sh \
	tests/live/from_journal.sh \
	tests/live/health.sh \
	tests/live/health_http.sh \
	tests/live/journald_faults.sh \
	tests/live/journald_limit.sh \
	tests/live/journald_values.sh \
	tests/live/migrating.sh \
	tests/live/preload_cron.sh \
	tests/live/preload_dnsmasq.sh \
	tests/live/preload_journal.sh \
	tests/live/preload_libc.sh \
	tests/live/preload_logger.sh \
	tests/live/preload_sshd.sh \
	tests/live/prometheus.sh \
	tests/live/published.sh \
	tests/live/receivers.sh \
	tests/live/syslog_faults.sh \
	tests/live/spool_faults.sh \
	tests/live/spool_left.sh \
	tests/live/syslog_killed.sh \
	tests/live/syslog_queued.sh \
	tests/live/syslog_slow.sh \
	tests/live/syslog_renamed.sh \
	tests/live/syslog_spool.sh \
	tests/live/syslog_vanished.sh \
	tests/live/syslog_vanished_tls.sh \
	tests/live/three_sinks.sh
EXTRA_DIST += tests/support/checks.sh tests/support/live.sh tests/support/nginx.sh tests/support/syslog.sh tests/support/taken.sh

# The service that live and fault tests drive; it reads the ledger by internal names.
test_programs += tests/live/driver
tests_live_driver_SOURCES = tests/live/driver.c
tests_live_driver_LDADD   = libtelltale-core.la

test_programs += tests/live/counts
tests_live_counts_LDADD = libtelltale.la

if HAVE_SYSTEMD
test_programs += tests/live/journal_values
tests_live_journal_values_SOURCES = tests/live/journal_values.c
tests_live_journal_values_CFLAGS  = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
tests_live_journal_values_LDADD   = libtelltale.la $(SYSTEMD_LIBS)
test_programs += tests/live/journal_client
tests_live_journal_client_SOURCES = tests/live/journal_client.c
tests_live_journal_client_CFLAGS  = $(AM_CFLAGS) -Wno-pedantic $(SYSTEMD_CFLAGS)
tests_live_journal_client_LDADD   = $(SYSTEMD_LIBS)
endif
