unit_tests += \
	tests/unit/api/check_capture \
	tests/unit/api/check_level \
	tests/unit/api/check_log \
	tests/unit/api/check_process \
	tests/unit/api/check_rule \
	tests/unit/api/check_service \
	tests/unit/api/check_service_thread
thread_tests += \
	tests/unit/api/check_level \
	tests/unit/api/check_log \
	tests/unit/api/check_process \
	tests/unit/api/check_service \
	tests/unit/api/check_service_thread
