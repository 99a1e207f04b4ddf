unit_tests += \
	tests/unit/api/check_capture \
	tests/unit/api/check_ending \
	tests/unit/api/check_level \
	tests/unit/api/check_log \
	tests/unit/api/check_process \
	tests/unit/api/check_program \
	tests/unit/api/check_quick \
	tests/unit/api/check_rule \
	tests/unit/api/check_service
thread_tests += \
	tests/unit/api/check_level \
	tests/unit/api/check_log \
	tests/unit/api/check_process \
	tests/unit/api/check_quick \
	tests/unit/api/check_service
noinst_HEADERS += tests/unit/api/service_fixture.h
