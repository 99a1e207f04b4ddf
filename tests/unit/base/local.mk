unit_tests += tests/unit/base/check_buf
