unit_tests += \
	tests/unit/api/check_capture \
	tests/unit/api/check_level \
	tests/unit/api/check_log \
	tests/unit/api/check_rule
thread_tests += \
	tests/unit/api/check_level \
	tests/unit/api/check_log
