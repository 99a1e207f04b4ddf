unit_tests += \
	tests/unit/health/check_callback \
	tests/unit/health/check_disk \
	tests/unit/health/check_http \
	tests/unit/health/check_memory \
	tests/unit/health/check_metric \
	tests/unit/health/check_peers
thread_tests += tests/unit/health/check_callback tests/unit/health/check_http \
	tests/unit/health/check_peers
noinst_HEADERS += tests/unit/health/asked.h tests/unit/health/page.h
