unit_tests += \
	tests/unit/sink/check_capture \
	tests/unit/sink/check_console \
	tests/unit/sink/check_file \
	tests/unit/sink/check_journald \
	tests/unit/sink/check_syslog
thread_tests += \
	tests/unit/sink/check_file
