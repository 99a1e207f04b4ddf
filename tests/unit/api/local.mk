unit_tests += \
	tests/unit/api/check_capture \
	tests/unit/api/check_control \
	tests/unit/api/check_control_clients \
	tests/unit/api/check_control_obey \
	tests/unit/api/check_control_place \
	tests/unit/api/check_control_request \
	tests/unit/api/check_drain \
	tests/unit/api/check_failover \
	tests/unit/api/check_health \
	tests/unit/api/check_helper \
	tests/unit/api/check_ledger \
	tests/unit/api/check_ledger_collect \
	tests/unit/api/check_ending \
	tests/unit/api/check_err \
	tests/unit/api/check_level \
	tests/unit/api/check_line \
	tests/unit/api/check_lines \
	tests/unit/api/check_log \
	tests/unit/api/check_gather \
	tests/unit/api/check_loss \
	tests/unit/api/check_metric \
	tests/unit/api/check_metric_named \
	tests/unit/api/check_nested \
	tests/unit/api/check_notify \
	tests/unit/api/check_process \
	tests/unit/api/check_program \
	tests/unit/api/check_quick_form \
	tests/unit/api/check_quick \
	tests/unit/api/check_relay \
	tests/unit/api/check_reload \
	tests/unit/api/check_reload_storm \
	tests/unit/api/check_retire \
	tests/unit/api/check_round \
	tests/unit/api/check_rule \
	tests/unit/api/check_service \
	tests/unit/api/check_service_thread \
	tests/unit/api/check_status \
	tests/unit/api/check_site \
	tests/unit/api/check_snapshot \
	tests/unit/api/check_site_of \
	tests/unit/api/check_stdio \
	tests/unit/api/check_syslog \
	tests/unit/api/check_thread_faults \
	tests/unit/api/check_watched
thread_tests += \
	tests/unit/api/check_watched \
	tests/unit/api/check_control \
	tests/unit/api/check_drain \
	tests/unit/api/check_health \
	tests/unit/api/check_helper \
	tests/unit/api/check_level \
	tests/unit/api/check_lines \
	tests/unit/api/check_log \
	tests/unit/api/check_nested \
	tests/unit/api/check_process \
	tests/unit/api/check_quick_form \
	tests/unit/api/check_quick \
	tests/unit/api/check_reload \
	tests/unit/api/check_reload_storm \
	tests/unit/api/check_service \
	tests/unit/api/check_service_thread \
	tests/unit/api/check_thread_faults \
	tests/unit/api/check_site_of
noinst_HEADERS += tests/unit/api/reload_fixture.h tests/unit/api/service_fixture.h \
	tests/unit/api/thread_fixture.h
# They look at the thread's work, and hold it up.
tests_unit_api_check_drain_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=tell_service_drain,--wrap=tell_service_thread_rouse,--wrap=pthread_create
tests_unit_api_check_helper_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_stack_ask_timed
tests_unit_api_check_retire_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_clock_sleep_ms
tests_unit_api_check_service_thread_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_service_drain
tests_unit_api_check_thread_faults_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_service_drain
# It reads the JSON back as the command does.
tests_unit_api_check_status_LDADD = libtelltale-tool.la $(LDADD)
