unit_tests += \
	tests/unit/spool/check_position \
	tests/unit/spool/check_scan \
	tests/unit/spool/check_spool
