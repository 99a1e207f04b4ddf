unit_tests += \
	tests/unit/api/check_capture \
	tests/unit/api/check_ending \
	tests/unit/api/check_err \
	tests/unit/api/check_level \
	tests/unit/api/check_line \
	tests/unit/api/check_lines \
	tests/unit/api/check_log \
	tests/unit/api/check_nested \
	tests/unit/api/check_process \
	tests/unit/api/check_program \
	tests/unit/api/check_quick_form \
	tests/unit/api/check_quick \
	tests/unit/api/check_relay \
	tests/unit/api/check_rule \
	tests/unit/api/check_service \
	tests/unit/api/check_site \
	tests/unit/api/check_site_of \
	tests/unit/api/check_stdio \
	tests/unit/api/check_syslog
thread_tests += \
	tests/unit/api/check_level \
	tests/unit/api/check_lines \
	tests/unit/api/check_log \
	tests/unit/api/check_nested \
	tests/unit/api/check_process \
	tests/unit/api/check_quick_form \
	tests/unit/api/check_quick \
	tests/unit/api/check_service \
	tests/unit/api/check_site_of
noinst_HEADERS += tests/unit/api/service_fixture.h
