unit_tests += tests/unit/health/check_callback
thread_tests += tests/unit/health/check_callback
