unit_tests += \
	tests/unit/sink/check_file
thread_tests += \
	tests/unit/sink/check_file
