unit_tests += \
	tests/unit/metric/check_publish \
	tests/unit/metric/check_statsd \
	tests/unit/metric/check_told
