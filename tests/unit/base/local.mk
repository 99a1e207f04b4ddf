unit_tests += \
	tests/unit/base/check_alive \
	tests/unit/base/check_buf \
	tests/unit/base/check_bytes \
	tests/unit/base/check_cleanup \
	tests/unit/base/check_crash \
	tests/unit/base/check_crc32c \
	tests/unit/base/check_clock \
	tests/unit/base/check_clock_parse \
	tests/unit/base/check_descriptor \
	tests/unit/base/check_double_parse \
	tests/unit/base/check_double_put \
	tests/unit/base/check_extent \
	tests/unit/base/check_generation \
	tests/unit/base/check_glob \
	tests/unit/base/check_halfway \
	tests/unit/base/check_hash \
	tests/unit/base/check_held \
	tests/unit/base/check_in_root \
	tests/unit/base/check_lasting \
	tests/unit/base/check_lock \
	tests/unit/base/check_nearest \
	tests/unit/base/check_number \
	tests/unit/base/check_pool \
	tests/unit/base/check_power10 \
	tests/unit/base/check_quiet_thread \
	tests/unit/base/check_rate \
	tests/unit/base/check_runtime_dir \
	tests/unit/base/check_scan \
	tests/unit/base/check_scan_word \
	tests/unit/base/check_sha256 \
	tests/unit/base/check_simd \
	tests/unit/base/check_siphash \
	tests/unit/base/check_size \
	tests/unit/base/check_state_dir \
	tests/unit/base/check_still_format \
	tests/unit/base/check_table \
	tests/unit/base/check_ticks \
	tests/unit/base/check_traceparent \
	tests/unit/base/check_utf8 \
	tests/unit/base/check_word
tests_unit_base_check_double_put_LDADD = $(LDADD) -lm
tests_unit_base_check_halfway_LDADD = $(LDADD) -lm
tests_unit_base_check_power10_LDADD = $(LDADD) -lm
thread_tests += tests/unit/base/check_rate tests/unit/base/check_lasting tests/unit/base/check_table
EXTRA_DIST += tests/unit/base/scan_cases.h
