unit_tests += \
	tests/unit/filter/check_level \
	tests/unit/filter/check_bucket \
	tests/unit/filter/check_dedup \
	tests/unit/filter/check_match \
	tests/unit/filter/check_quota \
	tests/unit/filter/check_repeats \
	tests/unit/filter/check_sample
thread_tests += tests/unit/filter/check_bucket tests/unit/filter/check_repeats tests/unit/filter/check_sample
