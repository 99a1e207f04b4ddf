unit_tests += \
	tests/unit/queue/check_alive \
	tests/unit/queue/check_dict \
	tests/unit/queue/check_lane \
	tests/unit/queue/check_merge
thread_tests += tests/unit/queue/check_lane
