unit_tests += \
	tests/unit/meter/check_callback \
	tests/unit/meter/check_cells \
	tests/unit/meter/check_collect \
	tests/unit/meter/check_counter \
	tests/unit/meter/check_expose \
	tests/unit/meter/check_few \
	tests/unit/meter/check_gauge \
	tests/unit/meter/check_grid \
	tests/unit/meter/check_histogram \
	tests/unit/meter/check_host \
	tests/unit/meter/check_limit \
	tests/unit/meter/check_memo \
	tests/unit/meter/check_process \
	tests/unit/meter/check_recent \
	tests/unit/meter/check_registry \
	tests/unit/meter/check_series \
	tests/unit/meter/check_stats \
	tests/unit/meter/check_window
thread_tests += \
	tests/unit/meter/check_callback \
	tests/unit/meter/check_cells \
	tests/unit/meter/check_collect \
	tests/unit/meter/check_counter \
	tests/unit/meter/check_few \
	tests/unit/meter/check_gauge \
	tests/unit/meter/check_grid \
	tests/unit/meter/check_histogram \
	tests/unit/meter/check_limit \
	tests/unit/meter/check_memo \
	tests/unit/meter/check_process \
	tests/unit/meter/check_series \
	tests/unit/meter/check_stats
# Its clock is the test's.
tests_unit_meter_check_callback_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_clock_monotonic_ns
