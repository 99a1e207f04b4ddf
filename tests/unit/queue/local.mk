unit_tests += \
	tests/unit/queue/check_adopt \
	tests/unit/queue/check_dict \
	tests/unit/queue/check_file \
	tests/unit/queue/check_lane \
	tests/unit/queue/check_merge \
	tests/unit/queue/check_orphan \
	tests/unit/queue/check_quick \
	tests/unit/queue/check_ring \
	tests/unit/queue/check_rings \
	tests/unit/queue/check_seat
thread_tests += tests/unit/queue/check_lane tests/unit/queue/check_seat
